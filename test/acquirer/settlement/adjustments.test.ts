// Accounts that are topped up, that issuers take back from, and that pay: nothing is paid that an account does not cover, each
// top-up and chargeback counts once, and a restart forgets none.

import { describe, expect, test } from 'vitest'
import { nextAdjustment } from '../../../src/acquirer/settlement/adjustments.js'
import { createBooks, openAnyLedger, query } from '../ledger/books.js'

type Books = ReturnType<typeof createBooks>

const paid = (books: Books) =>
  query<{ amount: number; chargebacks: number }>(
    books.ledger,
    'SELECT amount, chargebacks FROM payout ORDER BY id',
  ).map(({ amount, chargebacks }) => [amount, chargebacks])
const accountOf = (books: Books) =>
  query<{ account: number; hold: string | null }>(books.ledger, 'SELECT account, hold FROM merchant')[0]

describe('an account', () => {
  test('pays as far as it covers, in turn, and goes on when it is topped up', () => {
    const settlement = {
      cycle: '10s',
      side: 'debit',
      balance: '15.00 CNY',
      topUps: [{ amount: '20.00 CNY', at: '25s' }],
    }
    const books = createBooks({ acquirer: { settlement } })
    for (const stan of ['000001', '000002', '000003']) books.ask('sale', { stan })
    books.clock.run(10_000)
    expect([paid(books), accountOf(books)]).toEqual([[[-1000, 0]], { account: -1000, hold: 'balance' }])
    books.clock.run(20_000)
    expect(accountOf(books)).toEqual({ account: -1000, hold: 'balance' })
    books.clock.run(30_000)
    expect([paid(books), accountOf(books)]).toEqual([
      [
        [-1000, 0],
        [-2000, 0],
      ],
      { account: -1000, hold: null },
    ])
  })

  test('that is topped up between two payouts at once is looked at then', () => {
    const settlement = { cycle: 'instant', side: 'debit', topUps: [{ amount: '10.00 CNY', at: '7s' }] }
    const books = createBooks({ acquirer: { settlement } })
    books.ask('sale')
    books.clock.run(6999)
    expect([paid(books), accountOf(books)?.hold]).toEqual([[], 'balance'])
    books.clock.run(7001)
    expect([paid(books), accountOf(books)]).toEqual([[[-1000, 0]], { account: 0, hold: null }])
  })

  test('is paid less by what issuers take back, once, also where an acquirer starts anew', () => {
    const file = openAnyLedger()
    const settlement = { cycle: '10s', chargebacks: [{ amount: '14.00 CNY', at: '5s' }] }
    const first = createBooks({ acquirer: { settlement }, ledger: file })
    first.ask('sale')
    first.clock.run(10_000)
    expect([paid(first), accountOf(first)]).toEqual([[], { account: 0, hold: 'balance' }])
    first.money.close()
    const second = createBooks({ acquirer: { settlement }, ledger: file, clock: first.clock })
    second.ask('sale', { stan: '000002' })
    second.clock.run(30_000)
    expect([paid(second), accountOf(second)]).toEqual([[[600, 1400]], { account: 600, hold: null }])
    second.ask('sale', { stan: '000003' })
    second.clock.run(50_000)
    expect(paid(second).at(-1)).toEqual([1000, 0])
  })

  test('gives back what issuers take, though nothing was sold meanwhile', () => {
    const settlement = { cycle: '10s', balance: '20.00 CNY', chargebacks: [{ amount: '14.00 CNY', at: '15s' }] }
    const books = createBooks({ acquirer: { settlement } })
    books.ask('sale')
    books.clock.run(30_000)
    expect([paid(books), accountOf(books)]).toEqual([
      [
        [1000, 0],
        [-1400, 1400],
      ],
      { account: -400, hold: null },
    ])
  })

  test('covers nothing with its reserve', () => {
    const settlement = { cycle: '10s', side: 'debit', balance: '30.00 CNY', reserve: '15.00 CNY' }
    const books = createBooks({ acquirer: { settlement } })
    books.ask('sale')
    books.ask('sale', { stan: '000002' })
    books.clock.run(40_000)
    expect([paid(books), accountOf(books)]).toEqual([[[-1000, 0]], { account: -1000, hold: 'balance' }])
  })
})

test('the next one is never in the millisecond of the look, however soon it comes', () => {
  const terms = { topUps: [{ amount: 1, atMs: 7598 }], chargebacks: [] }
  expect(nextAdjustment(terms, { now: 1_767_628_801_801, elapsedMs: 7597.9999 })).toBe(1_767_628_801_802)
  expect(nextAdjustment(terms, { now: 1_767_628_801_801, elapsedMs: 7598 })).toBe(Number.POSITIVE_INFINITY)
})
