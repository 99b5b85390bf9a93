// Which of a terminal's transactions a settlement was of already: the first so many, of one batch or of all. They are in
// no later total. Rule: transactions are counted in the order in which they ended, the same in the journal and the books.

import type { BookRow } from '../measure/books.js'

/** By terminal and batch (null: all batches), how many of the terminal's first rows were settled. */
export type SettledRows = ReadonlyMap<string, ReadonlyMap<string | null, number>>

export interface SettledMarks {
  readonly rows: SettledRows
  /** One more transaction of this terminal has ended. */
  ended(terminal: string): void
  /** All that have ended were settled. */
  settle(terminal: string, batch: string | null): void
}

export function createSettledMarks(from: SettledRows = new Map()): SettledMarks {
  const rows = new Map([...from].map(([terminal, marks]) => [terminal, new Map(marks)]))
  const ended = new Map<string, number>()
  return {
    rows,
    ended(terminal) {
      ended.set(terminal, (ended.get(terminal) ?? 0) + 1)
    },
    settle(terminal, batch) {
      const marks = rows.get(terminal) ?? new Map<string | null, number>()
      rows.set(terminal, marks.set(batch, ended.get(terminal) ?? 0))
    },
  }
}

export function* unsettledRows(rows: Iterable<BookRow>, settled: SettledRows): Iterable<BookRow> {
  for (const { row, number } of numbered(rows)) {
    const marks = settled.get(row.terminal)
    if (number > Math.max(marks?.get(null) ?? 0, marks?.get(row.batch) ?? 0)) yield row
  }
}

export type RowOrMark =
  | { readonly kind: 'row'; readonly row: BookRow }
  | { readonly kind: 'settled'; readonly terminal: string; readonly batch: string | null }

/** The rows, and each settlement behind the last row that it was of. */
export function* rowsWithMarks(rows: Iterable<BookRow>, settled: SettledRows): Iterable<RowOrMark> {
  const last = new Map<string, number>()
  for (const { row, number } of numbered(rows)) {
    yield { kind: 'row', row }
    last.set(row.terminal, number)
    yield* marksOf(settled, row.terminal, (count) => count === number)
  }
  // Of rows that found no place.
  for (const terminal of settled.keys()) yield* marksOf(settled, terminal, (count) => count > (last.get(terminal) ?? 0))
}

function* marksOf(settled: SettledRows, terminal: string, isDue: (count: number) => boolean): Iterable<RowOrMark> {
  for (const [batch, count] of settled.get(terminal) ?? []) if (isDue(count)) yield { kind: 'settled', terminal, batch }
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
