// What comes after the last answer of a run: settlements, news of money, and the books.

import type { Clock } from '../base/clock.js'
import { UsageError } from '../base/errors.js'
import { type BookRow, type Books, booksByTotals, booksOfTerminals, compareBooks } from '../measure/books.js'
import type { FundsWatch } from '../measure/funds.js'
import type { Settled } from '../terminal/settlement.js'
import type { MoneySide } from './money-side.js'
import { readPayouts } from './read-payouts.js'
import { settledTotals } from './settled-totals.js'

/** Takes the times of a settlement file. It was checked when the run began; what is wrong with it now is said. */
export function takePayouts(
  file: string,
  { funds, clock, say }: { funds: Pick<FundsWatch, 'paid'>; clock: Clock; say: (line: string) => void },
): void {
  try {
    for (const { paidAt, ...key } of readPayouts(file)) funds.paid(key, clock.now() - (clock.wall() - paidAt))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    say(`payouts: ${error.message}`)
  }
}

/** Of a host elsewhere only the terminals' side is known, and its verdicts on their totals where they settled. */
export function closeBooks(
  { books, unsettled }: Pick<MoneySide, 'books' | 'unsettled'>,
  host: { readonly rows: Iterable<BookRow> | undefined; readonly settled: readonly Settled[] | undefined },
): Books {
  if (books.isFull) return booksOfTerminals(books.rows(), 'more transactions than can be kept')
  if (host.rows !== undefined) return compareBooks(books.rows(), host.rows)
  if (host.settled !== undefined)
    return booksByTotals({ all: books.rows(), open: unsettled() }, settledTotals(host.settled))
  return booksOfTerminals(books.rows(), "the host's ledger cannot be seen from here")
}
