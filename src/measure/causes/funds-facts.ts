// How a merchant's money came, against what was agreed: figures that the causes of late funds share.

import type { PayoutSeen } from './funds-observed.js'
import { quantile } from './numbers.js'
import type { Observations } from './observations.js'

export interface FundsFacts {
  /** Times at which money came; advices of one payout count once. */
  readonly payouts: number
  /** From answers to their money: nine in ten took less, in ms; undefined where none came. */
  readonly longWaitMs: number | undefined
  /** Since the last payout, or the first sale where there was none, in ms. */
  readonly waitingMs: number
  /** Agreed net amount that is not paid, in minor units. */
  readonly waiting: number
  /** Nothing came for several cycles, and longer than money took before, though more and more waits. */
  readonly stopped: boolean
  readonly refunds: number
  readonly sales: number
  /** It gave back more since the last payout than waits. */
  readonly owes: boolean
  /** The agreed cycle; where that is not known, the time up to which funds are timely. */
  readonly cycleMs: number
  readonly cycleIsAgreed: boolean
  readonly agreedMinimum: number
  /** Share of payouts whose amount is not what the contract says; undefined where that is not known. */
  readonly amountsDiffer: number | undefined
  /** The least that came at once, in minor units. */
  readonly leastPayout: number | undefined
}

/** Cycles without a payout that are no delay any more, and cycles' worth of sales that must wait meanwhile. */
const cyclesWithout = 2.5
const cyclesWaiting = 2
/** So much longer than money took before is another matter. */
const longer = 1.5
/** Advices that come this close together are of one payout, in ms. */
const togetherMs = 250
/** Minor units by which rounding may differ. */
const rounding = 2

export function fundsFacts(observations: Observations, merchant: string): FundsFacts | undefined {
  const { funds, endedAt, lastingLinks } = observations
  const seen = funds?.merchants.get(merchant)
  if (funds === null || seen?.firstSaleAt === undefined) return undefined
  const contract = funds.contractOf(merchant)
  const groups = together(seen.payouts.items)
  const judged = seen.payouts.items.filter(({ agreed, amount }) => agreed !== undefined && amount !== undefined)
  const wrong = judged.filter(({ agreed = 0, amount = 0 }) => Math.abs(agreed - amount) > rounding)
  const sums = groups.map((group) => group.reduce((sum, { amount, agreed }) => sum + (amount ?? agreed ?? 0), 0))
  const cycleMs = contract?.cycleMs ?? funds.withinMs
  const agreedMinimum = contract?.minimum ?? 0
  const perCycle = (seen.sold * cycleMs) / Math.max(cycleMs, seen.lastSaleAt - seen.firstSaleAt)
  // Terminals that open a connection for each transaction hear of money only as long as they trade.
  const until = lastingLinks === 0 ? Math.min(endedAt, seen.lastSaleAt) : endedAt
  const waitingMs = until - (groups.at(-1)?.[0]?.at ?? seen.firstSaleAt)
  const longWaitMs = quantile(seen.waits.items, 0.9)
  const isMuch = seen.waiting > Math.max(agreedMinimum, cyclesWaiting * perCycle)
  return {
    ...{
      payouts: groups.length,
      longWaitMs,
      waitingMs,
      waiting: seen.waiting,
      refunds: seen.refunds,
      sales: seen.sales,
      owes: seen.refunds > 0 && seen.refundedSince >= seen.waiting,
    },
    stopped: isMuch && waitingMs > cyclesWithout * cycleMs && waitingMs > longer * (longWaitMs ?? 0),
    ...{ cycleMs, cycleIsAgreed: contract?.cycleMs !== undefined, agreedMinimum },
    amountsDiffer: judged.length === 0 ? undefined : wrong.length / judged.length,
    leastPayout: sums.length === 0 ? undefined : Math.min(...sums),
  }
}

function together(payouts: readonly PayoutSeen[]): readonly (readonly PayoutSeen[])[] {
  const groups: PayoutSeen[][] = []
  for (const payout of payouts) {
    const group = groups.at(-1)
    if (group !== undefined && payout.at - (group.at(-1)?.at ?? 0) <= togetherMs) group.push(payout)
    else groups.push([payout])
  }
  return groups
}
