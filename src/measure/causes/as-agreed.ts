// Did money come when the agreed calendar says? Then nobody is to blame, however long that is after the card.

import type { Explanation } from './cause.js'
import type { Facts } from './facts.js'
import type { Observed } from './observations.js'

/** A payout run pays many merchants one after another: money this much after its time is in time, in ms. */
const payingMs = 600_000
/** Too little to accuse anybody: the evidence is told all the same. */
const nobody = 0.5

/** Undefined where no calendar was agreed, or the money is later than it says. */
export function asAgreed({ merchant, funds, endedAt }: Observed, { observations }: Facts): Explanation | undefined {
  const { wallAtStart, endedAt: last } = observations
  const dueAt =
    wallAtStart === undefined ? undefined : observations.funds?.contractOf(merchant)?.paidBy?.(wallAtStart + endedAt)
  if (wallAtStart === undefined || dueAt === undefined || funds === undefined) return undefined
  if (wallAtStart + (funds.paidAt ?? last) > dueAt + payingMs) return undefined
  const due = new Date(dueAt).toISOString().slice(0, 16).replace('T', ' ')
  return {
    confidence: nobody,
    evidence: [
      funds.paidAt === undefined
        ? `the money is due at ${due} UTC, as agreed`
        : `the money came by ${due} UTC, as agreed`,
    ],
  }
}
