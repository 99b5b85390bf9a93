// The limit of a day where days do not come one after another: a clock is set back, or two hosts of one ledger have different ones.

import { expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createBooks, openAnyLedger, query } from '../ledger/books.js'

type Books = ReturnType<typeof createBooks>

const settlement = { cycle: 'instant', dayLimit: '15.00 CNY' }

/** A host on the same ledger, whose calendar clock says this. */
function hostAt(books: Books | undefined, time: string): Books {
  books?.money.close()
  const clock = createVirtualClock(Date.parse(`${time}+08:00`))
  const host = createBooks({ ledger: books?.ledger ?? openAnyLedger(), clock, acquirer: { settlement } })
  clock.run(1000)
  return host
}

function sell(books: Books, stan: string, amount: string): void {
  books.ask('sale', { stan, amount: amount.padStart(12, '0') })
  books.clock.run(books.clock.now() + 1000)
}

const paidByDay = (books: Books) =>
  query<{ day: string; amount: number }>(
    books.ledger,
    'SELECT value_date AS day, CAST(sum(amount) AS BIGINT) AS amount FROM payout GROUP BY 1 ORDER BY 1',
  ).map(({ day, amount }) => [day, Number(amount)])

test('a day that comes again after the next one has no second limit', () => {
  let books = hostAt(undefined, '2026-02-03T23:30:00')
  sell(books, '000001', '1000')
  books = hostAt(books, '2026-02-04T00:10:00')
  sell(books, '000002', '900')
  books = hostAt(books, '2026-02-03T12:00:00')
  sell(books, '000003', '700')
  expect(paidByDay(books)).toEqual([
    ['2026-02-03', 1000],
    ['2026-02-04', 900],
  ])
  books = hostAt(books, '2026-02-04T00:20:00')
  expect(paidByDay(books)).toEqual([
    ['2026-02-03', 1000],
    ['2026-02-04', 900],
  ])
  books = hostAt(books, '2026-02-05T00:10:00')
  sell(books, '000004', '100')
  expect(paidByDay(books).at(-1)).toEqual(['2026-02-05', 800])
})

test('an earlier day is paid up to its own limit, and takes nothing from the latest', () => {
  let books = hostAt(undefined, '2026-02-04T00:10:00')
  sell(books, '000001', '1000')
  books = hostAt(books, '2026-02-03T12:00:00')
  sell(books, '000002', '1500')
  books = hostAt(books, '2026-02-04T00:20:00')
  sell(books, '000003', '500')
  sell(books, '000004', '1')
  expect(paidByDay(books)).toEqual([
    ['2026-02-03', 1500],
    ['2026-02-04', 1500],
  ])
})
