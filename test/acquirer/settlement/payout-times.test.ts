// Days of payouts in virtual time.

import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { wallStart } from '../harness.js'
import { createBooks, openAnyLedger, query } from '../ledger/books.js'

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
/** A sale with the time that another host's clock may have given it. */
const sellAt = (books: ReturnType<typeof createBooks>, stan: string, wall: number) => {
  books.ask('sale', { stan })
  query(books.ledger, 'UPDATE entry SET posted_at = ?1 WHERE stan = ?2', wall, stan)
}

const local = (text: string) => Date.parse(`${text}+08:00`)
const runUntil = ({ clock }: ReturnType<typeof createBooks>, text: string) =>
  clock.run(clock.now() + local(text) - clock.wall())

describe('a time of payouts', () => {
  test('is at the cut-off for a merchant who appears long after the start, and not before', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: 'daily' } } })
    runUntil(books, '2026-02-04T12:00:00')
    books.ask('sale')
    runUntil(books, '2026-02-04T22:59:59')
    expect(payoutsOf(books)).toEqual([])
    runUntil(books, '2026-02-04T23:00:00')
    expect(payoutsOf(books).map(({ paid_at }) => paid_at)).toEqual([local('2026-02-04T23:00:00')])
  })

  test('is two working days after the trading day where the cycle says so', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: 'T+2' } } })
    runUntil(books, '2026-02-06T12:00:00')
    books.ask('sale')
    runUntil(books, '2026-02-07T12:00:00')
    books.ask('sale', { stan: '000002' })
    runUntil(books, '2026-02-09T12:00:00')
    expect(payoutsOf(books)).toEqual([])
    runUntil(books, '2026-02-10T10:00:00')
    expect(payoutsOf(books)).toMatchObject([{ transactions: 2, paid_at: local('2026-02-10T10:00:00') }])
  })

  test('is made up for when the host was down, with what was due then', () => {
    const ledger = openAnyLedger()
    const acquirer = { settlement: { cycle: 'T+1' } }
    const first = createBooks({ ledger, acquirer })
    first.ask('sale')
    runUntil(first, '2026-02-04T09:50:00')
    first.ask('sale', { stan: '000002' })
    first.money.close()
    const second = createBooks({ ledger, acquirer, clock: createVirtualClock(local('2026-02-04T10:05:00')) })
    second.clock.run(1)
    expect(payoutsOf(second).map(({ transactions }) => transactions)).toEqual([1])
    runUntil(second, '2026-02-05T10:00:00')
    expect(payoutsOf(second).map(({ transactions }) => transactions)).toEqual([1, 1])
  })

  test('comes for a host that is restarted more often than it pays', () => {
    const ledger = openAnyLedger()
    const acquirer = { settlement: { cycle: '10s' } }
    for (const life of [0, 1, 2]) {
      const books = createBooks({ ledger, acquirer, clock: createVirtualClock(wallStart + life * 8000) })
      if (life === 0) books.ask('sale')
      books.clock.run(7900)
      books.money.close()
    }
    expect(query(ledger, 'SELECT count(*) AS payouts FROM payout')).toEqual([{ payouts: 1 }])
  })

  test('is counted anew when the clock is set back', () => {
    const world = createVirtualClock(wallStart)
    let aheadMs = 3_600_000
    const clock = { ...world, wall: () => world.wall() + aheadMs }
    const books = createBooks({ clock, acquirer: { settlement: { cycle: '10s' } } })
    books.ask('sale')
    world.run(15_000)
    aheadMs = 0
    books.ask('sale', { stan: '000002' })
    world.run(40_000)
    expect(payoutsOf(books).map(({ transactions }) => transactions)).toEqual([1, 1])
  })
})

describe('a cut-off', () => {
  test('skips nothing where the clocks of two hosts disagree about it', () => {
    const books = createBooks({ acquirer: { settlement: { cycle: 'T+1' } } })
    sellAt(books, '000001', local('2026-02-03T22:59:58'))
    sellAt(books, '000002', local('2026-02-03T23:00:01'))
    sellAt(books, '000003', local('2026-02-03T22:59:59'))
    runUntil(books, '2026-02-04T12:00:00')
    expect(payoutsOf(books).map(({ transactions }) => transactions)).toEqual([1])
    runUntil(books, '2026-02-05T12:00:00')
    expect(payoutsOf(books).map(({ transactions }) => transactions)).toEqual([1, 2])
  })
})
