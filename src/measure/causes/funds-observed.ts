// The money that a merchant sees: what it sold and gave back, and when which amount came. Amounts in minor units.

import { createThinned, type Thinned } from './thinned.js'

/** The merchant's own paper; undefined: not known. */
export interface ContractTerms {
  readonly cycleMs: number | undefined
  readonly minimum: number | undefined
  /** Epoch ms until when money of a sale at this instant is to come by the agreed calendar; undefined where none was agreed. */
  readonly paidBy?: ((soldAt: number) => number | undefined) | undefined
  /** The amount that a sale brings after the agreed fee. */
  readonly net: ((amount: number) => number) | undefined
}

export interface PayoutSeen {
  readonly at: number
  readonly amount: number | undefined
  /** The amount that the same sales should have brought by the contract; undefined where that is not known. */
  readonly agreed: number | undefined
  /** Agreed net amount of this merchant that waited just before, this payout included. */
  readonly waiting: number
}

export interface ObservedFunds {
  firstSaleAt: number | undefined
  lastSaleAt: number
  /** Agreed net amount of all sales. */
  sold: number
  /** Agreed net amount of sales that are not paid. */
  waiting: number
  sales: number
  refunds: number
  refunded: number
  /** As much of it since the last payout. */
  refundedSince: number
  readonly payouts: Thinned<PayoutSeen>
  /** From answers to their money, in ms. */
  readonly waits: Thinned<number>
}

/** Payouts of one merchant that are kept: enough to see a rhythm. */
const maxPayouts = 500

export const newMerchantFunds = (): ObservedFunds => ({
  firstSaleAt: undefined,
  lastSaleAt: 0,
  sold: 0,
  waiting: 0,
  sales: 0,
  refunds: 0,
  refunded: 0,
  refundedSince: 0,
  payouts: createThinned(maxPayouts),
  waits: createThinned(maxPayouts),
})
