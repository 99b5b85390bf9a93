import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isBusy } from '../../../src/acquirer/ledger/store/sqlite-store.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import type { Message } from '../../../src/codec/message.js'
import { wallStart } from '../harness.js'
import { createBooks, openAnyLedger, openTestLedger, query, temporaryFolder } from '../ledger/books.js'

interface PayoutRow {
  readonly amount: number
  readonly transactions: number
  readonly paid_at: number
}

const payoutsOf = (books: ReturnType<typeof createBooks>) =>
  query<PayoutRow>(books.ledger, 'SELECT * FROM payout ORDER BY id').map(({ amount, transactions, paid_at }) => ({
    amount,
    transactions,
    paid_at,
  }))
/** The closing of a batch by a terminal that has sold for 10.00. */
const closeBatch = (books: ReturnType<typeof createBooks>) => {
  const stated = `${'1000'.padStart(12, '0')}001${'0'.repeat(15)}`
  const gaps = ['debitAmount.12', 'debitCount.3', 'creditAmount.12', 'creditCount.3']
  const values = Object.fromEntries(gaps.map((gap) => [`totals.${gap}`, '']))
  books.ask('settlement', { ...values, stan: '000002' }, { 48: `${stated}0${'0'.repeat(31)}` })
}
const holdOf = (books: ReturnType<typeof createBooks>) =>
  query<{ hold: string | null }>(books.ledger, 'SELECT hold FROM merchant')[0]?.hold

/** The terminal's answer to an advice. */
const heard = ({ fields }: Message): Message => ({
  mti: '0830',
  fields: { 11: fields[11] ?? '', 39: '00', 41: fields[41] ?? '', 42: fields[42] ?? '', 60: fields[60] ?? '' },
})

describe('a merchant', () => {
  test('is paid at the end of each interval, net of fees, once', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: '10s', feeRate: '1%' } } })
    const start = books.clock.wall()
    books.ask('sale')
    books.ask('sale', { stan: '000002' })
    books.clock.run(9999)
    expect(payoutsOf(books)).toEqual([])
    books.clock.run(25_000)
    expect(payoutsOf(books)).toEqual([{ amount: 1980, transactions: 2, paid_at: start + 10_000 }])
  })

  test('is paid at once where the cycle says so', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: 'instant' } } })
    books.ask('sale')
    books.clock.run(books.clock.now() + 1)
    books.ask('sale', { stan: '000002' })
    books.clock.run(books.clock.now() + 1)
    expect(payoutsOf(books).map(({ amount }) => amount)).toEqual([1000, 1000])
  })

  test('is paid when a terminal closes its batch', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: 'onSettlement' } } })
    books.ask('sale')
    books.clock.run(120_000)
    expect(payoutsOf(books)).toEqual([])
    closeBatch(books)
    books.clock.run(books.clock.now() + 1)
    expect(payoutsOf(books).map(({ amount }) => amount)).toEqual([1000])
  })

  test('waits until there is enough, and it is known why', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: '10s', minimum: '15.00 CNY' } } })
    books.ask('sale')
    books.clock.run(10_000)
    expect([payoutsOf(books), holdOf(books)]).toEqual([[], 'below minimum'])
    books.ask('sale', { stan: '000002' })
    books.clock.run(20_000)
    expect([payoutsOf(books).map(({ amount }) => amount), holdOf(books)]).toEqual([[2000], null])
  })

  test('is paid a sale above the payout limit in several payouts, and later ones are not held for ever', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: '10s', payoutLimit: '4.00 CNY' } } })
    books.ask('sale')
    books.ask('sale', { stan: '000002', amount: '000000000300' })
    books.clock.run(10_000)
    expect(payoutsOf(books).map(({ amount, transactions }) => [amount, transactions])).toEqual([
      [400, 1],
      [400, 0],
      [200, 0],
    ])
    expect(holdOf(books)).toBe('payout limit')
    books.clock.run(20_000)
    expect([payoutsOf(books).at(-1)?.amount, holdOf(books)]).toEqual([300, null])
  })

  test('is reported with what was paid, why it is held, and where its terms are not as agreed', async () => {
    const settlement = { cycle: '10s', minimum: '15.00 CNY' }
    const books = createBooks({ acquirer: { settlement, contract: { minimum: '1.00 CNY' } } })
    books.ask('sale')
    const start = books.clock.wall()
    books.clock.run(10_000)
    const sums = { paidMinor: 0, feeMinor: 0, contractFeeMinor: 0 }
    expect(await books.money.funds()).toEqual({
      merchants: [
        {
          ...{ merchant: '000000000000001', ...sums, held: 'below minimum', heldSince: start + 10_000 },
          holds: [{ reason: 'below minimum', since: start + 10_000, until: null, amount: 1000 }],
        },
      ],
      differences: [{ term: 'minimum', configured: 1500, contract: 100 }],
    })
    expect(await createBooks().money.funds()).toBeUndefined()
  })

  test('gives back what is reversed after it was paid', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: '10s' } } })
    books.ask('sale')
    books.ask('sale', { stan: '000002' })
    books.clock.run(10_000)
    books.ask('reversal', { 'original.stan': '000001' })
    books.ask('sale', { stan: '000003', amount: '000000005000' })
    books.clock.run(20_000)
    expect(payoutsOf(books).map(({ amount }) => amount)).toEqual([2000, 4000])
  })

  test('is paid by another process when the first is gone, and nothing twice', () => {
    const ledger = openAnyLedger()
    const first = createBooks({ ledger, acquirer: { settlement: { cycle: '10s' } } })
    first.ask('sale')
    first.clock.run(10_000)
    first.ask('sale', { stan: '000002' })
    first.money.close()
    const second = createBooks({ ledger, acquirer: { settlement: { cycle: '10s' } } })
    second.clock.run(10_000)
    expect(payoutsOf(second).map(({ amount }) => amount)).toEqual([1000, 1000])
  })
})

describe('two processes on one ledger', () => {
  const pair = (cycle: string) => {
    const folder = temporaryFolder()
    const clock = createVirtualClock(wallStart)
    const acquirer = { settlement: { cycle } }
    const open = () => createBooks({ clock, acquirer, file: join(folder.path, 'books.sqlite') })
    return { payer: open(), other: open(), folder }
  }

  const cases = [
    { name: 'pay at once what the other posted', cycle: 'instant', closes: false },
    { name: 'pay when a terminal closes its batch with the other', cycle: 'onSettlement', closes: true },
  ]
  for (const { name, cycle, closes } of cases) {
    test(name, () => {
      const { payer, other, folder } = pair(cycle)
      using _ = folder
      payer.clock.run(90_000)
      other.ask('sale')
      if (closes) closeBatch(other)
      payer.clock.run(91_001)
      expect(payoutsOf(payer).map(({ amount }) => amount)).toEqual([1000])
      for (const { money, ledger } of [payer, other]) {
        money.close()
        ledger.close()
      }
    })
  }

  test('lose no request of a batch that was closed when nobody was there to pay', () => {
    const ledger = openAnyLedger()
    const first = createBooks({ ledger })
    first.ask('sale')
    closeBatch(first)
    first.money.close()
    const second = createBooks({ ledger, acquirer: { settlement: { cycle: 'onSettlement' } } })
    second.clock.run(1)
    expect(payoutsOf(second).map(({ amount }) => amount)).toEqual([1000])
    second.ask('sale', { stan: '000003', batch: '000002' })
    second.clock.run(120_000)
    expect(payoutsOf(second).length).toBe(1)
  })
})

describe('a ledger that cannot be written', () => {
  const settlement = { cycle: '10s' }

  test('is said to be so now and then, and merchants are paid when it can', () => {
    const ledger = openTestLedger()
    const books = createBooks({ ledger, acquirer: { settlement } })
    books.ask('sale')
    ledger.database.exec('PRAGMA query_only = 1')
    books.clock.run(15_000)
    expect(books.troubles).toEqual([expect.stringMatching(/^nobody can be paid, it is tried again: .*readonly/)])
    ledger.database.exec('PRAGMA query_only = 0')
    books.clock.run(20_000)
    expect(payoutsOf(books).map(({ amount }) => amount)).toEqual([1000])
  })

  test('tells terminals again what they have heard', () => {
    const ledger = openTestLedger()
    const books = createBooks({ ledger, acquirer: { settlement } })
    books.ask('sale')
    books.clock.run(10_000)
    ledger.database.exec('PRAGMA query_only = 1')
    books.send(heard(books.unasked[0] as Message))
    books.clock.run(12_000)
    expect(books.troubles).toEqual([expect.stringMatching(/^terminals cannot be told of payouts: .*readonly/)])
    ledger.database.exec('PRAGMA query_only = 0')
    const told = books.unasked.length
    books.clock.run(16_000)
    expect(books.unasked.length).toBeGreaterThan(told)
  })
})

test('what SQLite adds to its codes does not hide that a ledger is busy', () => {
  expect([5, 6, 261, 517, 13, undefined].map((sqliteCode) => isBusy({ sqliteCode }))).toEqual([
    ...[true, true, true, true, false, false],
  ])
})

test('settlement of one merchant alone is refused: it says what is different, and from what is not known', () => {
  const acquirer = { merchants: { M1: { settlement: { feeRate: '1%' } } } }
  expect(() => createBooks({ acquirer })).toThrow('acquirer.merchants.M1.settlement: changes acquirer.settlement, but')
})

test('a currency that is not that of the dialect is refused', () => {
  expect(() => createBooks({ acquirer: { settlement: { minimum: '10.00 USD' } } })).toThrow(/USD is not the currency/)
})

describe('a terminal', () => {
  const settlement = { cycle: '10s', feeRate: '1%' }

  test('is told of a payout: amount, date, and which of its transactions', () => {
    const books = createBooks({ acquirer: { settlement } })
    books.ask('sale')
    books.ask('sale', { stan: '000002' })
    books.clock.run(10_000)
    expect(books.unasked).toMatchObject([
      {
        mti: '0820',
        fields: { 4: '000000001980', 11: '000001', 15: '0203', 41: '00000001', 48: '000001000001000001000002' },
      },
    ])
  })

  test('is told again until it has answered', () => {
    const books = createBooks({ acquirer: { settlement } })
    books.ask('sale')
    books.clock.run(30_000)
    expect(books.unasked.length).toBeGreaterThan(2)
    const told = books.unasked.length
    const ignored = books.acquirer.counts().ignored
    books.send(heard(books.unasked[0] as Message))
    books.clock.run(60_000)
    expect([books.unasked.length, books.acquirer.counts().ignored]).toEqual([told, ignored])
  })

  test('is told of the next payout when it has heard of the first', () => {
    const books = createBooks({ acquirer: { settlement } })
    for (const stan of ['000001', '000002']) {
      books.ask('sale', { stan })
      books.clock.run(books.clock.now() + 10_000)
      books.send(heard(books.unasked.at(-1) as Message))
    }
    expect(new Set(books.unasked.map(({ fields }) => fields[48]))).toEqual(new Set(['000001000001', '000001000002']))
  })

  test('that comes back after the host was restarted is told what it has not heard', () => {
    const ledger = openAnyLedger()
    const first = createBooks({ ledger, acquirer: { settlement } })
    first.ask('sale')
    first.clock.run(10_000)
    first.money.close()
    const second = createBooks({ ledger, acquirer: { settlement } })
    second.clock.run(1000)
    expect(second.unasked).toEqual([])
    second.ask('echo')
    second.clock.run(second.clock.now() + 1)
    expect(second.unasked.map(({ fields }) => fields[48])).toEqual(['000001000001'])
  })

  for (const dialect of ['iso87-ascii', 'iso93-binary']) {
    test(`of ${dialect} is told too`, () => {
      const options = { cycle: '10s', feeRate: '1%' }
      const books = createBooks({ dialect, acquirer: { settlement: options } })
      books.ask('sale')
      books.clock.run(10_000)
      expect(books.unasked[0]?.fields).toMatchObject({ 4: '000000000990' })
      expect(String(books.unasked[0]?.fields[48])).toMatch(/000001$/)
    })
  }
})
