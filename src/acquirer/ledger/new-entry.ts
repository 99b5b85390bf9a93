// A new row of the ledger, and the statements that write it. Texts that a host writes again and again stand in the statement itself, and
// only the others are bound: binding a text costs more than storing it.

import type { TerminalRow } from './names.js'
import type { SqlValue } from './store/store.js'

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

/** Statements that are kept: sales, holds and their refusals by code. Further kinds of rows are bound whole. */
const mostStatements = 64

/** How rows of a kind are inserted. */
export interface FrequentInsert {
  readonly sql: string
  /** The values that are bound, in their order: valid until the next call. */
  valuesOf(entry: NewEntry): readonly SqlValue[]
}

/** Undefined for a row that is bound whole. */
export type FrequentInserts = (entry: NewEntry) => FrequentInsert | undefined

interface Kind extends FrequentInsert {
  readonly effect: NewEntry['effect']
  readonly kind: NewEntry['kind']
  readonly state: NewEntry['state']
  readonly code: NewEntry['code']
  readonly cardKind: NewEntry['cardKind']
  readonly isReferenceItsRrn: boolean
}

export function frequentInserts(): FrequentInserts {
  const known: Kind[] = []
  let last: Kind | undefined
  return (entry) => {
    if (last !== undefined && fits(last, entry)) return last
    if (entry.original !== null || entry.asked !== entry.amount) return undefined
    for (const kind of known) {
      if (!fits(kind, entry)) continue
      last = kind
      return kind
    }
    if (
      known.length >= mostStatements ||
      ![entry.effect, entry.kind, entry.state, entry.code, entry.cardKind].every(isLiteral)
    ) {
      return undefined
    }
    last = kindOf(entry)
    known.push(last)
    return last
  }
}

function fits(kind: Kind, entry: NewEntry): boolean {
  return (
    kind.effect === entry.effect &&
    kind.kind === entry.kind &&
    kind.state === entry.state &&
    kind.code === entry.code &&
    kind.cardKind === entry.cardKind &&
    kind.isReferenceItsRrn === (entry.reference === entry.rrn) &&
    entry.original === null &&
    entry.asked === entry.amount
  )
}

/** A dialect's own words, codes, and names of a user's own: nothing that could end a text of SQL. */
const isLiteral = (text: string | null) => text === null || /^[\w -]{1,32}$/.test(text)
const literal = (text: string | null) => (text === null ? 'NULL' : `'${text}'`)

function kindOf({ effect, kind, state, code, cardKind, reference, rrn }: NewEntry): Kind {
  const isReferenceItsRrn = reference === rrn
  return {
    ...{ effect, kind, state, code, cardKind, isReferenceItsRrn },
    sql: `INSERT INTO entry (terminal, merchant, batch, stan, effect, kind, state, processing, asked, amount, card, code, rrn, auth_code,
        posted_at, reference, card_kind)
      VALUES (?1, ?2, ?3, ?4, ${[effect, kind, state].map(literal).join(', ')}, ?5, ?6, ?6, ?7, ${literal(code)}, ?8, ?9,
        ?10, ${isReferenceItsRrn ? '?8' : '?11'}, ${literal(cardKind)}) ON CONFLICT DO NOTHING`,
    valuesOf: isReferenceItsRrn ? binder(10) : withReference(binder(11)),
  }
}

function binder(count: number): (entry: NewEntry) => SqlValue[] {
  const row: SqlValue[] = Array.from({ length: count }, () => null)
  return (entry) => {
    row[0] = entry.terminal.id
    row[1] = entry.terminal.merchant
    row[2] = entry.batch
    row[3] = entry.stan
    row[4] = entry.processing
    row[5] = entry.asked
    row[6] = entry.card
    row[7] = entry.rrn
    row[8] = entry.authCode
    row[9] = entry.at
    return row
  }
}

function withReference(bind: (entry: NewEntry) => SqlValue[]): (entry: NewEntry) => SqlValue[] {
  return (entry) => {
    const row = bind(entry)
    row[10] = entry.reference
    return row
  }
}
