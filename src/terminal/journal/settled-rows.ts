// Which of a terminal's transactions a settlement was of already: the first so many, of one batch or of all. They are in
// no later total. Rule: transactions are counted in the order in which they ended; the books of a later process begin with
// them in the order of the journal.

import type { BookRow } from '../../measure/money/books.js'
import type { JournalRecord, ToldMessage } from './journal-records.js'

/** The number of a terminal's first rows that were settled, by terminal and batch (null: all batches). */
export type SettledRows = ReadonlyMap<string, ReadonlyMap<string | null, number>>

/** Totals that have left and that nobody has answered: the host may have closed what they are of. */
export interface Unanswered {
  readonly message: ToldMessage
  /** They are of the terminal's first so many rows, without those that were settled before. */
  readonly rows: number
}

export interface JournalledSettlements {
  readonly rows: SettledRows
  readonly unanswered: ReadonlyMap<string, Unanswered>
}

export interface SettledMarks extends JournalledSettlements {
  /** One more transaction of this terminal has ended. */
  ended(terminal: string): void
  /** The totals of all that have ended leave in this message; null: it was refused, and nothing is closed. */
  settling(terminal: string, message: ToldMessage | null): void
  /** All were settled that have ended, or had when their totals left. */
  settle(terminal: string, batch: string | null): void
}

export function createSettledMarks(from?: JournalledSettlements): SettledMarks {
  const rows = new Map([...(from?.rows ?? [])].map(([terminal, marks]) => [terminal, new Map(marks)]))
  const unanswered = new Map(from?.unanswered)
  const ended = new Map<string, number>()
  return {
    rows,
    unanswered,
    ended(terminal) {
      ended.set(terminal, (ended.get(terminal) ?? 0) + 1)
    },
    settling(terminal, message) {
      if (message === null) unanswered.delete(terminal)
      else unanswered.set(terminal, { message, rows: ended.get(terminal) ?? 0 })
    },
    settle(terminal, batch) {
      const marks = rows.get(terminal) ?? new Map<string | null, number>()
      const told = batch === null ? unanswered.get(terminal)?.rows : undefined
      rows.set(terminal, marks.set(batch, told ?? ended.get(terminal) ?? 0))
      if (batch === null) unanswered.delete(terminal)
    },
  }
}

/** Rows of no settlement yet. What has ended without effect, in a batch that was closed by then, needs none. */
export function* unsettledRows(
  rows: Iterable<BookRow>,
  { rows: settled }: Pick<JournalledSettlements, 'rows'>,
): Iterable<BookRow> {
  for (const { row, number } of numbered(rows)) {
    const marks = settled.get(row.terminal)
    const isOfClosed = marks?.has(row.batch) === true && (row.state === 'reversed' || row.state === 'declined')
    if (number > Math.max(marks?.get(null) ?? 0, marks?.get(row.batch) ?? 0) && !isOfClosed) yield row
  }
}

/** Yields the rows whose batch is open: the host no longer compares the totals of a batch that it has closed. */
export function* inOpenBatches(
  rows: Iterable<BookRow>,
  { rows: settled }: Pick<JournalledSettlements, 'rows'>,
): Iterable<BookRow> {
  for (const row of rows) if (settled.get(row.terminal)?.has(row.batch) !== true) yield row
}

/** The rows that unanswered totals are of. */
export function* unansweredRows(
  rows: Iterable<BookRow>,
  { rows: settled, unanswered }: JournalledSettlements,
): Iterable<BookRow> {
  for (const { row, number } of numbered(rows)) {
    const first = settled.get(row.terminal)?.get(null) ?? 0
    if (number > first && number <= (unanswered.get(row.terminal)?.rows ?? 0)) yield row
  }
}

export type RowOrMark = JournalRecord & { readonly kind: 'row' | 'settled' | 'settling' }

/** The rows, and each settlement behind the last row that it was of: before all rows where it was of none. */
export function* rowsWithMarks(rows: Iterable<BookRow>, marks: JournalledSettlements): Iterable<RowOrMark> {
  const terminals = new Set([...marks.rows.keys(), ...marks.unanswered.keys()])
  const last = new Map<string, number>()
  for (const terminal of terminals) yield* marksOf(marks, terminal, (count) => count === 0)
  for (const { row, number } of numbered(rows)) {
    yield { kind: 'row', row }
    last.set(row.terminal, number)
    yield* marksOf(marks, row.terminal, (count) => count === number)
  }
  // The marks of rows that found no place.
  for (const terminal of terminals) yield* marksOf(marks, terminal, (count) => count > (last.get(terminal) ?? 0))
}

function* marksOf(
  { rows: settled, unanswered }: JournalledSettlements,
  terminal: string,
  isDue: (count: number) => boolean,
): Iterable<RowOrMark> {
  for (const [batch, count] of settled.get(terminal) ?? []) if (isDue(count)) yield { kind: 'settled', terminal, batch }
  const told = unanswered.get(terminal)
  if (told !== undefined && isDue(told.rows)) yield { kind: 'settling', terminal, message: told.message }
}

/** Each row with its number among its terminal's, from 1. */
function* numbered(rows: Iterable<BookRow>): Iterable<{ row: BookRow; number: number }> {
  const last = new Map<string, number>()
  for (const row of rows) {
    const number = (last.get(row.terminal) ?? 0) + 1
    last.set(row.terminal, number)
    yield { row, number }
  }
}
