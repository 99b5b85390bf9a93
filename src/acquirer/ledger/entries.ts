// The rows of the ledger and the statements that read and write them. Knows nothing of what they mean.

import type { DatabaseSync } from './database.js'
import { lateIndexes } from './schema.js'

export type EntryState = 'charged' | 'reversed' | 'declined' | 'blocked'
export type EntryEffect = 'charge' | 'capture' | 'refund' | 'void' | 'hold' | 'release'

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
}

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
}

export interface TerminalRow {
  readonly id: number
  readonly merchant: number
}

export interface ReversalRow {
  readonly code: string
  readonly rrn: string
  readonly auth_code: string
  readonly posted_at: number
}

export interface Entries {
  terminal(terminal: string, merchant: string): TerminalRow
  card(digest: Uint8Array): number
  /** The new row's id; undefined, and nothing is written, when the terminal has this batch and STAN already. */
  insert(entry: NewEntry): number | undefined
  find(terminal: number, batch: string, stan: string): LedgerEntry | undefined
  /**
   * The last one that can be named with this reference, and with this STAN where one is given: what names it may carry the
   * same reference.
   */
  findByReference(terminal: number, reference: string, stan: string | undefined): LedgerEntry | undefined
  /** The terminal's last one with this STAN, in whatever batch. */
  findLast(terminal: number, stan: string): LedgerEntry | undefined
  /** Sum and number of those in force that name `original` and have one of these effects, themselves not voided. */
  following(original: number, effects: readonly EntryEffect[]): { readonly count: number; readonly amount: number }
  /** A row whose reversal came first is told what it is. */
  fill(id: number, entry: NewEntry): void
  setState(id: number, state: EntryState, amount: number): void
  reversalOf(entry: number): ReversalRow | undefined
  insertReversal(row: {
    readonly entry: number
    readonly merchant: number
    readonly amount: number
    readonly code: string
    readonly rrn: string
    readonly authCode: string
    readonly at: number
  }): void
  /** What has been taken from the card or is held, in minor units; negative when more was given back. */
  spent(card: number): number
  /** After a transaction that was rolled back: what was remembered may not be there. */
  forget(): void
}

/** Ids that are remembered, for each kind: a day of 100,000 terminals fits. They can be looked up again. */
const mostRemembered = 200_000

const columns =
  'id, effect, state, processing, asked, amount, card, original, code, rrn, auth_code, posted_at, merchant'

export function prepareEntries(database: DatabaseSync): Entries {
  const insert = database.prepare(`
    INSERT INTO entry (terminal, merchant, batch, stan, effect, kind, state, processing, asked, amount, card, original,
      code, rrn, auth_code, reference, posted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const find = database.prepare(`SELECT ${columns} FROM entry WHERE terminal = ? AND batch = ? AND stan = ?`)
  const findByReference = prepareLate(
    database,
    lateIndexes.reference,
    `SELECT ${columns} FROM entry WHERE reference = ? AND terminal = ? AND (? IS NULL OR stan = ?)
      AND effect IN ('charge', 'capture', 'hold')
    ORDER BY id DESC LIMIT 1`,
  )
  const findLast = prepareLate(
    database,
    lateIndexes.terminal,
    `SELECT ${columns} FROM entry WHERE terminal = ? AND stan = ? ORDER BY id DESC LIMIT 1`,
  )
  const following = database.prepare(`
    SELECT count(*) AS count, coalesce(sum(amount), 0) AS amount FROM entry AS f
    WHERE f.original = ? AND f.state = 'charged' AND instr(?, f.effect) > 0 AND NOT EXISTS (
      SELECT 1 FROM entry AS v WHERE v.original = f.id AND v.effect = 'void' AND v.state = 'charged')`)
  const fill = database.prepare(`
    UPDATE entry SET effect = ?, kind = ?, state = ?, processing = ?, asked = ?, amount = ?, card = ?, original = ?,
      code = ?, rrn = ?, auth_code = ?, reference = ?, posted_at = ? WHERE id = ?`)
  const setState = database.prepare('UPDATE entry SET state = ?, amount = ? WHERE id = ?')
  const { terminal, card, forget } = prepareNames(database)

  return {
    terminal,
    card,
    forget,
    insert(entry) {
      const { terminal } = entry
      const { changes, lastInsertRowid } = insert.run(
        terminal.id,
        terminal.merchant,
        entry.batch,
        entry.stan,
        entry.effect,
        entry.kind,
        entry.state,
        entry.processing,
        entry.asked,
        entry.amount,
        entry.card,
        entry.original,
        entry.code,
        entry.rrn,
        entry.authCode,
        entry.reference,
        entry.at,
      )
      return changes === 0 ? undefined : Number(lastInsertRowid)
    },
    find: (terminalId, batch, stan) => find.get(terminalId, batch, stan) as LedgerEntry | undefined,
    findByReference: (terminalId, reference, stan) =>
      findByReference().get(reference, terminalId, stan ?? null, stan ?? null) as LedgerEntry | undefined,
    findLast: (terminalId, stan) => findLast().get(terminalId, stan) as LedgerEntry | undefined,
    following: (original, effects) =>
      following.get(original, effects.join(' ')) as { readonly count: number; readonly amount: number },
    fill: (id, entry) => {
      fill.run(
        ...[entry.effect, entry.kind, entry.state, entry.processing, entry.asked, entry.amount, entry.card],
        ...[entry.original, entry.code, entry.rrn, entry.authCode, entry.reference, entry.at, id],
      )
    },
    setState: (id, state, amount) => {
      setState.run(state, amount, id)
    },
    ...prepareReversals(database),
    spent: prepareSpent(database),
  }
}

function prepareReversals(database: DatabaseSync): Pick<Entries, 'reversalOf' | 'insertReversal'> {
  const find = database.prepare('SELECT code, rrn, auth_code, posted_at FROM reversal WHERE entry = ?')
  const insert = database.prepare(`
    INSERT INTO reversal (entry, merchant, amount, code, rrn, auth_code, posted_at) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  return {
    reversalOf: (entry) => find.get(entry) as ReversalRow | undefined,
    insertReversal: (row) => {
      insert.run(row.entry, row.merchant, row.amount, row.code, row.rrn, row.authCode, row.at)
    },
  }
}

/** Numbers of terminals and cards, remembered so that a posting is one insert as a rule. */
function prepareNames(database: DatabaseSync): Pick<Entries, 'terminal' | 'card' | 'forget'> {
  const addMerchant = database.prepare('INSERT INTO merchant (merchant) VALUES (?) ON CONFLICT DO NOTHING')
  const addTerminal = database.prepare(`
    INSERT INTO terminal (terminal, merchant) SELECT ?, id FROM merchant WHERE merchant = ? ON CONFLICT DO NOTHING`)
  const findTerminal = database.prepare(`
    SELECT t.id, t.merchant FROM terminal t JOIN merchant m ON m.id = t.merchant WHERE t.terminal = ? AND m.merchant = ?`)
  const addCard = database.prepare('INSERT INTO card (digest) VALUES (?) ON CONFLICT DO NOTHING')
  const findCard = database.prepare('SELECT id FROM card WHERE digest = ?')
  const terminals = new Map<string, TerminalRow>()
  // By identity: the digests of cards that come again are the same objects.
  const cards = new Map<Uint8Array, number>()

  return {
    terminal(terminal, merchant) {
      const key = `${terminal}\u001f${merchant}`
      const known = terminals.get(key)
      if (known !== undefined) return known
      addMerchant.run(merchant)
      addTerminal.run(terminal, merchant)
      const row = findTerminal.get(terminal, merchant) as TerminalRow
      return remember(terminals, key, { id: row.id, merchant: row.merchant })
    },
    card(digest) {
      const known = cards.get(digest)
      if (known !== undefined) return known
      addCard.run(digest)
      return remember(cards, digest, (findCard.get(digest) as { id: number }).id)
    },
    forget() {
      terminals.clear()
      cards.clear()
    },
  }
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Value {
  if (map.size >= mostRemembered) map.clear()
  map.set(key, value)
  return value
}

/** A statement that needs an index which is made when the statement is first used. */
export function prepareLate(
  database: DatabaseSync,
  index: string,
  sql: string,
): () => ReturnType<DatabaseSync['prepare']> {
  let prepared: ReturnType<DatabaseSync['prepare']> | undefined
  return () => {
    if (prepared === undefined) {
      database.exec(index)
      prepared = database.prepare(sql)
    }
    return prepared
  }
}

/** Holds that were neither captured nor let go count as spent: what is left is what is available. */
function prepareSpent(database: DatabaseSync): (card: number) => number {
  const spent = prepareLate(
    database,
    lateIndexes.card,
    `SELECT coalesce(sum(CASE e.effect
      WHEN 'charge' THEN e.amount WHEN 'capture' THEN e.amount
      WHEN 'refund' THEN -e.amount WHEN 'void' THEN -e.amount
      WHEN 'hold' THEN CASE WHEN EXISTS (SELECT 1 FROM entry f WHERE f.original = e.id AND f.state = 'charged'
        AND f.effect IN ('capture', 'release')) THEN 0 ELSE e.amount END
      ELSE 0 END), 0) AS spent
    FROM entry e WHERE e.card = ? AND e.state = 'charged'`,
  )
  return (card) => (spent().get(card) as { spent: number }).spent
}
