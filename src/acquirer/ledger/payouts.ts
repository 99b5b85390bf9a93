// The ledger's rows of payouts, holds and advices, and the statements that read and write them.

import { type DatabaseSync, withBusyTimeout } from './database.js'
import type { EntryEffect } from './entries.js'
import { lateIndexes } from './schema.js'

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
}

export interface NewPayout {
  readonly merchant: number
  readonly at: number
  /** YYYY-MM-DD */
  readonly valueDate: string
  readonly transactions: number
  readonly gross: number
  readonly refunds: number
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

export interface Payouts {
  merchants(): readonly MerchantRow[]
  merchant(id: number): MerchantRow
  /** Whose time has come, who was never looked at, and for whom a terminal has asked. */
  due(now: number): readonly MerchantRow[]
  /** When the next one's time comes. */
  nextDue(): number | undefined
  schedule(merchant: number, nextDue: number | null): void
  /** As `schedule`, when it was looked what is to be paid: nobody asks any more. */
  looked(merchant: number, nextDue: number | null): void
  /** The end of the ledger. */
  end(): LedgerPosition
  /** Merchants of whom something was posted between two places. */
  news(after: LedgerPosition, to: LedgerPosition): readonly MerchantRow[]
  /**
   * In force, not paid, posted before `before`; at most `most`. Ends at the first that was posted later, because the mark
   * of what is paid is an id, and clocks that are set back give later ids an earlier time: what is behind waits with it.
   */
  unpaid(merchant: MerchantRow, before: number, most: number): readonly UnpaidRow[]
  /** Paid before and reversed since; at most `most` are told of at a time. */
  corrections(merchant: MerchantRow, lastReversal: number): readonly UnpaidRow[]
  pay(payout: NewPayout): number
  /** Sums of a merchant's payouts after this one. */
  paid(merchant: number, after: number): PaidSums
  /** `reason` null: nothing is held any more. */
  hold(merchant: number, reason: string | null, at: number): void
  advise(advice: NewAdvice): void
  /** Terminals (DE41) that have not heard of something yet. */
  unheard(after: number): { readonly last: number; readonly terminals: readonly string[] }
  nextAdvice(terminal: string): AdviceRow | undefined
  acknowledge(advice: number, at: number): void
}

export function preparePayouts(database: DatabaseSync): Payouts {
  withBusyTimeout(database, () => database.exec(lateIndexes.merchant))
  return {
    ...prepareMerchants(database),
    ...prepareNews(database),
    ...prepareUnpaid(database),
    ...preparePay(database),
    ...prepareAdvices(database),
  }
}

type OfMerchants = Pick<Payouts, 'merchants' | 'merchant' | 'due' | 'nextDue' | 'schedule' | 'looked'>

function prepareMerchants(database: DatabaseSync): OfMerchants {
  const merchants = database.prepare('SELECT * FROM merchant ORDER BY id')
  const merchant = database.prepare('SELECT * FROM merchant WHERE id = ?')
  const due = database.prepare('SELECT * FROM merchant WHERE next_due <= ? OR asked = 1')
  const nextDue = database.prepare('SELECT min(next_due) AS at FROM merchant')
  const schedule = database.prepare('UPDATE merchant SET next_due = ? WHERE id = ?')
  const looked = database.prepare('UPDATE merchant SET asked = 0, next_due = ? WHERE id = ?')
  return {
    merchants: () => merchants.all() as MerchantRow[],
    merchant: (id) => merchant.get(id) as MerchantRow,
    due: (now) => due.all(now) as MerchantRow[],
    nextDue: () => (nextDue.get() as { at: number | null }).at ?? undefined,
    schedule: (id, at) => {
      schedule.run(at, id)
    },
    looked: (id, at) => {
      looked.run(at, id)
    },
  }
}

function prepareNews(database: DatabaseSync): Pick<Payouts, 'end' | 'news'> {
  const end = database.prepare(`
    SELECT (SELECT coalesce(max(id), 0) FROM entry) AS entry, (SELECT coalesce(max(id), 0) FROM reversal) AS reversal`)
  const news = database.prepare(`
    SELECT * FROM merchant WHERE id IN (
      SELECT merchant FROM entry WHERE id > ? AND id <= ?
      UNION SELECT merchant FROM reversal WHERE id > ? AND id <= ?)`)
  return {
    end: () => end.get() as LedgerPosition,
    news: (after, to) => news.all(after.entry, to.entry, after.reversal, to.reversal) as MerchantRow[],
  }
}

const movesMoney = "effect IN ('charge', 'capture', 'refund', 'void')"

function prepareUnpaid(database: DatabaseSync): Pick<Payouts, 'unpaid' | 'corrections'> {
  const unpaid = database.prepare(`
    SELECT id, terminal, batch, stan, effect, amount, posted_at FROM entry
    WHERE merchant = ? AND id > ? AND state = 'charged' AND ${movesMoney} ORDER BY id LIMIT ?`)
  const corrections = database.prepare(`
    SELECT e.id, e.terminal, e.batch, e.stan, e.effect, r.amount, e.posted_at FROM reversal r JOIN entry e ON e.id = r.entry
    WHERE r.merchant = ? AND r.id > ? AND r.id <= ? AND r.amount > 0 AND e.id <= ? AND e.${movesMoney}`)
  return {
    unpaid({ id, paid_entry }, before, most) {
      const rows = unpaid.all(id, paid_entry, most) as UnpaidRow[]
      const later = rows.findIndex(({ posted_at }) => posted_at >= before)
      return later === -1 ? rows : rows.slice(0, later)
    },
    corrections: ({ id, paid_entry, paid_reversal }, lastReversal) =>
      corrections.all(id, paid_reversal, lastReversal, paid_entry) as UnpaidRow[],
  }
}

function preparePay(database: DatabaseSync): Pick<Payouts, 'pay' | 'paid' | 'hold'> {
  const insert = database.prepare(`
    INSERT INTO payout (merchant, paid_at, value_date, transactions, gross, refunds, fee, amount, contract_fee)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const credit = database.prepare(`
    UPDATE merchant SET account = account + ?1, paid_entry = max(paid_entry, ?2), paid_reversal = ?3,
      day_total = CASE WHEN paid_day = ?4 THEN day_total ELSE 0 END + ?1, paid_day = ?4, hold = NULL, held_since = NULL
    WHERE id = ?5`)
  const paid = database.prepare(`
    SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(fee), 0) AS fee, coalesce(sum(contract_fee), 0) AS contract_fee
    FROM payout WHERE merchant = ? AND id > ?`)
  const hold = database.prepare(`
    UPDATE merchant SET held_since = CASE WHEN hold IS ?1 THEN held_since WHEN ?1 IS NULL THEN NULL ELSE ?2 END, hold = ?1
    WHERE id = ?3`)
  return {
    pay(payout) {
      const { merchant, at, valueDate, transactions, gross, refunds, fee, amount, contractFee } = payout
      const row = insert.run(merchant, at, valueDate, transactions, gross, refunds, fee, amount, contractFee)
      credit.run(amount, payout.lastEntry, payout.lastReversal, valueDate, merchant)
      return Number(row.lastInsertRowid)
    },
    paid: (merchant, after) => paid.get(merchant, after) as unknown as PaidSums,
    hold: (merchant, reason, at) => {
      hold.run(reason, at, merchant)
    },
  }
}

function prepareAdvices(database: DatabaseSync): Pick<Payouts, 'advise' | 'unheard' | 'nextAdvice' | 'acknowledge'> {
  const insert = database.prepare('INSERT INTO advice (payout, terminal, amount, transactions) VALUES (?, ?, ?, ?)')
  const last = database.prepare('SELECT coalesce(max(id), 0) AS id FROM advice')
  const unheard = database.prepare(`
    SELECT DISTINCT t.terminal FROM advice a JOIN terminal t ON t.id = a.terminal
    WHERE a.id > ? AND a.acknowledged_at IS NULL`)
  const next = database.prepare(`
    SELECT a.id, t.terminal, m.merchant, t.batch, a.amount, a.transactions, p.value_date
    FROM terminal t JOIN advice a ON a.terminal = t.id JOIN merchant m ON m.id = t.merchant JOIN payout p ON p.id = a.payout
    WHERE t.terminal = ? AND a.acknowledged_at IS NULL ORDER BY a.id LIMIT 1`)
  const acknowledge = database.prepare('UPDATE advice SET acknowledged_at = ? WHERE id = ?')
  return {
    advise: ({ payout, terminal, amount, transactions }) => {
      insert.run(payout, terminal, amount, transactions)
    },
    unheard: (after) => ({
      last: (last.get() as { id: number }).id,
      terminals: (unheard.all(after) as { terminal: string }[]).map(({ terminal }) => terminal),
    }),
    nextAdvice: (terminal) => next.get(terminal) as AdviceRow | undefined,
    acknowledge: (advice, at) => {
      acknowledge.run(at, advice)
    },
  }
}
