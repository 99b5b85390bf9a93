// Whether payouts kept to the terms: limits, minimum and balance, and money that is held for a reason that is true. Read from
// the ledger's file; of the acquirer's own rules only the terms with their defaults are used.

import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Terms } from '../../src/acquirer/settlement/options.js'

interface PayoutRow {
  readonly id: number
  readonly merchant: string
  readonly transactions: number
  readonly gross: number
  readonly refunds: number
  readonly chargebacks: number
  readonly fee: number
  readonly amount: number
  /** The payouts of the same merchant and day, with this one. */
  readonly today: number
  /** The payouts of the account before this one, and its top-ups until then. */
  readonly before: number
}

interface HeldRow {
  readonly merchant: string
  readonly hold: string
  /** Something was given back, or charged back, that no payout has made up for. */
  readonly owes: 0 | 1
  /** Sales that are not paid and what was given back by mistake, without fees: no more than this can be due. */
  readonly unpaid: number
}

const payouts = `
  SELECT p.*, m.merchant AS merchant,
    (SELECT sum(amount) FROM payout q WHERE q.merchant = p.merchant AND q.value_date = p.value_date AND q.id <= p.id) AS today,
    (SELECT coalesce(sum(amount), 0) FROM payout q WHERE q.merchant = p.merchant AND q.id < p.id)
      + (SELECT coalesce(sum(amount), 0) FROM adjustment a
        WHERE a.merchant = p.merchant AND a.kind = 'top-up' AND coalesce(a.payout, 0) < p.id) AS before
  FROM payout p JOIN merchant m ON m.id = p.merchant ORDER BY p.id`

/** Not paid: behind those that are, or left out of their window and not made up for yet. */
const isUnpaid = '(e.id > m.paid_entry OR EXISTS (SELECT 1 FROM missed d WHERE d.entry = e.id))'

const held = `
  SELECT m.merchant, m.hold, (SELECT coalesce(sum(CASE WHEN e.effect IN ('charge', 'capture') THEN e.amount ELSE 0 END), 0)
    FROM entry e WHERE e.merchant = m.id AND ${isUnpaid} AND e.state = 'charged')
      + (SELECT coalesce(sum(r.amount), 0) FROM reversal r JOIN entry e ON e.id = r.entry
        WHERE r.merchant = m.id AND r.id > m.paid_reversal AND e.effect IN ('refund', 'void')) AS unpaid,
    EXISTS (SELECT 1 FROM entry e WHERE e.merchant = m.id AND ${isUnpaid} AND e.effect IN ('refund', 'void'))
      OR EXISTS (SELECT 1 FROM reversal r WHERE r.merchant = m.id AND r.id > m.paid_reversal)
      OR EXISTS (SELECT 1 FROM adjustment a WHERE a.merchant = m.id AND a.kind = 'chargeback' AND a.payout IS NULL) AS owes
  FROM merchant m WHERE m.hold IS NOT NULL`

/**
 * Sentences, one for each payout or merchant that is not as agreed. `startedAt`: when the first process began that pays, in epoch
 * ms; undefined where calendar clocks were set since, so that the times in the ledger cannot be held against it.
 */
export function auditTerms(ledgerFile: string, terms: Terms, startedAt: number | undefined): readonly string[] {
  const database = new DatabaseSync(ledgerFile)
  const looks = [payoutProblems, holdProblems, heldBackProblems, adjustmentProblems]
  try {
    return [...looks.flatMap((look) => look(database, terms)), ...passedHolds(database, terms, startedAt)]
  } finally {
    database.close()
  }
}

function payoutProblems(database: DatabaseSyncInstance, terms: Terms): readonly string[] {
  const { payoutLimit = Number.POSITIVE_INFINITY, dayLimit = Number.POSITIVE_INFINITY, minimum } = terms
  return (database.prepare(payouts).all() as unknown as PayoutRow[]).flatMap((row) => {
    const { id, merchant, transactions, gross, refunds, chargebacks, fee, amount, today, before } = row
    const which = `payout ${id} of merchant ${merchant}`
    // All parts but the first of a sale that is above the limit alone have no transaction.
    const isPart = transactions === 0 && refunds === 0 && chargebacks === 0 && fee === 0
    const sales = terms.side === 'debit' ? refunds - gross : gross - refunds
    const covered = Math.max(0, (terms.balance ?? 0) + before - terms.reserve)
    return [
      ...(amount === sales - chargebacks - fee ? [] : [`${which}: ${amount}, not ${sales} - ${chargebacks} - ${fee}`]),
      ...(amount > payoutLimit ? [`${which}: ${amount}, above the limit of ${payoutLimit}`] : []),
      ...(amount > 0 && today > dayLimit ? [`${which}: ${today} on one day, above the limit of ${dayLimit}`] : []),
      ...(amount >= 0 && terms.side === 'credit' && amount < minimum && amount < payoutLimit && !isPart
        ? [`${which}: ${amount}, below the minimum of ${minimum}`]
        : []),
      ...(-amount > covered ? [`${which}: takes ${-amount} from ${covered}`] : []),
    ]
  })
}

/** The terms that may hold money back, each of which must be there for it. */
function holdProblems(database: DatabaseSyncInstance, terms: Terms): readonly string[] {
  const { payoutLimit, dayLimit, minimum, payoutFee, cycle, hold, side } = terms
  return (database.prepare(held).all() as unknown as HeldRow[]).flatMap(({ merchant, hold: why, unpaid, owes }) => {
    const isTrue: Readonly<Record<string, boolean>> = {
      'below minimum': minimum > 0 || payoutFee > 0,
      [heldReason[hold?.reason ?? 'none'] ?? '']: hold !== undefined,
      // Who gave nothing back owes nothing.
      balance: side === 'debit' || owes === 1,
      // Each cycle pays one sale at least.
      'payout limit': payoutLimit !== undefined && cycle.kind !== 'every',
      'day limit': dayLimit !== undefined,
      'sale above payout limit': false,
      'sale above day limit': dayLimit !== undefined && unpaid > dayLimit,
    }
    return isTrue[why] === true ? [] : [`merchant ${merchant}: ${unpaid} held for no reason: ${why}`]
  })
}

/** The words of each reason, as a merchant would read them. */
const heldReason: Readonly<Record<string, string>> = {
  risk: 'risk hold',
  account: 'account wrong or closed',
  quota: 'quota of the account',
  window: "outside the bank's window",
  returned: 'returned by the bank',
}

interface HeldBackRow {
  readonly merchant: string
  readonly reason: string
  readonly since: number
  readonly until: number | null
}

const heldBack = `
  SELECT m.merchant, h.reason, h.since, h.until FROM held_back h JOIN merchant m ON m.id = h.merchant ORDER BY h.id`

/** The payer knows whole milliseconds alone. */
const roundedMs = 1

/**
 * A hold that begins with the start lets nothing through until its end: a process that is started again keeps to the end that
 * the ledger has, or begins the hold anew, which ends later.
 */
function passedHolds(
  database: DatabaseSyncInstance,
  { hold }: Terms,
  startedAt: number | undefined,
): readonly string[] {
  if (hold === undefined || hold.fromMs > 0) return []
  if (startedAt === undefined && hold.forMs !== undefined) return []
  const until = (startedAt ?? 0) + (hold.forMs ?? Number.POSITIVE_INFINITY) - roundedMs
  const { count } = database.prepare('SELECT count(*) AS count FROM payout WHERE paid_at < ?').get(until) as {
    count: number
  }
  return count === 0 ? [] : [`${count} payouts in spite of a hold: ${hold.reason}`]
}

/** A hold with an end lasts no longer than it says. */
function heldBackProblems(database: DatabaseSyncInstance, { hold }: Terms): readonly string[] {
  const rows = database.prepare(heldBack).all() as unknown as HeldBackRow[]
  const own = rows.filter(({ reason }) => hold !== undefined && reason === heldReason[hold.reason])
  return [
    ...own.flatMap(({ merchant, since, until }) =>
      hold?.forMs !== undefined && (until === null || until - since > hold.forMs + 1)
        ? [`merchant ${merchant}: held from ${since} to ${until}, longer than ${hold.forMs} ms`]
        : [],
    ),
    ...rows.flatMap(({ merchant, reason, since, until }) =>
      until !== null && until < since ? [`merchant ${merchant}: ${reason} ended before it began`] : [],
    ),
  ]
}

interface AdjustmentRow {
  readonly merchant: string
  readonly kind: string
  readonly amounts: string
}

const adjustments = `
  SELECT m.merchant, a.kind, group_concat(a.amount) AS amounts
  FROM (SELECT * FROM adjustment ORDER BY id) a JOIN merchant m ON m.id = a.merchant GROUP BY m.id, a.kind`

/** Each of the terms befalls an account once, in the order of their times. */
function adjustmentProblems(database: DatabaseSyncInstance, { topUps, chargebacks }: Terms): readonly string[] {
  return (database.prepare(adjustments).all() as unknown as AdjustmentRow[]).flatMap(({ merchant, kind, amounts }) => {
    const all = kind === 'top-up' ? topUps : chargebacks
    const wanted = [...all].sort((one, other) => one.atMs - other.atMs).map(({ amount }) => amount)
    const isBeginning = `${wanted.join(',')},`.startsWith(`${amounts},`)
    return isBeginning ? [] : [`merchant ${merchant}: ${kind} of ${amounts}, not ${wanted.join(',')}`]
  })
}
