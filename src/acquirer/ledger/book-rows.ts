// The ledger's side of the books, for the comparison with the terminals' side.

import type { BookRow, BookState } from '../../measure/money/books.js'
import type { DatabaseSync } from './database.js'

interface Row {
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  readonly stan: string
  readonly kind: string
  readonly amountMinor: number
  readonly state: BookState
}

/** The entries after number `after`, which a clock that is set back cannot change; left out: all. */
export function* readRows(database: DatabaseSync, after = 0): Iterable<BookRow> {
  const rows = database.prepare(`
    SELECT t.terminal, m.merchant, e.batch, e.stan, e.kind, e.amount AS amountMinor, e.state
    FROM entry e JOIN terminal t ON t.id = e.terminal JOIN merchant m ON m.id = e.merchant
    WHERE e.state <> 'blocked' AND e.id > ? ORDER BY e.id`)
  for (const row of rows.iterate(after) as Iterable<Row>) yield { ...row }
}
