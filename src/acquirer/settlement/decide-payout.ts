// Whether a merchant is paid now, how much, and if not, why. Pure.

import { feeParts, feeUnits } from './fee.js'
import type { Terms } from './options.js'

/** A transaction that is not paid yet, in the order of posting. */
export interface UnpaidLine {
  readonly effect: 'charge' | 'capture' | 'refund' | 'void'
  /** Minor units. */
  readonly amount: number
}

/** `below minimum`: more must come. `balance`: the account does not cover refunds and fees. */
export type HoldReason = 'below minimum' | 'balance' | 'payout limit' | 'day limit'

export interface Unpaid {
  readonly lines: readonly UnpaidLine[]
  /** Reversed after they were paid: taken back now. */
  readonly corrections: readonly UnpaidLine[]
  /** Of the merchant's account, beside what the terms start it with. */
  readonly account: number
  readonly paidToday: number
}

export interface Payment {
  /** The first so many lines are paid. */
  readonly lines: number
  readonly gross: number
  readonly refunds: number
  readonly fee: number
  /** What the fee would be by the contract. */
  readonly contractFee: number
  /** gross - refunds - fee; negative where more was given back than taken, and the account covers it. */
  readonly amount: number
}

export type PayoutDecision =
  /** `rest`: why the lines behind those that are paid are not. */
  | ({ readonly kind: 'pay'; readonly rest: HoldReason | undefined } & Payment)
  | { readonly kind: 'hold'; readonly reason: HoldReason }
  | { readonly kind: 'nothing' }

export function decidePayout(unpaid: Unpaid, terms: Terms, contract: Terms): PayoutDecision {
  const { lines, corrections, account, paidToday } = unpaid
  if (lines.length === 0 && corrections.length === 0) return { kind: 'nothing' }
  const { payoutLimit = Number.POSITIVE_INFINITY, dayLimit = Number.POSITIVE_INFINITY } = terms
  const sum = createSum(terms, contract)
  for (const line of corrections) sum.take(line, -1)
  // The longest run of lines that the limits allow.
  const most = Math.min(payoutLimit, dayLimit - paidToday)
  let best = sum.payment(0)
  lines.forEach((line, index) => {
    sum.take(line, 1)
    if (sum.amount() <= most) best = sum.payment(index + 1)
  })
  const limit: HoldReason = payoutLimit <= dayLimit - paidToday ? 'payout limit' : 'day limit'
  if (best.lines === 0 && lines.length > 0) return { kind: 'hold', reason: limit }
  const covered = terms.balance === undefined ? account : terms.balance + account
  const owes = terms.balance === undefined ? Math.max(0, -best.amount) : best.refunds + best.fee
  if (owes > Math.max(0, covered)) return { kind: 'hold', reason: 'balance' }
  if (best.amount >= 0 && best.amount < terms.minimum) return { kind: 'hold', reason: 'below minimum' }
  return { kind: 'pay', rest: best.lines < lines.length ? limit : undefined, ...best }
}

/** What one line brings the merchant. A void gives the fee back, a refund does not. */
export function netOf({ effect, amount }: UnpaidLine, terms: Terms): number {
  if (effect === 'refund') return -amount
  const net = amount - feeUnits(feeParts(amount, terms))
  return effect === 'void' ? -net : net
}

function createSum(terms: Terms, contract: Terms) {
  let gross = 0
  let refunds = 0
  let fee = 0n
  let contractFee = 0n
  const amount = () => gross - refunds - feeUnits(fee)
  return {
    amount,
    take(line: UnpaidLine, sign: 1 | -1) {
      if (line.effect === 'refund') {
        refunds += sign * line.amount
        return
      }
      const direction = line.effect === 'void' ? -sign : sign
      gross += direction * line.amount
      fee += BigInt(direction) * feeParts(line.amount, terms)
      contractFee += BigInt(direction) * feeParts(line.amount, contract)
    },
    payment: (lines: number): Payment => ({
      ...{ lines, gross, refunds, amount: amount() },
      fee: feeUnits(fee),
      contractFee: feeUnits(contractFee),
    }),
  }
}
