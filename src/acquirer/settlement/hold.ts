// A hold from outside on the payouts of a merchant: by the acquirer's risk department, by the account, or by the bank. Pure.

import { type HoldId, type OutsideHold, outsideHolds } from '../../measure/money/hold-reasons.js'

export interface HoldTerm {
  readonly reason: HoldId
  /** Since the acquirer started. */
  readonly fromMs: number
  /** Undefined: to the end. */
  readonly forMs: number | undefined
}

/** A hold as the ledger has it. Instants are epoch ms. */
export interface HoldSpan {
  readonly reason: string
  readonly since: number
  /** Null: nobody knows yet. */
  readonly until: number | null
}

/** Time of the process that pays. */
export interface PayerTime {
  /** Epoch ms. */
  readonly now: number
  /** Since the process started: a calendar clock may be set meanwhile. */
  readonly elapsedMs: number
}

/**
 * The hold that is in force; undefined: none. `last`: the latest of this merchant in the ledger. One that was under way when this
 * process started goes on as an earlier process had it, and is not begun again.
 */
export function holdInForce(
  term: HoldTerm | undefined,
  last: HoldSpan | undefined,
  { now, elapsedMs }: PayerTime,
): (HoldSpan & { readonly reason: OutsideHold }) | undefined {
  if (term === undefined) return undefined
  const reason = outsideHolds[term.reason]
  const startedAt = now - elapsedMs
  if (last?.reason === reason && last.since < startedAt && (last.until ?? Number.POSITIVE_INFINITY) > startedAt)
    return last.until !== null && last.until <= now ? undefined : { ...last, reason }
  const since = startedAt + term.fromMs
  const until = term.forMs === undefined ? null : since + term.forMs
  return now < since || (until !== null && now >= until) ? undefined : { reason, since, until }
}
