// Money that is put into a merchant's account, or taken back by issuers, at an instant that the settlement options say.

import { type AdjustmentKind, adjust, adjustmentsMade } from '../ledger/adjustments.js'
import type { Steps } from '../ledger/store/store.js'
import type { PayerTime } from './hold.js'

export interface Adjustment {
  /** Minor units. */
  readonly amount: number
  /** Since the acquirer started. */
  readonly atMs: number
}

interface AdjustedTerms {
  readonly topUps: readonly Adjustment[]
  readonly chargebacks: readonly Adjustment[]
}

const kindsOf = ({
  topUps,
  chargebacks,
}: AdjustedTerms): readonly (readonly [AdjustmentKind, readonly Adjustment[]])[] => [
  ['top-up', topUps],
  ['chargeback', chargebacks],
]

/** Nothing befalls the account of a merchant with these terms. */
export const isLeftAlone = ({ topUps, chargebacks }: AdjustedTerms): boolean =>
  topUps.length === 0 && chargebacks.length === 0

/** Those of a list whose time has come, in the order of their times. */
const dueOf = (all: readonly Adjustment[], elapsedMs: number): readonly Adjustment[] =>
  [...all].sort((one, other) => one.atMs - other.atMs).filter(({ atMs }) => atMs <= elapsedMs)

/** Whether something is due that is not in the ledger yet. */
export function* isBefallen(merchant: number, terms: AdjustedTerms, { elapsedMs }: PayerTime): Steps<boolean> {
  for (const [kind, all] of kindsOf(terms)) {
    const { length } = dueOf(all, elapsedMs)
    if (length > 0 && length > (yield* adjustmentsMade(merchant, kind))) return true
  }
  return false
}

/** Writes down what is due and not in the ledger yet. Must run inside a transaction. */
export function* befall(merchant: number, terms: AdjustedTerms, { now, elapsedMs }: PayerTime): Steps<void> {
  for (const [kind, all] of kindsOf(terms)) {
    const due = dueOf(all, elapsedMs)
    if (due.length === 0) continue
    const made = yield* adjustmentsMade(merchant, kind)
    for (const [place, { amount }] of due.entries())
      if (place >= made) yield* adjust({ merchant, kind, place, amount, at: now })
  }
}

/**
 * Epoch ms of the next one that is to come; infinite where none is. A whole number of ms behind `now`, however soon it comes: a
 * payer that is to look again in the millisecond in which it looks would look for ever.
 */
export function nextAdjustment(terms: AdjustedTerms, { now, elapsedMs }: PayerTime): number {
  const later = kindsOf(terms).flatMap(([, all]) => all.flatMap(({ atMs }) => (atMs > elapsedMs ? atMs : [])))
  return now + Math.ceil(Math.min(...later) - elapsedMs)
}
