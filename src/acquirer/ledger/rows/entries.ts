// The rows of the ledger and the statements that read and write them. Knows nothing of what they mean.

import { lateIndexes } from '../store/schema.js'
import { all, type Changes, first, type SqlValue, type Steps } from '../store/store.js'
import { createNames, type Names } from './names.js'
import {
  type EntryEffect,
  type EntryState,
  insertMany,
  insertOne,
  type NewEntry,
  newColumns,
  valuesInto,
} from './new-entry.js'
import { rowBlocks } from './row-block.js'

export interface LedgerEntry {
  readonly id: number
  readonly effect: EntryEffect | null
  readonly state: EntryState
  readonly processing: string | null
  readonly asked: number
  readonly amount: number
  readonly card: number | null
  readonly original: number | null
  readonly code: string | null
  readonly rrn: string | null
  readonly auth_code: string | null
  readonly posted_at: number
  readonly merchant: number
  readonly card_kind: string | null
}

export interface ReversalRow {
  readonly code: string
  readonly rrn: string
  readonly auth_code: string
  readonly posted_at: number
}

export interface Entries extends Names {
  /** The new row's id; undefined, and nothing is written, when the terminal has this batch and STAN already. */
  insert(entry: NewEntry): Steps<number | undefined>
  /** So many, in order, as one by one; which of them were refused, because the terminal has their batch and STAN already. */
  insertAll(count: number, entryAt: (index: number) => NewEntry): Steps<readonly RefusedRow[]>
  find(terminal: number, batch: string, stan: string): Steps<LedgerEntry | undefined>
  /**
   * The last one that can be named with this reference, and with this STAN where one is given: what names it may carry the
   * same reference.
   */
  findByReference(terminal: number, reference: string, stan: string | undefined): Steps<LedgerEntry | undefined>
  /** The terminal's last one with this STAN, in whatever batch. */
  findLast(terminal: number, stan: string): Steps<LedgerEntry | undefined>
  /** Sum and number of those in force that name `original` and have one of these effects, themselves not voided. */
  following(
    original: number,
    effects: readonly EntryEffect[],
  ): Steps<{ readonly count: number; readonly amount: number }>
  /** A row whose reversal came first is told what it is. */
  fill(id: number, entry: NewEntry): Steps<void>
  setState(id: number, state: EntryState, amount: number): Steps<void>
  reversalOf(entry: number): Steps<ReversalRow | undefined>
  insertReversal(row: NewReversal): Steps<void>
  /** The sum that was taken from the card or is held, in minor units; negative when more was given back. */
  spent(card: number): Steps<number>
}

export interface RefusedRow {
  readonly at: number
}

export interface NewReversal {
  readonly entry: number
  readonly merchant: number
  readonly amount: number
  readonly code: string
  readonly rrn: string
  readonly authCode: string
  readonly at: number
}

const columns =
  'id, effect, state, processing, asked, amount, card, original, code, rrn, auth_code, posted_at, merchant, card_kind'

const findSql = `SELECT ${columns} FROM entry WHERE terminal = ?1 AND batch = ?2 AND stan = ?3`
const findByReferenceSql = `SELECT ${columns} FROM entry
  WHERE reference = ?1 AND terminal = ?2 AND (CAST(?3 AS TEXT) IS NULL OR stan = ?3) AND effect IN ('charge', 'capture', 'hold')
  ORDER BY id DESC LIMIT 1`
const findLastSql = `SELECT ${columns} FROM entry WHERE terminal = ?1 AND stan = ?2 ORDER BY id DESC LIMIT 1`
const followingSql = `
  SELECT count(*) AS count, CAST(coalesce(sum(amount), 0) AS BIGINT) AS amount FROM entry f
  WHERE f.original = ?1 AND f.state = 'charged' AND f.effect IN (?2, ?3) AND NOT EXISTS (
    SELECT 1 FROM entry v WHERE v.original = f.id AND v.effect = 'void' AND v.state = 'charged')`
const newestSql = 'SELECT terminal, batch, stan FROM entry WHERE id > ?1 ORDER BY id'
const fillSql = `
  UPDATE entry SET effect = ?1, kind = ?2, state = ?3, processing = ?4, asked = ?5, amount = ?6, card = ?7, original = ?8,
    code = ?9, rrn = ?10, auth_code = ?11, reference = ?12, posted_at = ?13, card_kind = ?14 WHERE id = ?15`

/** `atOnce`: the store takes many rows in one statement. */
export function prepareEntries(atOnce: boolean): Entries {
  return {
    ...createNames(atOnce),
    insert: insertEntry,
    insertAll: atOnce ? insertTogether : insertInBlocks(),
    find: (terminal, batch, stan) => first<LedgerEntry>(findSql, terminal, batch, stan),
    *findByReference(terminal, reference, stan) {
      const values = [reference, terminal, stan ?? null]
      return (yield { sql: findByReferenceSql, wants: 'row', values, index: lateIndexes.reference })[0] as
        | LedgerEntry
        | undefined
    },
    *findLast(terminal, stan) {
      const values = [terminal, stan]
      return (yield { sql: findLastSql, wants: 'row', values, index: lateIndexes.terminal })[0] as
        | LedgerEntry
        | undefined
    },
    *following(original, [effect = '', other = effect]) {
      const rows = yield { sql: followingSql, wants: 'row', values: [original, effect, other] }
      return rows[0] as unknown as { readonly count: number; readonly amount: number }
    },
    *fill(id, entry) {
      const values = [
        ...[entry.effect, entry.kind, entry.state, entry.processing, entry.asked, entry.amount, entry.card],
        ...[entry.original, entry.code, entry.rrn, entry.authCode, entry.reference, entry.at, entry.cardKind, id],
      ]
      yield { sql: fillSql, wants: 'nothing', values }
    },
    *setState(id, state, amount) {
      yield {
        sql: 'UPDATE entry SET state = ?1, amount = ?2 WHERE id = ?3',
        wants: 'nothing',
        values: [state, amount, id],
      }
    },
    reversalOf: (entry) =>
      first<ReversalRow>('SELECT code, rrn, auth_code, posted_at FROM reversal WHERE entry = ?1', entry),
    insertReversal,
    spent,
  }
}

function* insertEntry(entry: NewEntry): Steps<number | undefined> {
  const rows = yield { sql: insertOne, wants: 'id', values: valuesInto([], entry) }
  return (rows[0] as { id: number } | undefined)?.id
}

/** Neighbours of one kind by one statement. */
function insertInBlocks(): Entries['insertAll'] {
  const blockOf = rowBlocks()
  return function* (count, entryAt) {
    const refused: RefusedRow[] = []
    for (let from = 0; from < count; ) {
      const block = blockOf(from, count, entryAt)
      if (block === undefined) {
        if ((yield* insertEntry(entryAt(from))) === undefined) refused.push({ at: from })
        from++
        continue
      }
      const [done] = (yield { sql: block.sql, wants: 'changes', values: block.values }) as unknown as [Changes]
      if (done.changes < block.count) refused.push(...(yield* refusedOf(from, block.count, entryAt, done)))
      from += block.count
    }
    return refused
  }
}

/** Rows of one statement have numbers in their order, without a gap; each that is not among them was refused. */
function* refusedOf(
  from: number,
  count: number,
  entryAt: (index: number) => NewEntry,
  { changes, id }: Changes,
): Steps<readonly RefusedRow[]> {
  const written = yield* all<NamedRow>(newestSql, changes === 0 ? Number.MAX_SAFE_INTEGER : id - changes)
  const refused: RefusedRow[] = []
  let next = 0
  for (let at = from; at < from + count; at++) {
    const { terminal, batch, stan } = entryAt(at)
    const row = written[next]
    if (row?.terminal === terminal.id && row.batch === batch && row.stan === stan) next++
    else refused.push({ at })
  }
  return refused
}

/** PostgreSQL takes the rows in their order: of two with one name the first is the new one. */
function* insertTogether(count: number, entryAt: (index: number) => NewEntry): Steps<readonly RefusedRow[]> {
  const rows = Array.from({ length: count }, (_, index) => valuesInto([], entryAt(index)))
  const lists = newColumns.map((_, column) => rows.map((row) => row[column] as SqlValue))
  const inserted = (yield { sql: insertMany, wants: 'rows', values: lists }) as unknown as readonly NamedRow[]
  const isNew = new Set(inserted.map(({ terminal, batch, stan }) => `${terminal}\u001f${batch}\u001f${stan}`))
  return rows.flatMap(([terminal, , batch, stan], at) =>
    isNew.delete(`${terminal}\u001f${batch}\u001f${stan}`) ? [] : [{ at }],
  )
}

interface NamedRow {
  readonly terminal: number
  readonly batch: string
  readonly stan: string
}

function* insertReversal(row: NewReversal): Steps<void> {
  yield {
    sql: `INSERT INTO reversal (entry, merchant, amount, code, rrn, auth_code, posted_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    wants: 'nothing',
    values: [row.entry, row.merchant, row.amount, row.code, row.rrn, row.authCode, row.at],
  }
}

const spentSql = `SELECT CAST(coalesce(sum(CASE e.effect
    WHEN 'charge' THEN e.amount WHEN 'capture' THEN e.amount
    WHEN 'refund' THEN -e.amount WHEN 'void' THEN -e.amount
    WHEN 'hold' THEN CASE WHEN EXISTS (SELECT 1 FROM entry f WHERE f.original = e.id AND f.state = 'charged'
      AND f.effect IN ('capture', 'release')) THEN 0 ELSE e.amount END
    ELSE 0 END), 0) AS BIGINT) AS spent
  FROM entry e WHERE e.card = ?1 AND e.state = 'charged'`

/** Holds that were neither captured nor let go count as spent: what is left is what is available. */
function* spent(card: number): Steps<number> {
  const rows = yield { sql: spentSql, wants: 'row', values: [card], index: lateIndexes.card }
  return (rows[0] as { spent: number }).spent
}
