// The ledger's rows of payouts, holds and advices, and the statements that read and write them.

import type { EntryEffect } from './rows/new-entry.js'
import { lateIndexes } from './store/schema.js'
import { all, execute, first, insert, type Steps } from './store/store.js'

export interface MerchantRow {
  readonly id: number
  readonly merchant: string
  readonly account: number
  readonly paid_entry: number
  readonly paid_reversal: number
  readonly paid_day: string
  readonly day_total: number
  readonly hold: string | null
  readonly held_since: number | null
  readonly asked: 0 | 1
  /** Epoch ms. 0: nobody has looked yet; null: an event decides. */
  readonly next_due: number | null
}

/** Up to where the ledger was read. */
export interface LedgerPosition {
  readonly entry: number
  readonly reversal: number
}

export interface UnpaidRow {
  readonly id: number
  readonly terminal: number
  readonly batch: string
  readonly stan: string
  readonly effect: Extract<EntryEffect, 'charge' | 'capture' | 'refund' | 'void'>
  readonly amount: number
  readonly posted_at: number
  readonly card_kind: string | null
}

export interface NewPayout {
  readonly merchant: number
  readonly at: number
  /** YYYY-MM-DD */
  readonly valueDate: string
  readonly transactions: number
  readonly gross: number
  readonly refunds: number
  readonly chargebacks: number
  readonly fee: number
  readonly amount: number
  readonly contractFee: number
  /** Everything up to here is paid. */
  readonly lastEntry: number
  readonly lastReversal: number
}

export interface PaidSums {
  readonly amount: number
  readonly fee: number
  readonly contract_fee: number
}

export interface NewAdvice {
  readonly payout: number
  readonly terminal: number
  readonly amount: number
  readonly transactions: string
}

export interface AdviceRow {
  readonly id: number
  readonly terminal: string
  readonly merchant: string
  readonly batch: number
  readonly amount: number
  readonly transactions: string
  readonly value_date: string
}

export const merchants = () => all<MerchantRow>('SELECT * FROM merchant ORDER BY id')

export function* merchantOf(id: number): Steps<MerchantRow> {
  return (yield* first<MerchantRow>('SELECT * FROM merchant WHERE id = ?1', id)) as MerchantRow
}

/** Whose time has come, who was never looked at, and for whom a terminal has asked. */
export const due = (now: number) => all<MerchantRow>('SELECT * FROM merchant WHERE next_due <= ?1 OR asked = 1', now)

/** When the next one's time comes. */
export function* nextDueAt(): Steps<number | undefined> {
  return (yield* first<{ readonly at: number | null }>('SELECT min(next_due) AS at FROM merchant'))?.at ?? undefined
}

export const schedule = (merchant: number, nextDue: number | null) =>
  execute('UPDATE merchant SET next_due = ?1 WHERE id = ?2', nextDue, merchant)

/** As `schedule`, when it was looked what is to be paid: nobody asks any more. */
export const looked = (merchant: number, nextDue: number | null) =>
  execute('UPDATE merchant SET asked = 0, next_due = ?1 WHERE id = ?2', nextDue, merchant)

/** The end of the ledger. */
export function* ledgerEnd(): Steps<LedgerPosition> {
  return (yield* first<LedgerPosition>(
    'SELECT (SELECT coalesce(max(id), 0) FROM entry) AS entry, (SELECT coalesce(max(id), 0) FROM reversal) AS reversal',
  )) as LedgerPosition
}

/** Merchants of whom something was posted between two places. */
export const news = (after: LedgerPosition, to: LedgerPosition) =>
  all<MerchantRow>(
    `SELECT * FROM merchant WHERE id IN (
      SELECT merchant FROM entry WHERE id > ?1 AND id <= ?2
      UNION SELECT merchant FROM reversal WHERE id > ?3 AND id <= ?4)`,
    ...[after.entry, to.entry, after.reversal, to.reversal],
  )

const movesMoney = "effect IN ('charge', 'capture', 'refund', 'void')"
const unpaidSql = `
  SELECT id, terminal, batch, stan, effect, amount, posted_at, card_kind FROM entry
  WHERE merchant = ?1 AND id > ?2 AND state = 'charged' AND ${movesMoney} ORDER BY id LIMIT ?3`

/**
 * In force, not paid, posted before `before`; at most `most`. Ends at the first that was posted later, because the mark of what
 * is paid is an id, and clocks that are set back give later ids an earlier time: what is behind waits with it.
 */
export function* unpaid({ id, paid_entry }: MerchantRow, before: number, most: number): Steps<readonly UnpaidRow[]> {
  const values = [id, paid_entry, most]
  const rows = (yield {
    sql: unpaidSql,
    wants: 'rows',
    values,
    index: lateIndexes.merchant,
  }) as unknown as readonly UnpaidRow[]
  const later = rows.findIndex(({ posted_at }) => posted_at >= before)
  return later === -1 ? rows : rows.slice(0, later)
}

/**
 * Behind those that are paid, and not to be paid before the fallback of the terms; the mark of what is paid passes over them. Those
 * that are reversed already stand in the list too: the mark is no sign that they were ever paid.
 */
export function* miss({ id, paid_entry }: MerchantRow, last: number): Steps<void> {
  yield* execute(
    `INSERT INTO missed (merchant, entry) SELECT merchant, id FROM entry
      WHERE merchant = ?1 AND id > ?2 AND id <= ?3 AND state IN ('charged', 'reversed') AND ${movesMoney}`,
    ...[id, paid_entry, last],
  )
  yield* execute('UPDATE merchant SET paid_entry = ?1 WHERE id = ?2', last, id)
}

/** Those that missed their window, are in force and were posted before `before`, as `unpaid` has them. */
export function* missed(merchant: number, before: number, most: number): Steps<readonly UnpaidRow[]> {
  const rows = yield* all<UnpaidRow>(
    `SELECT e.id, e.terminal, e.batch, e.stan, e.effect, e.amount, e.posted_at, e.card_kind
      FROM missed d JOIN entry e ON e.id = d.entry WHERE d.merchant = ?1 AND e.state = 'charged' ORDER BY e.id LIMIT ?2`,
    ...[merchant, most],
  )
  const later = rows.findIndex(({ posted_at }) => posted_at >= before)
  return later === -1 ? rows : rows.slice(0, later)
}

/** Those that missed their window up to `last` are paid. */
export const madeUp = (merchant: number, last: number) =>
  execute('DELETE FROM missed WHERE merchant = ?1 AND entry <= ?2', merchant, last)

/** Paid before and reversed since. */
export function* corrections(merchant: MerchantRow, lastReversal: number): Steps<readonly UnpaidRow[]> {
  const { id, paid_entry, paid_reversal } = merchant
  return (yield {
    sql: `SELECT e.id, e.terminal, e.batch, e.stan, e.effect, r.amount, e.posted_at, e.card_kind
      FROM reversal r JOIN entry e ON e.id = r.entry
      WHERE r.merchant = ?1 AND r.id > ?2 AND r.id <= ?3 AND r.amount > 0 AND e.id <= ?4 AND e.${movesMoney}
        AND NOT EXISTS (SELECT 1 FROM missed d WHERE d.merchant = ?1 AND d.entry = e.id)`,
    wants: 'rows',
    values: [id, paid_reversal, lastReversal, paid_entry],
    index: lateIndexes.merchant,
  }) as unknown as readonly UnpaidRow[]
}

const insertPayout = `
  INSERT INTO payout (merchant, paid_at, value_date, transactions, gross, refunds, fee, amount, contract_fee, chargebacks)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
const credit = `
  UPDATE merchant SET account = account + ?1,
    paid_entry = CASE WHEN paid_entry > ?2 THEN paid_entry ELSE ?2 END, paid_reversal = ?3,
    day_total = CASE WHEN paid_day = ?4 THEN day_total + ?1 WHEN paid_day < ?4 THEN ?1 ELSE day_total END,
    paid_day = CASE WHEN paid_day < ?4 THEN ?4 ELSE paid_day END, hold = NULL, held_since = NULL
  WHERE id = ?5`

/** Its number. */
export function* pay(payout: NewPayout): Steps<number> {
  const { merchant, at, valueDate, transactions, gross, refunds, chargebacks, fee, amount, contractFee } = payout
  const id = yield* insert(
    insertPayout,
    ...[merchant, at, valueDate, transactions, gross, refunds, fee, amount, contractFee, chargebacks],
  )
  yield* execute(credit, amount, payout.lastEntry, payout.lastReversal, valueDate, merchant)
  return id as number
}

/**
 * The sum that the merchant was paid on a day, YYYY-MM-DD. The row has the sum of the latest day alone: a host whose clock was set back, or is
 * behind that of another host of this ledger, pays on an earlier one.
 */
export function* paidOn({ id, paid_day, day_total }: MerchantRow, day: string): Steps<number> {
  if (day > paid_day) return 0
  if (day === paid_day) return day_total
  const sum = yield* first<{ readonly amount: number }>(
    `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS amount FROM payout WHERE merchant = ?1 AND value_date = ?2`,
    ...[id, day],
  )
  return Number(sum?.amount ?? 0)
}

/** Sums of a merchant's payouts after this one. */
export function* paidAfter(merchant: number, payout: number): Steps<PaidSums> {
  return (yield* first<PaidSums>(
    `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS amount, CAST(coalesce(sum(fee), 0) AS BIGINT) AS fee,
      CAST(coalesce(sum(contract_fee), 0) AS BIGINT) AS contract_fee FROM payout WHERE merchant = ?1 AND id > ?2`,
    ...[merchant, payout],
  )) as PaidSums
}

/** `reason` null: nothing is held any more. */
export const holdBack = (merchant: number, reason: string | null, at: number) =>
  execute(
    `UPDATE merchant SET hold = ?1, held_since = CASE WHEN hold IS NOT DISTINCT FROM ?1 THEN held_since
      WHEN CAST(?1 AS TEXT) IS NULL THEN NULL ELSE CAST(?2 AS BIGINT) END WHERE id = ?3`,
    ...[reason, at, merchant],
  )

export interface HeldBackRow {
  readonly reason: string
  /** Epoch ms. */
  readonly since: number
  readonly until: number | null
  readonly amount: number
}

/** Spans of one merchant that a report has, the latest: each is a change of reason, and not a payout. */
const mostSpans = 100

/** The latest first. `after`: those that are over by then are left out, in epoch ms. */
export const heldBack = (merchant: number, after: number, most = mostSpans) =>
  all<HeldBackRow>(
    `SELECT reason, since, until, amount FROM held_back WHERE merchant = ?1 AND (until IS NULL OR until > ?2)
      ORDER BY id DESC LIMIT ?3`,
    ...[merchant, after, most],
  )

/** Writes down that all is held since then, and how much; what was held for another reason no longer is. */
export function* startHeldBack(
  merchant: number,
  { reason, since, until, amount }: HeldBackRow,
  at: number,
): Steps<void> {
  yield* endHeldBack(merchant, at)
  yield* execute(
    'INSERT INTO held_back (merchant, reason, since, until, amount) VALUES (?1, ?2, ?3, ?4, ?5)',
    ...[merchant, reason, since, until, amount],
  )
}

export const stillHeldBack = (merchant: number, amount: number) =>
  execute(
    `UPDATE held_back SET amount = ?1 WHERE id = (SELECT max(id) FROM held_back WHERE merchant = ?2) AND amount <> ?1`,
    ...[amount, merchant],
  )

export const endHeldBack = (merchant: number, at: number) =>
  execute(
    `UPDATE held_back SET until = CASE WHEN since > ?1 THEN since ELSE CAST(?1 AS BIGINT) END
      WHERE merchant = ?2 AND (until IS NULL OR until > ?1)`,
    ...[at, merchant],
  )

export const advise = ({ payout, terminal, amount, transactions }: NewAdvice) =>
  execute(
    'INSERT INTO advice (payout, terminal, amount, transactions) VALUES (?1, ?2, ?3, ?4)',
    ...[payout, terminal, amount, transactions],
  )

export interface Unheard {
  readonly last: number
  readonly terminals: readonly string[]
}

/** Terminals (DE41) that have not heard of something yet. */
export function* unheard(after: number): Steps<Unheard> {
  const last = yield* first<{ readonly id: number }>('SELECT coalesce(max(id), 0) AS id FROM advice')
  const rows = yield* all<{ readonly terminal: string }>(
    `SELECT DISTINCT t.terminal FROM advice a JOIN terminal t ON t.id = a.terminal
      WHERE a.id > ?1 AND a.acknowledged_at IS NULL`,
    after,
  )
  return { last: last?.id ?? 0, terminals: rows.map(({ terminal }) => terminal) }
}

export const nextAdvice = (terminal: string) =>
  first<AdviceRow>(
    `SELECT a.id, t.terminal, m.merchant, t.batch, a.amount, a.transactions, p.value_date
      FROM terminal t JOIN advice a ON a.terminal = t.id JOIN merchant m ON m.id = t.merchant
        JOIN payout p ON p.id = a.payout
      WHERE t.terminal = ?1 AND a.acknowledged_at IS NULL ORDER BY a.id LIMIT 1`,
    terminal,
  )

export const acknowledge = (advice: number, at: number) =>
  execute('UPDATE advice SET acknowledged_at = ?1 WHERE id = ?2', at, advice)
