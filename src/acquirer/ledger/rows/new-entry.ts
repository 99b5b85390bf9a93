// A new row of the ledger, and the statements that write it whole.

import type { SqlValue } from '../store/store.js'
import type { TerminalRow } from './names.js'

export type EntryState = 'charged' | 'reversed' | 'declined' | 'blocked'
export type EntryEffect = 'charge' | 'capture' | 'refund' | 'void' | 'hold' | 'release'

export interface NewEntry {
  readonly terminal: TerminalRow
  readonly batch: string
  readonly stan: string
  readonly effect: EntryEffect | null
  readonly kind: string | null
  readonly state: EntryState
  readonly processing: string | null
  readonly asked: number
  readonly amount: number
  readonly card: number | null
  readonly original: number | null
  readonly code: string | null
  readonly rrn: string | null
  readonly authCode: string | null
  readonly reference: string | null
  readonly at: number
  /** A kind of the acquirer's `cardKinds`; null: none. */
  readonly cardKind: string | null
}

/** Those of a new row, with their types in PostgreSQL. */
export const newColumns: readonly (readonly [string, string])[] = [
  ...([
    ['terminal', 'bigint'],
    ['merchant', 'bigint'],
    ['batch', 'text'],
    ['stan', 'text'],
  ] as const),
  ...([
    ['effect', 'text'],
    ['kind', 'text'],
    ['state', 'text'],
    ['processing', 'text'],
  ] as const),
  ...([
    ['asked', 'bigint'],
    ['amount', 'bigint'],
    ['card', 'bigint'],
    ['original', 'bigint'],
  ] as const),
  ...([
    ['code', 'text'],
    ['rrn', 'text'],
    ['auth_code', 'text'],
    ['reference', 'text'],
  ] as const),
  ['posted_at', 'bigint'],
  ['card_kind', 'text'],
]
const newNames = newColumns.map(([name]) => name).join(', ')
export const insertOne = `INSERT INTO entry (${newNames}) VALUES (${newColumns.map((_, index) => `?${index + 1}`).join(', ')})
  ON CONFLICT DO NOTHING`
export const insertMany = `INSERT INTO entry (${newNames})
  SELECT * FROM unnest(${newColumns.map(([, type], index) => `?${index + 1}::${type}[]`).join(', ')})
  ON CONFLICT DO NOTHING RETURNING terminal, batch, stan`

/** Values in the order of the columns, into `row`, which may be used again. */
export function valuesInto(row: SqlValue[], entry: NewEntry): SqlValue[] {
  row[0] = entry.terminal.id
  row[1] = entry.terminal.merchant
  row[2] = entry.batch
  row[3] = entry.stan
  row[4] = entry.effect
  row[5] = entry.kind
  row[6] = entry.state
  row[7] = entry.processing
  row[8] = entry.asked
  row[9] = entry.amount
  row[10] = entry.card
  row[11] = entry.original
  row[12] = entry.code
  row[13] = entry.rrn
  row[14] = entry.authCode
  row[15] = entry.reference
  row[16] = entry.at
  row[17] = entry.cardKind
  return row
}
