// The ledger's side of the books, for the comparison with the terminals' side.

import type { BookRow, BookState } from '../../measure/money/books.js'
import type { SqlRow } from './store/store.js'

/** The entries after number ?1, which a clock that is set back cannot change. */
export const bookRowsSql = `
  SELECT t.terminal, m.merchant, e.batch, e.stan, e.kind, e.amount AS "amountMinor", e.state
  FROM entry e JOIN terminal t ON t.id = e.terminal JOIN merchant m ON m.id = e.merchant
  WHERE e.state <> 'blocked' AND e.id > ?1 ORDER BY e.id`

export function* asBookRows(rows: Iterable<SqlRow>): Iterable<BookRow> {
  for (const { terminal, merchant, batch, stan, kind, amountMinor, state } of rows as Iterable<Row>)
    yield { terminal, merchant, batch, stan, kind, amountMinor, state }
}

interface Row {
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  readonly stan: string
  readonly kind: string
  readonly amountMinor: number
  readonly state: BookState
}
