// The ledger's rows of what befalls accounts of merchants beside payouts: money that is put there, and money that issuers take back.

import { execute, first, insert, type Steps } from './store/store.js'

export type AdjustmentKind = 'top-up' | 'chargeback'

export interface NewAdjustment {
  readonly merchant: number
  readonly kind: AdjustmentKind
  /** Its place among those of its kind: each is made once. */
  readonly place: number
  /** Minor units. */
  readonly amount: number
  /** Epoch ms. */
  readonly at: number
}

/** Those of a kind that were made; their places begin at 0 and have no gaps. */
export function* adjustmentsMade(merchant: number, kind: AdjustmentKind): Steps<number> {
  const row = yield* first<{ readonly made: number }>(
    'SELECT count(*) AS made FROM adjustment WHERE merchant = ?1 AND kind = ?2',
    ...[merchant, kind],
  )
  return row?.made ?? 0
}

export function* adjust({ merchant, kind, place, amount, at }: NewAdjustment): Steps<void> {
  yield* insert(
    `INSERT INTO adjustment (merchant, kind, place, amount, at, payout) VALUES (?1, ?2, ?3, ?4, ?5,
      CASE WHEN CAST(?2 AS TEXT) = 'top-up' THEN (SELECT max(id) FROM payout WHERE merchant = ?1) END)`,
    ...[merchant, kind, place, amount, at],
  )
  if (kind === 'top-up') yield* execute('UPDATE merchant SET account = account + ?1 WHERE id = ?2', amount, merchant)
}

/** The sum of the chargebacks that have made no payout less yet, in minor units. */
export function* openChargebacks(merchant: number): Steps<number> {
  const row = yield* first<{ readonly amount: number }>(
    `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS amount FROM adjustment
      WHERE merchant = ?1 AND kind = 'chargeback' AND payout IS NULL`,
    merchant,
  )
  return row?.amount ?? 0
}

export const closeChargebacks = (merchant: number, payout: number) =>
  execute(
    "UPDATE adjustment SET payout = ?1 WHERE merchant = ?2 AND kind = 'chargeback' AND payout IS NULL",
    ...[payout, merchant],
  )
