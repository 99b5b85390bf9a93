// Payouts that are held from outside: who holds them, since when, until when, and that nothing is lost by it.

import { describe, expect, test } from 'vitest'
import { type HoldSpan, holdInForce } from '../../../src/acquirer/settlement/hold.js'
import { settlementSchema, termsOf } from '../../../src/acquirer/settlement/options.js'
import { createBooks, openAnyLedger, query } from '../ledger/books.js'

const paid = (books: ReturnType<typeof createBooks>) =>
  query<{ amount: number; paid_at: number }>(books.ledger, 'SELECT amount, paid_at FROM payout ORDER BY id').map(
    ({ amount, paid_at }) => [amount, paid_at],
  )
const spans = (books: ReturnType<typeof createBooks>) =>
  query<HoldSpan & { amount: number }>(books.ledger, 'SELECT reason, since, until, amount FROM held_back ORDER BY id')
const heldNow = (books: ReturnType<typeof createBooks>) =>
  query(books.ledger, 'SELECT hold, held_since FROM merchant')[0]

describe('a hold is in force', () => {
  const term = { reason: 'risk', fromMs: 2000, forMs: 5000 } as const
  const risk = (since: number, until: number | null) => ({ reason: 'risk hold', since, until })
  const at = (now: number, elapsedMs: number) => ({ now, elapsedMs })
  test.each([
    ['never where nobody says so', undefined, undefined, at(3000, 3000), undefined],
    ['not before its time', term, undefined, at(1999, 1999), undefined],
    ['from its time on', term, undefined, at(2000, 2000), risk(2000, 7000)],
    ['not after it', term, undefined, at(7000, 7000), undefined],
    ['to the end where it has none', { ...term, forMs: undefined }, undefined, at(9000, 9000), risk(2000, null)],
    ['as long as it was, whatever the calendar is set to', term, undefined, at(90_000, 3000), risk(89_000, 94_000)],
    ['as an earlier process began it', term, risk(500, 4500), at(4000, 1000), risk(500, 4500)],
    ['no second time after that', term, risk(500, 4500), at(6000, 3000), undefined],
    ['anew where the earlier one was over', term, risk(500, 900), at(4000, 3000), risk(3000, 8000)],
    [
      'whatever else held the payouts before',
      term,
      { reason: 'balance', since: 0, until: null },
      at(4000, 3000),
      risk(3000, 8000),
    ],
  ] as const)('%s', (_, hold, last, time, expected) => {
    expect(holdInForce(hold, last, time)).toEqual(expected)
  })

  test('for one merchant, and not for another that is taken out', () => {
    const all = settlementSchema.parse({ hold: { reason: 'quota', for: '5s' } })
    expect(termsOf(all).hold).toEqual({ reason: 'quota', fromMs: 0, forMs: 5000 })
    expect(termsOf(all, settlementSchema.parse({ hold: 'none' })).hold).toBeUndefined()
    expect(settlementSchema.safeParse({ hold: { reason: 'mood' } }).success).toBe(false)
  })
})

describe('payouts that are held', () => {
  const held = (cycle: string, hold: object) => ({ acquirer: { settlement: { cycle, hold } } })

  test('wait for the end of the hold, and the ledger says who held them and since when', () => {
    const books = createBooks(held('10s', { reason: 'risk', from: '5s', for: '20s' }))
    const start = books.clock.wall()
    books.ask('sale')
    books.clock.run(10_000)
    expect([paid(books), heldNow(books)]).toEqual([[], { hold: 'risk hold', held_since: start + 5000 }])
    books.ask('sale', { stan: '000002' })
    books.clock.run(20_000)
    expect(spans(books)).toEqual([{ reason: 'risk hold', since: start + 5000, until: start + 25_000, amount: 2000 }])
    books.clock.run(30_000)
    expect([paid(books), heldNow(books)]).toEqual([[[2000, start + 30_000]], { hold: null, held_since: null }])
    expect(spans(books)).toEqual([{ reason: 'risk hold', since: start + 5000, until: start + 25_000, amount: 2000 }])
  })

  test('are paid as soon as the hold is over where payouts are instant', () => {
    const books = createBooks(held('instant', { reason: 'window', for: '7s' }))
    const start = books.clock.wall()
    books.ask('sale')
    books.clock.run(6999)
    expect(paid(books)).toEqual([])
    books.clock.run(7000)
    expect(paid(books)).toEqual([[1000, start + 7000]])
  })

  test('are not forgotten where a terminal has closed its batch meanwhile', () => {
    const books = createBooks(held('onSettlement', { reason: 'account', for: '7s' }))
    books.ask('sale')
    const stated = `${'1000'.padStart(12, '0')}001${'0'.repeat(15)}`
    const gaps = ['debitAmount.12', 'debitCount.3', 'creditAmount.12', 'creditCount.3']
    const values = Object.fromEntries(gaps.map((gap) => [`totals.${gap}`, '']))
    books.ask('settlement', { ...values, stan: '000002' }, { 48: `${stated}0${'0'.repeat(31)}` })
    books.clock.run(6000)
    expect(heldNow(books)).toMatchObject({ hold: 'account wrong or closed' })
    books.clock.run(8001)
    expect(paid(books).map(([amount]) => amount)).toEqual([1000])
  })

  test('stay held by the process that comes after the first, for as long as they were to be, and once', () => {
    const ledger = openAnyLedger()
    const options = held('1s', { reason: 'risk', for: '4s' })
    const first = createBooks({ ledger, ...options })
    first.ask('sale')
    first.clock.run(2000)
    first.money.close()
    const second = createBooks({ ledger, ...options, clock: first.clock })
    second.clock.run(3999)
    expect(paid(second)).toEqual([])
    second.clock.run(4000)
    expect(paid(second).map(([amount]) => amount)).toEqual([1000])
    second.ask('sale', { stan: '000002' })
    second.clock.run(5000)
    expect([paid(second).length, spans(second).length]).toEqual([2, 1])
  })

  test('go on to be held where nothing waited for a while', () => {
    const ledger = openAnyLedger()
    const options = held('1s', { reason: 'risk' })
    const first = createBooks({ ledger, ...options })
    first.ask('sale')
    first.clock.run(2000)
    first.money.close()
    const second = createBooks({ ledger, ...options, clock: first.clock })
    second.ask('reversal', { 'original.stan': '000001' })
    second.clock.run(4000)
    second.ask('sale', { stan: '000002' })
    second.clock.run(9000)
    expect([paid(second), heldNow(second)]).toMatchObject([[], { hold: 'risk hold' }])
  })

  test('are free where the next process knows of no hold', () => {
    const ledger = openAnyLedger()
    const first = createBooks({ ledger, ...held('1s', { reason: 'risk' }) })
    first.ask('sale')
    first.clock.run(2000)
    first.money.close()
    const second = createBooks({ ledger, acquirer: { settlement: { cycle: '1s' } }, clock: first.clock })
    const start = second.clock.wall()
    second.clock.run(3000)
    expect(paid(second).map(([amount]) => amount)).toEqual([1000])
    expect(spans(second)).toMatchObject([{ reason: 'risk hold', until: start + 1000 }])
  })

  test('are reported with all their holds, the ended ones too', async () => {
    const books = createBooks(held('1s', { reason: 'returned', for: '2s' }))
    const start = books.clock.wall()
    books.ask('sale')
    books.clock.run(3000)
    expect((await books.money.funds())?.merchants[0]).toMatchObject({
      ...{ paidMinor: 1000, held: null, heldSince: null },
      holds: [{ reason: 'returned by the bank', since: start, until: start + 2000, amount: 1000 }],
    })
  })
})
