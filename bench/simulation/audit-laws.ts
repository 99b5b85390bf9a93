// The laws that no host may break, whoever asks: read from the ledger's file by sums alone, and fees reckoned again. Nothing of the
// acquirer's own rules is used.

import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Scenario } from '../../src/scenario/schema.js'

interface OriginalRow {
  readonly name: string
  readonly effect: string
  /** The amount that it came to when it was approved. */
  readonly whole: number
  readonly undone: number
  readonly refunds: number
  readonly voids: number
  readonly captured: number
  readonly foreign: number
}

const given = (effect: string, what = 'sum(f.amount)') =>
  `coalesce((SELECT ${what} FROM entry f WHERE f.original = e.id AND f.effect = '${effect}' AND f.state = 'charged'), 0)`

const originals = `
  SELECT t.terminal || ' ' || e.batch || ' ' || e.stan AS name, e.effect,
    CASE e.state WHEN 'charged' THEN e.amount + coalesce(r.amount, 0) ELSE e.amount END AS whole,
    coalesce(r.amount, 0) AS undone,
    ${given('refund')} AS refunds, ${given('void')} AS voids, ${given('capture')} AS captured,
    (SELECT count(*) FROM entry f WHERE f.original = e.id AND f.terminal <> e.terminal AND f.state = 'charged') AS "foreign"
  FROM entry e JOIN terminal t ON t.id = e.terminal LEFT JOIN reversal r ON r.entry = e.id
  WHERE e.effect IN ('charge', 'capture', 'hold') AND e.state IN ('charged', 'reversed')`

/** A pre-authorisation may be captured up to 115 % (China UnionPay; the ISO dialects of this project say the same). */
const mostCapturedPercent = 115

/** Sentences, each about one transaction or merchant with whom a host did what it must not. */
export function auditLaws(ledgerFile: string, { acquirer }: Scenario): readonly string[] {
  const database = new DatabaseSync(ledgerFile)
  try {
    const rows = database.prepare(originals).all() as unknown as OriginalRow[]
    const { settlement } = acquirer
    return [...rows.flatMap(brokenLaws), ...(settlement === undefined ? [] : feeProblems(database, settlement))]
  } finally {
    database.close()
  }
}

function brokenLaws({
  name,
  effect,
  whole,
  undone,
  refunds,
  voids,
  captured,
  foreign,
}: OriginalRow): readonly string[] {
  const back = refunds + voids + undone
  return [
    ...(effect !== 'hold' && back > whole
      ? [`given back twice: ${back} of ${whole} of ${name} (refunds ${refunds}, voids ${voids}, reversed ${undone})`]
      : []),
    ...(refunds > 0 && voids > 0 ? [`refunded and voided: ${name}`] : []),
    ...(captured * 100 > whole * mostCapturedPercent
      ? [`captured ${captured} of ${whole} that were held: ${name}`]
      : []),
    ...(foreign > 0 ? [`named by another terminal: ${name}`] : []),
  ]
}

type Settlement = NonNullable<Scenario['acquirer']['settlement']>

interface FeeRow {
  readonly merchant: string
  readonly fee: number
  readonly payouts: number
  /** Those that credited something, where parts of one count once. */
  readonly charged: number
  /** Entries that were undone in part: what their fee is depends on when. */
  readonly parts: number
  readonly id: number
  readonly paid_entry: number
  readonly paid_reversal: number
}

interface SaleRow {
  readonly effect: string
  readonly amount: number
  readonly card_kind: string | null
}

/** Fees of all payouts of a merchant, against those of its sales that count as paid. */
function feeProblems(database: DatabaseSyncInstance, settlement: Settlement): readonly string[] {
  // Parts of one payout, but for the first, have nothing but what the account is credited for.
  const back = settlement.side === 'debit' ? 'gross' : 'refunds'
  const merchants = database
    .prepare(`
      SELECT m.*, coalesce((SELECT sum(fee) FROM payout WHERE merchant = m.id), 0) AS fee,
        (SELECT count(*) FROM payout WHERE merchant = m.id) AS payouts,
        (SELECT count(*) FROM payout WHERE merchant = m.id AND amount > 0 AND (transactions > 0 OR ${back} <> 0 OR fee <> 0)) AS charged,
        (SELECT count(*) FROM entry e JOIN reversal r ON r.entry = e.id
          WHERE e.merchant = m.id AND e.state = 'charged' AND r.amount > 0) AS parts
      FROM merchant m`)
    .all() as unknown as FeeRow[]
  const inForce = database.prepare(`
    SELECT effect, amount, card_kind FROM entry e WHERE merchant = ? AND id <= ? AND state = 'charged'
      AND effect IN ('charge', 'capture', 'void') AND NOT EXISTS (SELECT 1 FROM missed d WHERE d.entry = e.id)`)
  const undoneSince = database.prepare(`
    SELECT e.effect, r.amount, e.card_kind FROM reversal r JOIN entry e ON e.id = r.entry
    WHERE e.merchant = ? AND e.id <= ? AND r.id > ? AND r.amount > 0
      AND e.effect IN ('charge', 'capture', 'void') AND NOT EXISTS (SELECT 1 FROM missed d WHERE d.entry = e.id)`)
  return merchants
    .filter(({ parts }) => parts === 0)
    .flatMap(({ id, merchant, fee, payouts, charged, paid_entry, paid_reversal }) => {
      const sales = [...inForce.all(id, paid_entry), ...undoneSince.all(id, paid_entry, paid_reversal)] as SaleRow[]
      const { exact, rounded } = withPayoutFees(feesOf(sales, settlement), charged, settlement)
      if (settlement.rounding !== 'perPayout')
        return fee === rounded ? [] : [`merchant ${merchant}: fees of ${fee}, and its sales come to ${rounded}`]
      // Each payout rounds by half a unit at the most.
      return Math.abs(fee - exact) <= payouts / 2 + 0.001
        ? []
        : [`merchant ${merchant}: fees of ${fee} in ${payouts} payouts, and its sales come to ${exact}`]
    })
}

function withPayoutFees(
  { exact, rounded }: ReturnType<typeof feesOf>,
  payouts: number,
  { payoutFee }: Settlement,
): ReturnType<typeof feesOf> {
  const taken = payouts * (payoutFee?.minor ?? 0)
  return { exact: exact + taken, rounded: rounded + taken }
}

/** In minor units: exact, and with each sale's rounded half up. */
function feesOf(sales: readonly SaleRow[], settlement: Settlement) {
  let exact = 0
  let rounded = 0
  for (const { effect, amount, card_kind } of sales) {
    const { feeRate = 0, feeCap, feeMinimum, surcharge } = { ...settlement, ...settlement.fees?.[card_kind ?? ''] }
    const cap = feeCap === undefined || feeCap === 'none' ? Number.POSITIVE_INFINITY : feeCap.minor
    const extra = surcharge?.minor ?? 0
    const sign = effect === 'void' ? -1 : 1
    // Millionths of a per cent, so that products are whole numbers.
    const ofRate = (amount * Math.round(feeRate * 1e8)) / 1e8
    const fee = Math.min(Math.max(ofRate, feeMinimum?.minor ?? 0), cap) + extra
    exact += sign * fee
    rounded += sign * Math.floor(fee + 0.5 + 1e-9)
  }
  return { exact, rounded }
}
