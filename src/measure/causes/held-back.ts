// Times at which an acquirer held back all that a merchant was due, as it says itself: which of them made some money late.

import type { PayoutHold } from '../money/merchant-funds.js'
import type { Facts } from './facts.js'
import { overlap } from './numbers.js'
import type { Observed } from './observations.js'

/** The acquirer says so itself. */
export const told = 0.97
/** A hold is to blame for money that was late for this share of the time because of it. */
const leastShare = 0.5

/** The first hold for such a reason that is to blame for the lateness of this one's money; undefined: none is. */
export const holdToBlame = (
  transaction: Observed,
  facts: Facts,
  isReason: (reason: string) => boolean,
): PayoutHold | undefined =>
  facts.observations.funds?.holds
    ?.get(transaction.merchant)
    ?.find((hold) => isReason(hold.reason) && isToBlame(hold, transaction, facts))

function isToBlame(hold: PayoutHold, { merchant, endedAt, funds }: Observed, { observations }: Facts): boolean {
  const { wallAtStart, funds: known, endedAt: last } = observations
  if (wallAtStart === undefined || known === null) return false
  const contract = known.contractOf(merchant)
  const cycleMs = contract?.cycleMs ?? known.withinMs
  const dueAfter = (at: number) => contract?.paidBy?.(at) ?? at + cycleMs
  const due = dueAfter(wallAtStart + endedAt)
  const paid = wallAtStart + (funds?.paidAt ?? last)
  // Money that a hold keeps comes with the first payout after it.
  const until = hold.until === null ? paid : dueAfter(hold.until)
  return overlap(hold.since, until, due, paid) > leastShare * (paid - due)
}

/** `from … on`, or `from … to …`. */
export const spanWords = ({ since, until }: PayoutHold): string =>
  until === null ? `from ${dateWords(since)} on` : `from ${dateWords(since)} to ${dateWords(until)}`

/** `2026-11-27 10:00:02 UTC`. */
export const dateWords = (wallMs: number): string =>
  `${new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** Two decimals, as most currencies have. */
export const majorUnits = (minor: number): string => (minor / 100).toFixed(2)
