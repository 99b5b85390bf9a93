// The rows that a journal no longer has when terminals start again on it. Rule: of an earlier day, and only when nothing was owed.

import type { BookRow } from '../../src/measure/money/books.js'
import type { Recovered } from '../../src/terminal/journal/recover.js'
import { rowName } from './audit.js'

export interface Archived {
  /** For the comparison of books: the ledger still has them. */
  readonly rows: readonly BookRow[]
  readonly problems: readonly string[]
}

/** `before`: the journal as it was found; `books`: the rows of who started on it; `today`: YYYYMMDD where the terminals are. */
export function archivedRows(
  before: Pick<Recovered, 'rows' | 'owed' | 'day'>,
  { books, today }: { readonly books: readonly BookRow[]; readonly today: string },
): Archived {
  const kept = new Map(books.map((row) => [rowName(row), row]))
  const rows = [...before.rows].filter((row) => !kept.has(rowName(row)))
  const forgotten = before.owed.filter(([, record]) => kept.get(rowName(record))?.state !== 'unknown')
  const problems = [
    ...(forgotten.length > 0
      ? [`lost reversal: ${forgotten.length} messages that were owed are not owed after a start`]
      : []),
    ...(rows.length > 0 && before.owed.length > 0
      ? [`lost rows: ${rows.length} rows are gone although ${before.owed.length} messages were owed`]
      : []),
    ...(rows.length > 0 && before.day === today ? [`lost rows: ${rows.length} rows of this day are gone`] : []),
  ]
  return { rows, problems }
}
