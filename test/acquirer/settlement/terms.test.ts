import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { decidePayout, inParts, type Payment, type UnpaidLine } from '../../../src/acquirer/settlement/decide-payout.js'
import { feeParts, feeUnits } from '../../../src/acquirer/settlement/fee.js'
import { settlementSchema, termsOf } from '../../../src/acquirer/settlement/options.js'
import { createTermsBook, termsDifferences } from '../../../src/acquirer/settlement/terms-book.js'

const termsFrom = (options: unknown) => termsOf(settlementSchema.parse(options))

describe('a fee', () => {
  const byKind = {
    feeRate: '0.6%',
    feeCap: '50.00 CNY',
    fees: { debit: { feeRate: '0.5%', feeCap: '20.00 CNY' }, credit: { feeCap: 'none' } },
  }
  test.each([
    ['debit', 1_000_000, 2000],
    ['debit', 10_000, 50],
    ['credit', 1_000_000, 6000],
    ['qr', 1_000_000, 5000],
    [null, 1_000_000, 5000],
  ] as const)('of a card of kind %s and an amount of %i is %i', (kind, amount, fee) => {
    expect(feeUnits(feeParts(amount, termsFrom(byKind), kind))).toBe(fee)
  })

  const cases = [
    { name: '0.6 % of 10.00', terms: { feeRate: '0.6%' }, amount: 1000, fee: 6 },
    { name: '0.6 % of 0.75 is 0.45 of a fen, which is none', terms: { feeRate: '0.6%' }, amount: 75, fee: 0 },
    { name: '0.6 % of 0.83 is 0.498 of a fen', terms: { feeRate: '0.6%' }, amount: 83, fee: 0 },
    { name: '0.5 % of 1.00 is half a fen, rounded up', terms: { feeRate: '0.5%' }, amount: 100, fee: 1 },
    { name: 'capped', terms: { feeRate: '0.6%', feeCap: '13.00 CNY' }, amount: 1_000_000, fee: 1300 },
    {
      name: 'with a surcharge beyond the cap',
      terms: { feeRate: '1%', feeCap: '1.00 CNY', surcharge: '0.03 CNY' },
      amount: 100_000,
      fee: 103,
    },
    { name: 'at least', terms: { feeRate: '0.6%', feeMinimum: '0.10 CNY' }, amount: 1000, fee: 10 },
    { name: 'above the least', terms: { feeRate: '0.6%', feeMinimum: '0.10 CNY' }, amount: 10_000, fee: 60 },
    {
      name: 'a least fee above the cap is the cap',
      terms: { feeRate: '0.6%', feeMinimum: '9.00 CNY', feeCap: '2.00 CNY' },
      amount: 100,
      fee: 200,
    },
    { name: 'of 0.0325 %', terms: { feeRate: '0.0325%' }, amount: 1_000_000, fee: 325 },
    { name: 'of the largest amount', terms: { feeRate: '0.6%' }, amount: 999_999_999_999, fee: 6_000_000_000 },
  ]
  for (const { name, terms, amount, fee } of cases) {
    test(`${name} is ${fee}`, () => {
      expect(feeUnits(feeParts(amount, termsFrom(terms)))).toBe(fee)
    })
  }

  test('rounded per payout is that of the sum, within half a unit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { maxLength: 50 }), (amounts) => {
        const terms = termsFrom({ feeRate: '0.6%', rounding: 'perPayout' })
        const lines = amounts.map((amount): UnpaidLine => ({ effect: 'charge', amount }))
        const decision = decidePayout({ lines, corrections: [], account: 0, paidToday: 0 }, terms, terms)
        const exact = amounts.reduce((sum, amount) => sum + amount * 6, 0)
        const fee = decision.kind === 'pay' ? decision.fee : 0
        expect(Math.abs(fee * 1000 - exact)).toBeLessThanOrEqual(500)
      }),
    )
  })
})

describe('a payout', () => {
  const charge = (amount: number): UnpaidLine => ({ effect: 'charge', amount })
  const refund = (amount: number): UnpaidLine => ({ effect: 'refund', amount })
  const voided = (amount: number): UnpaidLine => ({ effect: 'void', amount })
  const cases: {
    name: string
    terms?: object
    lines?: UnpaidLine[]
    corrections?: UnpaidLine[]
    chargebacks?: number
    account?: number
    paidToday?: number
    expected: object
  }[] = [
    { name: 'of nothing', expected: { kind: 'nothing' } },
    {
      name: 'of two sales',
      lines: [charge(1000), charge(2000)],
      expected: { kind: 'pay', lines: 2, gross: 3000, fee: 0, amount: 3000 },
    },
    {
      name: 'less fees and refunds',
      terms: { feeRate: '1%' },
      lines: [charge(1000), refund(300)],
      expected: { kind: 'pay', gross: 1000, refunds: 300, fee: 10, amount: 690 },
    },
    {
      name: 'of a sale that was voided gives the fee back',
      terms: { feeRate: '1%' },
      lines: [charge(1000), voided(1000)],
      expected: { kind: 'pay', gross: 0, fee: 0, amount: 0 },
    },
    {
      name: 'less what was reversed after it was paid',
      lines: [charge(1000)],
      corrections: [charge(400)],
      expected: { kind: 'pay', amount: 600 },
    },
    {
      name: 'below the minimum',
      terms: { minimum: '10.00 CNY' },
      lines: [charge(999)],
      expected: { kind: 'hold', reason: 'below minimum' },
    },
    {
      name: 'of the minimum',
      terms: { minimum: '10.00 CNY' },
      lines: [charge(1000)],
      expected: { kind: 'pay', amount: 1000 },
    },
    {
      name: 'less the fee of the payout, once',
      terms: { feeRate: '1%', payoutFee: '1.00 CNY' },
      lines: [charge(1000), charge(2000)],
      expected: { kind: 'pay', lines: 2, gross: 3000, fee: 130, payoutFee: 100, contractFee: 130, amount: 2870 },
    },
    {
      name: 'no larger than its own fee',
      terms: { payoutFee: '10.00 CNY' },
      lines: [charge(1000)],
      expected: { kind: 'hold', reason: 'below minimum' },
    },
    {
      name: 'that is below the minimum after its own fee',
      terms: { payoutFee: '1.00 CNY', minimum: '10.00 CNY' },
      lines: [charge(1050)],
      expected: { kind: 'hold', reason: 'below minimum' },
    },
    {
      name: 'whose fee makes room under its limit',
      terms: { payoutFee: '1.00 CNY', payoutLimit: '10.00 CNY' },
      lines: [charge(1100)],
      expected: { kind: 'pay', amount: 1000 },
    },
    {
      name: 'that takes back costs nothing',
      terms: { payoutFee: '1.00 CNY' },
      lines: [refund(300)],
      account: 500,
      expected: { kind: 'pay', fee: 0, amount: -300 },
    },
    {
      name: 'that is net positive, whatever there is on the account',
      terms: { feeRate: '1%', balance: '0.05 CNY' },
      lines: [charge(1000), refund(300)],
      expected: { kind: 'pay', amount: 690 },
    },
    {
      name: 'that chargebacks make less',
      lines: [charge(1000)],
      chargebacks: 300,
      expected: { kind: 'pay', chargebacks: 300, amount: 700 },
    },
    {
      name: 'of less than was charged back, with nothing in the account',
      lines: [charge(1000)],
      chargebacks: 1300,
      expected: { kind: 'hold', reason: 'balance', amount: -300 },
    },
    {
      name: 'of less than was charged back, out of the account',
      terms: { balance: '3.00 CNY' },
      lines: [charge(1000)],
      chargebacks: 1300,
      expected: { kind: 'pay', amount: -300 },
    },
    {
      name: 'of chargebacks alone, of which the reserve covers nothing',
      terms: { balance: '5.00 CNY', reserve: '3.00 CNY' },
      chargebacks: 300,
      expected: { kind: 'hold', reason: 'balance' },
    },
    {
      name: 'of an account that pays, in turn, as far as it covers them',
      terms: { side: 'debit', balance: '25.00 CNY', feeRate: '1%' },
      lines: [charge(1000), charge(1000), charge(1000)],
      expected: { kind: 'pay', lines: 2, gross: 2000, fee: 20, amount: -2020, rest: 'balance' },
    },
    {
      name: 'of an account that pays, and has given everything',
      terms: { side: 'debit', balance: '20.00 CNY' },
      lines: [charge(1000)],
      account: -1500,
      expected: { kind: 'hold', reason: 'balance', amount: -1000 },
    },
    {
      name: 'of an account that pays, to which a refund comes back',
      terms: { side: 'debit', balance: '20.00 CNY' },
      lines: [refund(700)],
      account: -1500,
      expected: { kind: 'pay', refunds: 700, amount: 700 },
    },
    {
      name: 'of more refunds than sales, with nothing in the account',
      lines: [refund(300)],
      expected: { kind: 'hold', reason: 'balance' },
    },
    {
      name: 'of more refunds than sales, out of what was paid before',
      lines: [refund(300)],
      account: 500,
      expected: { kind: 'pay', amount: -300 },
    },
    {
      name: 'of a void alone, which the account does not cover',
      terms: { balance: '2.00 CNY' },
      lines: [{ effect: 'void', amount: 300 }],
      expected: { kind: 'hold', reason: 'balance' },
    },
    {
      name: 'of a void alone, out of what was paid before',
      terms: { balance: '2.00 CNY' },
      lines: [{ effect: 'void', amount: 300 }],
      account: 100,
      expected: { kind: 'pay', amount: -300 },
    },
    {
      name: 'of a sale that was reversed after it was paid, which the account does not cover',
      terms: { balance: '2.00 CNY' },
      lines: [],
      corrections: [charge(300)],
      expected: { kind: 'hold', reason: 'balance' },
    },
    {
      name: 'up to its limit',
      terms: { payoutLimit: '15.00 CNY' },
      lines: [charge(1000), charge(500), charge(1)],
      expected: { kind: 'pay', lines: 2, amount: 1500 },
    },
    {
      name: 'of one sale above its limit, of which it says why the next one waits',
      terms: { payoutLimit: '5.00 CNY' },
      lines: [charge(1000), charge(100)],
      expected: { kind: 'pay', lines: 1, amount: 1000, rest: 'payout limit' },
    },
    {
      name: 'of one sale above its limit when the day is full',
      terms: { payoutLimit: '5.00 CNY', dayLimit: '15.00 CNY' },
      lines: [charge(1000)],
      paidToday: 600,
      expected: { kind: 'hold', reason: 'day limit' },
    },
    {
      name: 'of what a void took that was reversed since, when the day is full',
      terms: { dayLimit: '15.00 CNY' },
      lines: [],
      corrections: [voided(1000)],
      paidToday: 600,
      expected: { kind: 'hold', reason: 'day limit' },
    },
    {
      name: 'of one sale that no day has room for',
      terms: { payoutLimit: '5.00 CNY', dayLimit: '9.99 CNY' },
      lines: [charge(1000)],
      expected: { kind: 'hold', reason: 'sale above day limit' },
    },
    {
      name: 'whose limit is a mistake',
      terms: { payoutLimit: '0.00 CNY' },
      lines: [charge(1000)],
      expected: { kind: 'hold', reason: 'sale above payout limit' },
    },
    {
      name: 'when the day is full',
      terms: { dayLimit: '15.00 CNY' },
      lines: [charge(1000)],
      paidToday: 600,
      expected: { kind: 'hold', reason: 'day limit' },
    },
  ]
  for (const {
    name,
    terms = {},
    lines = [],
    corrections = [],
    chargebacks = 0,
    account = 0,
    paidToday = 0,
    expected,
  } of cases) {
    test(name, () => {
      const own = termsFrom(terms)
      expect(decidePayout({ lines, corrections, chargebacks, account, paidToday }, own, own)).toMatchObject(expected)
    })
  }

  test.each([
    ['a sale', 'credit', { gross: 60, refunds: 30 }, ({ gross, refunds }: Payment) => gross - refunds],
    [
      'a refund to an account that pays',
      'debit',
      { gross: 30, refunds: 60 },
      ({ gross, refunds }: Payment) => refunds - gross,
    ],
  ] as const)(
    'of %s above its limit is made of several that are each within it, and come to the same',
    (_, side, money, net) => {
      const grown = side === 'debit' ? 'refunds' : 'gross'
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1000, max: 1e5 }), (amount, payoutLimit) => {
          const own = { lines: 1, ...money, [grown]: amount + 60, chargebacks: 20, fee: 10 }
          const whole = { ...own, payoutFee: 2, contractFee: 7, amount }
          const parts = inParts(whole, { payoutLimit, side })
          for (const part of parts) {
            expect(part.amount).toBeLessThanOrEqual(payoutLimit)
            expect(net(part) - part.chargebacks - part.fee).toBe(part.amount)
          }
          const names = [
            'lines',
            'gross',
            'refunds',
            'chargebacks',
            'fee',
            'payoutFee',
            'contractFee',
            'amount',
          ] as const
          const sums = names.map((name) => [name, parts.reduce((sum, part) => sum + part[name], 0)])
          expect(Object.fromEntries(sums)).toEqual(whole)
        }),
      )
    },
  )

  test('says what its fee would have been by the contract', () => {
    const unpaid = { lines: [charge(10_000)], corrections: [], account: 0, paidToday: 0 }
    const decision = decidePayout(unpaid, termsFrom({ feeRate: '1.2%' }), termsFrom({ feeRate: '0.6%' }))
    expect(decision).toMatchObject({ fee: 120, contractFee: 60 })
  })
})

describe('the terms of a merchant', () => {
  const options = acquirerSchema.parse({
    settlement: { feeRate: '0.6%', minimum: '10.00 CNY' },
    contract: { minimum: '1.00 CNY' },
    merchants: { M1: { settlement: { feeRate: '1.2%' }, contract: { feeRate: '0.6%' } } },
  })

  test('are those of all, but for what is different', () => {
    const { terms, contract } = createTermsBook(options).of('M1')
    expect([terms.feeRate, terms.minimum, contract.feeRate, contract.minimum]).toEqual([0.012, 1000, 0.006, 100])
  })

  test('that are not what was agreed are named', () => {
    expect(termsDifferences(options)).toEqual([
      { term: 'minimum', configured: 1000, contract: 100 },
      { merchant: 'M1', term: 'feeRate', configured: 0.012, contract: 0.006 },
      { merchant: 'M1', term: 'minimum', configured: 1000, contract: 100 },
    ])
  })

  test('a working day that is no date is refused in words, as a holiday is', () => {
    expect(settlementSchema.safeParse({ workingDays: ['10-10'] }).error?.issues[0]?.message).toContain(
      'expected a date such as',
    )
  })

  test('a cycle that is none is refused in words', () => {
    expect(settlementSchema.safeParse({ cycle: 'weekly' }).error?.issues[0]?.message).toContain(
      'expected instant, daily, D+0, T+1',
    )
  })
})
