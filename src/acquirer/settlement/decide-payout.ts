// Whether a merchant is paid now, how much, and if not, why. Pure.

import type { OutsideHold } from '../../measure/money/hold-reasons.js'
import { feeParts, feeUnits } from './fee.js'
import type { Terms } from './options.js'

/** A transaction that is not paid yet, in the order of posting. */
export interface UnpaidLine {
  readonly effect: 'charge' | 'capture' | 'refund' | 'void'
  /** Minor units. */
  readonly amount: number
}

/**
 * `below minimum`: more must come. `balance`: the account does not cover refunds and fees. `sale above …`: a single sale is,
 * and no later payout can have room for it, or for what is behind it: the limit is too low for this merchant.
 */
export type HoldReason =
  | 'below minimum'
  | 'balance'
  | 'payout limit'
  | 'day limit'
  | 'sale above payout limit'
  | 'sale above day limit'
  | OutsideHold

/** Payouts that one sale may be spread over; one that needs more has a limit that is a mistake. */
const mostParts = 1000

export interface Unpaid {
  readonly lines: readonly UnpaidLine[]
  /** Reversed after they were paid: taken back now. */
  readonly corrections: readonly UnpaidLine[]
  /** The balance of the merchant's account, beside the one that the terms start it with. */
  readonly account: number
  readonly paidToday: number
  /** All of it is held back from outside; left out: it is not. */
  readonly held?: OutsideHold | undefined
}

export interface Payment {
  /** The first so many lines are paid. */
  readonly lines: number
  readonly gross: number
  readonly refunds: number
  readonly fee: number
  /** As much of it is for the payout itself. */
  readonly payoutFee: number
  /** The fee by the contract. */
  readonly contractFee: number
  /** gross - refunds - fee; negative where more was given back than taken, and the account covers it. */
  readonly amount: number
}

export type PayoutDecision =
  /** `rest`: why the lines behind those that are paid are not. */
  | ({ readonly kind: 'pay'; readonly rest: HoldReason | undefined } & Payment)
  /** `amount`: what waits, net, as far as it was read; below 0 where the merchant owes. */
  | { readonly kind: 'hold'; readonly reason: HoldReason; readonly amount: number }
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
  let first = best
  lines.forEach((line, index) => {
    sum.take(line, 1)
    if (index === 0) first = sum.payment(1)
    if (sum.amount() <= most) best = sum.payment(index + 1)
  })
  const hold = (reason: HoldReason) => ({ kind: 'hold', reason, amount: sum.amount() }) as const
  if (unpaid.held !== undefined) return hold(unpaid.held)
  const limit: HoldReason = payoutLimit <= dayLimit - paidToday ? 'payout limit' : 'day limit'
  if (best.lines === 0 && lines.length > 0) {
    // Above the limit alone: it is paid in parts, or everything behind it would wait for ever.
    const reason = whyNotInParts(first.amount, { payoutLimit, dayLimit, paidToday })
    if (reason !== undefined) return hold(reason)
    best = first
  }
  const covered = terms.balance === undefined ? account : terms.balance + account
  const beforeFee = best.amount + best.payoutFee
  // Voids and corrections give back what was paid before: they are in the amount, and in no refund.
  const owes = Math.max(terms.balance === undefined ? 0 : best.refunds + best.fee, -beforeFee)
  if (owes > Math.max(0, covered)) return hold('balance')
  if (beforeFee >= 0 && best.amount < Math.max(terms.minimum, Math.sign(best.payoutFee))) return hold('below minimum')
  return { kind: 'pay', rest: best.lines < lines.length ? limit : undefined, ...best }
}

function whyNotInParts(
  amount: number,
  { payoutLimit, dayLimit, paidToday }: { payoutLimit: number; dayLimit: number; paidToday: number },
): HoldReason | undefined {
  if (amount > dayLimit) return 'sale above day limit'
  if (amount > mostParts * payoutLimit) return 'sale above payout limit'
  return amount > dayLimit - paidToday ? 'day limit' : undefined
}

/** As payouts that are each at most the limit: more than one only for a sale that is above it alone. The first has the fee. */
export function inParts(payment: Payment, payoutLimit = Number.POSITIVE_INFINITY): readonly Payment[] {
  if (payment.amount <= payoutLimit) return [payment]
  const over = payment.amount - payoutLimit
  const rest = { lines: 0, gross: over, refunds: 0, fee: 0, payoutFee: 0, contractFee: 0, amount: over }
  return [{ ...payment, gross: payment.gross - over, amount: payoutLimit }, ...inParts(rest, payoutLimit)]
}

/** The net amount that one line brings the merchant. A void gives the fee back, a refund does not. */
export function merchantNet({ effect, amount }: UnpaidLine, terms: Terms): number {
  if (effect === 'refund') return -amount
  const net = amount - feeUnits(feeParts(amount, terms))
  return effect === 'void' ? -net : net
}

function createSum(terms: Terms, contract: Terms) {
  let gross = 0
  let refunds = 0
  let fee = 0n
  let contractFee = 0n
  const beforeFee = () => gross - refunds - feeUnits(fee)
  // Who owes, or gets nothing, makes no payout that costs something.
  const ofPayout = ({ payoutFee }: Terms) => (beforeFee() > 0 ? payoutFee : 0)
  const amount = () => beforeFee() - ofPayout(terms)
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
      ...{ lines, gross, refunds, amount: amount(), payoutFee: ofPayout(terms) },
      fee: feeUnits(fee) + ofPayout(terms),
      contractFee: feeUnits(contractFee) + ofPayout(contract),
    }),
  }
}
