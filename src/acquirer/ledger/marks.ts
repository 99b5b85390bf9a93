// Where a run begins in a ledger that others have used before it: by numbers of rows, because a clock may be set back.

import { execute, first, type Steps } from './store/store.js'

/** The last rows that were there before the run. */
export interface LedgerMark {
  readonly entry: number
  readonly payout: number
  /** When the last entry was posted, in epoch ms; null in an empty ledger. */
  readonly postedAt: number | null
}

/** The journal of the terminals, which outlives a process: its books go back to where it began. */
export interface MarkedJournal {
  /** When it began, in epoch ms: its name in the ledger. */
  readonly beganAt: number
  /** It begins with this run. */
  readonly isNew: boolean
}

/** Before everything. */
export const ledgerBegin: LedgerMark = { entry: 0, payout: 0, postedAt: null }

interface MarkRow {
  readonly entry: number
  readonly payout: number
}

/** The mark of this run: now, or where its journal began. */
export function* markRun(journal: MarkedJournal | undefined): Steps<LedgerMark> {
  const last = yield* one<Pick<LedgerMark, 'entry' | 'postedAt'>>(
    'SELECT coalesce(max(id), 0) AS entry, max(posted_at) AS "postedAt" FROM entry',
  )
  const { payout } = yield* one<MarkRow>('SELECT coalesce(max(id), 0) AS payout FROM payout')
  const now = { ...last, payout }
  if (journal === undefined) return now
  const { beganAt, isNew } = journal
  const known = yield* first<MarkRow>('SELECT entry, payout FROM run WHERE journal = ?1', beganAt)
  if (known !== undefined) return { ...known, postedAt: now.postedAt }
  // A journal that is older than the ledger's table of runs, or was used with another ledger, knows only its time.
  const mark = isNew ? now : { ...now, ...(yield* one<MarkRow>(rowsBefore, beganAt)) }
  yield* execute('INSERT INTO run VALUES (?1, ?2, ?3)', beganAt, mark.entry, mark.payout)
  return mark
}

const rowsBefore = `
  SELECT (SELECT coalesce(max(id), 0) FROM entry WHERE posted_at < ?1) AS entry,
    (SELECT coalesce(max(id), 0) FROM payout WHERE paid_at < ?1) AS payout`

/** The row of a query that always has one. */
function* one<Row>(sql: string, ...values: number[]): Steps<Row> {
  return (yield* first<Row>(sql, ...values)) as Row
}

/** Where the entries of this journal begin, in a ledger that may never have been told of it: see markRun. */
export const journalEntrySql = `
  SELECT coalesce((SELECT entry FROM run WHERE journal = ?1),
    (SELECT max(id) FROM entry WHERE posted_at < ?1), 0) AS entry`
