// The steps after the last answer of a run: settlements, news of money, and the books.

import type { MarkedJournal } from '../../acquirer/ledger/marks.js'
import type { Clock } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
import type { Slices } from '../../base/slices.js'
import { agreeing, counted } from '../../base/text/counted.js'
import type { BookKeeper } from '../../measure/money/book-keeper.js'
import { type BookRow, type Books, booksByTotals, booksOfTerminals, comparingBooks } from '../../measure/money/books.js'
import { type FundsKey, fundsKeyText } from '../../measure/money/funds.js'
import type { SettledTerminal } from '../../terminal/settlement/settlement.js'
import { type SignOn, type StartUpPace, signOnAll } from '../../terminal/sign-on/start-up.js'
import type { Terminal } from '../../terminal/terminal.js'
import { readPayouts, standingsOf } from '../files/read-payouts.js'
import type { RunObserver } from '../result/run-observer.js'
import { settledTotals, settlementLines } from '../result/settled-totals.js'
import type { OwnBooks } from '../run-options.js'
import type { MoneySide } from './money-side.js'

/**
 * Takes the times of a settlement file, and says how many of its lines are of transactions in the books: a file of another
 * day or with other numbers names none. It was checked when the run began; what is wrong with it now is said.
 */
export function takePayouts(
  file: string,
  {
    money,
    observer,
    clock,
    say,
  }: {
    money: Pick<MoneySide, 'funds' | 'books'>
    observer: Pick<RunObserver, 'told'>
    clock: Clock
    say: (line: string) => void
  },
): void {
  try {
    const payouts = readPayouts(file)
    const inMs = (wall: number) => clock.now() - (clock.wall() - wall)
    for (const { paidAt, told, ...key } of standingsOf(payouts)) {
      if (told !== undefined) observer.told(key, { ...told, since: told.since && inMs(told.since) })
      if (paidAt !== undefined) money.funds.paid(key, inMs(paidAt))
    }
    say(
      `payouts: ${countKnown(payouts, money.books.rows())} of ${counted(payouts.length, 'line')} named a known transaction`,
    )
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StartError)) throw error
    say(`payouts: ${error.message}`)
  }
}

/** Signs all terminals off but those whose batch has no verdict: it is still open. The day is over, so failures are only told. */
export async function signOffAll(
  terminals: readonly Terminal[],
  options: {
    signOff: SignOn
    pace: StartUpPace
    settled: readonly SettledTerminal[] | undefined
    say: (line: string) => void
  },
): Promise<void> {
  const { signOff, pace, settled = [], say } = options
  const open = new Set(settled.flatMap(({ terminal, verdict }) => (verdict === 'unknown' ? [terminal] : [])))
  const closed = terminals.filter((terminal) => !open.has(terminal))
  const { failures } = await signOnAll(closed, { signOn: signOff, pace })
  for (const [reason, count] of failures)
    say(`${count} of ${counted(closed.length, 'terminal')} could not sign off: ${reason}`)
  if (open.size > 0)
    say(`${counted(open.size, 'terminal')} did not sign off: ${agreeing(open.size, 'its', 'their')} batch is open`)
}

function countKnown(payouts: readonly FundsKey[], rows: Iterable<BookRow>): number {
  const lines = new Map<string, number>()
  for (const key of payouts) lines.set(fundsKeyText(key), (lines.get(fundsKeyText(key)) ?? 0) + 1)
  let known = 0
  for (const row of rows) {
    known += lines.get(fundsKeyText(row)) ?? 0
    lines.delete(fundsKeyText(row))
  }
  return known
}

/** Settles all terminals; undefined where the books cannot be read any more: totals of a part of them would be wrong. */
export async function settleDay(
  money: Pick<MoneySide, 'settle' | 'unanswered'>,
  { pace, say }: { pace: StartUpPace; say: (line: string) => void },
): Promise<readonly SettledTerminal[] | undefined> {
  try {
    const settled = await money.settle(pace)
    for (const line of settlementLines(settled, money.unanswered())) say(line)
    return settled
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    say(`warning: the terminals did not settle: ${error.message}`)
    return undefined
  }
}

/**
 * The books that `compare` makes. Where a disk does not give back what it took, they are not known, and say so; `own` is the
 * terminals' side.
 */
export async function booksOrWhyNot<Made>(
  own: Pick<BookKeeper, 'rows'>,
  compare: () => Promise<Made>,
): Promise<Made | Books> {
  try {
    return await compare()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return booksOfTerminals(readableRows(own.rows()), error.message)
  }
}

function* readableRows(rows: Iterable<BookRow>): Iterable<BookRow> {
  try {
    yield* rows
  } catch (error) {
    if (!(error instanceof StartError)) throw error
  }
}

/** The terminals' side alone, to be compared elsewhere. */
export const ownBooks = (
  { books, rowsLost }: Pick<MoneySide, 'books' | 'rowsLost'>,
  settled: readonly SettledTerminal[] | undefined,
): OwnBooks => ({
  rows: books.rows(),
  isWhole: !books.isFull && !rowsLost,
  settled: settled && settledTotals(settled),
})

interface ClosingHost {
  /** Undefined: its ledger cannot be seen. */
  readonly rows: Iterable<BookRow> | undefined
  readonly settled: readonly SettledTerminal[] | undefined
  /** The ledger that the user named; left out: a temporary one, which begins with this run. */
  readonly ledger?: string | undefined
}

export const newLedgerHint =
  'the journal is of an earlier run, and the ledger is new: run with the --ledger of that run, or begin another --journal'

/** Books that differ because a journal is older than the ledger say so. */
export function withHint(
  books: Books,
  {
    journals,
    ledger,
  }: { readonly journals: readonly (MarkedJournal | undefined)[]; readonly ledger: string | undefined },
): Books {
  const isOlderThanLedger = ledger === undefined && journals.some((journal) => journal?.isNew === false)
  return books.agree === false && isOlderThanLedger ? { ...books, hint: newLedgerHint } : books
}

/** In slices. Of a host elsewhere only the terminals' side is known, and its verdicts on their totals where they settled. */
export function* closingBooks(
  {
    books,
    spill,
    unsettled,
    rowsLost,
    journal,
  }: Pick<MoneySide, 'books' | 'spill' | 'unsettled' | 'rowsLost'> & Partial<Pick<MoneySide, 'journal'>>,
  host: ClosingHost,
): Slices<Books> {
  if (books.isFull) return booksOfTerminals(books.rows(), 'more transactions than can be kept')
  if (rowsLost)
    return booksOfTerminals(books.rows(), 'the journal had more transactions than it can keep: begin another')
  const settled = host.settled && settledTotals(host.settled)
  if (host.rows !== undefined) {
    const compared = yield* comparingBooks({ size: books.size, rows: books.rows(), settled }, host.rows, { spill })
    return withHint(compared, { journals: [journal], ledger: host.ledger })
  }
  if (settled !== undefined) return booksByTotals({ all: books.rows(), open: unsettled() }, settled)
  return booksOfTerminals(books.rows(), "the host's ledger cannot be seen from here")
}
