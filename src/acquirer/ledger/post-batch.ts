// Sign-on, settlement and batch upload: what opens, compares and closes a terminal's batch.

import type { Decision } from '../posting.js'
import type { BookRules } from './book-rules.js'
import type { Operation } from './operation.js'
import type { Entries } from './rows/entries.js'
import type { TerminalRow } from './rows/names.js'
import { lateIndexes } from './store/schema.js'
import { execute, first, type Steps } from './store/store.js'
import { isBalanced, type Totals, writeTotals } from './totals.js'

/** Returns what is to be answered. Must run inside a transaction. */
export type BatchPosting = (operation: Operation) => Steps<Decision>

export interface BatchBooks {
  readonly openBatch: BatchPosting
  readonly settle: BatchPosting
  readonly upload: BatchPosting
}

/** Batches are six digits; 000000 is none. */
const lastBatch = 999_999

const batchAfter = (batch: number) => (batch >= lastBatch ? 1 : batch + 1)

/** True for an earlier batch, on the circle of their numbers: closing it late must not open those after it again. */
const isBehind = (batch: number, open: number) => {
  const ahead = (open - batch + lastBatch) % lastBatch
  return ahead > 0 && ahead < lastBatch / 2
}

const batchText = (batch: number) => String(batch).padStart(6, '0')

interface SettlementRow {
  readonly id: number
  readonly totals: string
  readonly code: string
  readonly rrn: string
  readonly auth_code: string
  readonly posted_at: number
}

const insertSettlement = `
  INSERT INTO settlement (terminal, batch, stan, balanced, closed, totals, code, rrn, auth_code, posted_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`

export function prepareBatches(entries: Entries, { codes, ledger }: BookRules): BatchBooks {
  const terminalOf = ({ terminal, merchant }: Operation) => entries.terminal(terminal, merchant)

  return {
    *openBatch(operation) {
      if (!operation.approved) return operation.decision
      const { id } = yield* terminalOf(operation)
      const batch = yield* batchOf(id)
      // A batch that has entries is not opened again: its trace numbers are taken.
      const isTaken = yield* isUsed(id, batchText(batch))
      const next = isTaken ? batchAfter(batch) : batch
      if (isTaken) yield* setBatch(id, next)
      return { ...operation.decision, batch: batchText(next) }
    },

    *settle(operation) {
      const { decision, batch, stan, totals: stated = [], approved, at } = operation
      if (!approved) return decision
      const terminal = yield* terminalOf(operation)
      const before = yield* first<SettlementRow>(
        'SELECT * FROM settlement WHERE terminal = ?1 AND batch = ?2 AND stan = ?3',
        ...[terminal.id, batch, stan],
      )
      if (before !== undefined) return repeated(decision, before)
      const totals = yield* totalsOf(ledger.totals.over, terminal.id, batch)
      const balanced = isBalanced(stated, totals)
      const closes = balanced || ledger.totals.closes === 'always'
      const code = balanced ? decision.code : (ledger.codes.outOfBalance ?? decision.code)
      const texts = writeTotals(ledger.totals, totals, balanced)
      yield* execute(
        insertSettlement,
        ...[terminal.id, batch, stan, Number(balanced), Number(closes), JSON.stringify(texts)],
        ...[code, decision.rrn, decision.authCode, at],
      )
      if (closes) yield* close(terminal, batch)
      return { ...decision, code, totals: texts }
    },

    *upload(operation) {
      const { decision, batch, approved } = operation
      if (!approved || operation.upload === undefined) return decision
      const terminal = yield* terminalOf(operation)
      for (const record of operation.upload.records)
        yield* execute(insertUpload, terminal.id, batch, record.stan, record.amount)
      if (operation.upload.isEnd) yield* close(terminal, batch)
      return { ...decision, code: codes.approved }
    },
  }
}

function* batchOf(terminal: number): Steps<number> {
  const row = yield* first<{ readonly batch: number }>('SELECT batch FROM terminal WHERE id = ?1', terminal)
  return (row as { readonly batch: number }).batch
}

const setBatch = (terminal: number, batch: number) =>
  execute('UPDATE terminal SET batch = ?1 WHERE id = ?2', batch, terminal)

function* isUsed(terminal: number, batch: string): Steps<boolean> {
  const sql = 'SELECT 1 AS used FROM entry WHERE terminal = ?1 AND batch = ?2 LIMIT 1'
  return (yield { sql, wants: 'row', values: [terminal, batch], index: lateIndexes.terminal }).length > 0
}

function* close(terminal: TerminalRow, batch: string): Steps<void> {
  yield* execute(
    'UPDATE terminal SET settled_entry = (SELECT coalesce(max(id), 0) FROM entry) WHERE id = ?1',
    terminal.id,
  )
  const closed = /^\d{6}$/.test(batch) ? Number(batch) : undefined
  if (closed !== undefined && !isBehind(closed, yield* batchOf(terminal.id)))
    yield* setBatch(terminal.id, batchAfter(closed))
  // In the ledger, as another process may be the one that pays.
  yield* execute('UPDATE merchant SET asked = 1 WHERE id = ?1', terminal.merchant)
}

function repeated(decision: Decision, { code, rrn, auth_code: authCode, totals, posted_at }: SettlementRow): Decision {
  return {
    ...decision,
    code,
    rrn,
    authCode,
    totals: JSON.parse(totals) as Record<number, string>,
    decidedAt: posted_at,
  }
}

const sums = `
  SELECT count(*) FILTER (WHERE effect IN ('charge', 'capture')) AS "debitCount",
    CAST(coalesce(sum(amount) FILTER (WHERE effect IN ('charge', 'capture')), 0) AS BIGINT) AS "debitAmount",
    count(*) FILTER (WHERE effect IN ('refund', 'void')) AS "creditCount",
    CAST(coalesce(sum(amount) FILTER (WHERE effect IN ('refund', 'void')), 0) AS BIGINT) AS "creditAmount"
  FROM entry WHERE terminal = ?1 AND state = 'charged' AND `

/** In force: voids and refunds are credits, a hold is neither. */
function* totalsOf(over: 'batch' | 'sinceLast', terminal: number, batch: string): Steps<Totals> {
  const index = lateIndexes.terminal
  const rows =
    over === 'batch'
      ? yield { sql: `${sums} batch = ?2`, wants: 'row', values: [terminal, batch], index }
      : yield {
          sql: `${sums} id > (SELECT settled_entry FROM terminal WHERE id = ?1)`,
          wants: 'row',
          values: [terminal],
          index,
        }
  return { ...rows[0] } as unknown as Totals
}

const insertUpload = `
  INSERT INTO upload (terminal, batch, stan, amount, entry) VALUES (?1, ?2, ?3, ?4, (
    SELECT id FROM entry WHERE terminal = ?1 AND batch = ?2 AND stan = ?3 AND state = 'charged' AND amount = ?4))
  ON CONFLICT DO NOTHING`
