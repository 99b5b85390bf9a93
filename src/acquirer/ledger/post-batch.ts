// Sign-on, settlement and batch upload: what opens, compares and closes a terminal's batch.

import type { Decision } from '../posting.js'
import type { BookRules } from './book-rules.js'
import type { DatabaseSync } from './database.js'
import { type Entries, prepareLate, type TerminalRow } from './entries.js'
import type { Operation } from './operation.js'
import { lateIndexes } from './schema.js'
import { isBalanced, type Totals, writeTotals } from './totals.js'

/** Returns what is to be answered. Must run inside a transaction. */
export type BatchPosting = (operation: Operation) => Decision

export interface BatchBooks {
  readonly openBatch: BatchPosting
  readonly settle: BatchPosting
  readonly upload: BatchPosting
}

/** Batches are six digits; 000000 is none. */
const lastBatch = 999_999

const batchAfter = (batch: number) => (batch >= lastBatch ? 1 : batch + 1)

/** Of an earlier batch, on the circle of their numbers: closing it late must not open those after it again. */
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

export function prepareBatches(database: DatabaseSync, entries: Entries, { codes, ledger }: BookRules): BatchBooks {
  const batchOf = database.prepare('SELECT batch FROM terminal WHERE id = ?')
  const isUsed = prepareLate(
    database,
    lateIndexes.terminal,
    'SELECT 1 FROM entry WHERE terminal = ? AND batch = ? LIMIT 1',
  )
  const setBatch = database.prepare('UPDATE terminal SET batch = ? WHERE id = ?')
  const find = database.prepare('SELECT * FROM settlement WHERE terminal = ? AND batch = ? AND stan = ?')
  const insert = database.prepare(`
    INSERT INTO settlement (terminal, batch, stan, balanced, closed, totals, code, rrn, auth_code, posted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  // In the ledger, as another process may be the one that pays.
  const askForPayout = database.prepare('UPDATE merchant SET asked = 1 WHERE id = ?')
  const { totalsOf, setSettled } = prepareTotals(database, ledger.totals.over)
  const upload = prepareUpload(database)

  const close = (terminal: TerminalRow, batch: string) => {
    setSettled(terminal.id)
    const closed = /^\d{6}$/.test(batch) ? Number(batch) : undefined
    const { batch: open } = batchOf.get(terminal.id) as { batch: number }
    if (closed !== undefined && !isBehind(closed, open)) setBatch.run(batchAfter(closed), terminal.id)
    askForPayout.run(terminal.merchant)
  }

  const terminalOf = ({ terminal, merchant }: Operation) => entries.terminal(terminal, merchant)

  return {
    openBatch(operation) {
      if (!operation.approved) return operation.decision
      const { id } = terminalOf(operation)
      const { batch } = batchOf.get(id) as { batch: number }
      // A batch that has entries is not opened again: its trace numbers are taken.
      const isTaken = isUsed().get(id, batchText(batch)) !== undefined
      const next = isTaken ? batchAfter(batch) : batch
      if (isTaken) setBatch.run(next, id)
      return { ...operation.decision, batch: batchText(next) }
    },

    settle(operation) {
      const { decision, batch, stan, totals: stated = [], approved, at } = operation
      if (!approved) return decision
      const terminal = terminalOf(operation)
      const first = find.get(terminal.id, batch, stan) as SettlementRow | undefined
      if (first !== undefined) return repeated(decision, first)
      const totals = totalsOf(terminal.id, batch)
      const balanced = isBalanced(stated, totals)
      const closes = balanced || ledger.totals.closes === 'always'
      const code = balanced ? decision.code : (ledger.codes.outOfBalance ?? decision.code)
      const texts = writeTotals(ledger.totals, totals, balanced)
      insert.run(
        ...[terminal.id, batch, stan, Number(balanced), Number(closes), JSON.stringify(texts)],
        ...[code, decision.rrn, decision.authCode, at],
      )
      if (closes) close(terminal, batch)
      return { ...decision, code, totals: texts }
    },

    upload(operation) {
      const { decision, batch, approved } = operation
      if (!approved || operation.upload === undefined) return decision
      const terminal = terminalOf(operation)
      for (const record of operation.upload.records) upload(terminal.id, batch, record.stan, record.amount)
      if (operation.upload.isEnd) close(terminal, batch)
      return { ...decision, code: codes.approved }
    },
  }
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

/** In force: voids and refunds are credits, a hold is neither. */
function prepareTotals(database: DatabaseSync, over: 'batch' | 'sinceLast') {
  const sums = `
    SELECT count(*) FILTER (WHERE effect IN ('charge', 'capture')) AS debitCount,
      coalesce(sum(amount) FILTER (WHERE effect IN ('charge', 'capture')), 0) AS debitAmount,
      count(*) FILTER (WHERE effect IN ('refund', 'void')) AS creditCount,
      coalesce(sum(amount) FILTER (WHERE effect IN ('refund', 'void')), 0) AS creditAmount
    FROM entry WHERE terminal = ? AND state = 'charged' AND `
  const inBatch = prepareLate(database, lateIndexes.terminal, `${sums} batch = ?`)
  const sinceLast = prepareLate(
    database,
    lateIndexes.terminal,
    `${sums} id > (SELECT settled_entry FROM terminal WHERE id = ?)`,
  )
  const setSettled = database.prepare(
    'UPDATE terminal SET settled_entry = (SELECT coalesce(max(id), 0) FROM entry) WHERE id = ?',
  )
  return {
    totalsOf: (terminal: number, batch: string): Totals =>
      ({ ...(over === 'batch' ? inBatch().get(terminal, batch) : sinceLast().get(terminal, terminal)) }) as Totals,
    setSettled: (terminal: number) => {
      setSettled.run(terminal)
    },
  }
}

function prepareUpload(database: DatabaseSync) {
  const insert = database.prepare(`
    INSERT INTO upload (terminal, batch, stan, amount, entry) VALUES (?1, ?2, ?3, ?4, (
      SELECT id FROM entry WHERE terminal = ?1 AND batch = ?2 AND stan = ?3 AND state = 'charged' AND amount = ?4))
    ON CONFLICT DO NOTHING`)
  return (terminal: number, batch: string, stan: string, amount: number) => {
    insert.run(terminal, batch, stan, amount)
  }
}
