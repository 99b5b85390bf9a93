// Whether a merchant is paid now, how much, and if not, why. Pure.

import type { OutsideHold } from '../../measure/money/hold-reasons.js'
import { feeParts, feeUnits } from './fee.js'
import type { Terms } from './options.js'

/** A transaction that is not paid yet, in the order of posting. */
export interface UnpaidLine {
  readonly effect: 'charge' | 'capture' | 'refund' | 'void'
  /** Minor units. */
  readonly amount: number
  /** The kind of card, by which its fee is; left out or null: none is known. */
  readonly card_kind?: string | null
}

/**
 * `below minimum`: more must come. `balance`: the merchant owes more than its account covers, by refunds, chargebacks, a reserve,
 * or because it pays. `sale above …`: a single sale is,
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
  /** The sum that issuers took back, and no payout has been made less by yet; left out: none. */
  readonly chargebacks?: number
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
  readonly chargebacks: number
  readonly fee: number
  /** As much of it is for the payout itself. */
  readonly payoutFee: number
  /** The fee by the contract. */
  readonly contractFee: number
  /**
   * gross - refunds - chargebacks - fee; negative where more was given back than taken, and the account covers it. Of an account
   * that pays: refunds - gross - chargebacks - fee.
   */
  readonly amount: number
}

export type PayoutDecision =
  /** `rest`: why the lines behind those that are paid are not. */
  | ({ readonly kind: 'pay'; readonly rest: HoldReason | undefined } & Payment)
  /** `amount`: what waits, net, as far as it was read; below 0 where the merchant owes. */
  | { readonly kind: 'hold'; readonly reason: HoldReason; readonly amount: number }
  | { readonly kind: 'nothing' }

export function decidePayout(unpaid: Unpaid, terms: Terms, contract: Terms): PayoutDecision {
  const { lines, corrections, chargebacks = 0, account, paidToday } = unpaid
  if (lines.length === 0 && corrections.length === 0 && chargebacks === 0) return { kind: 'nothing' }
  const { payoutLimit = Number.POSITIVE_INFINITY, dayLimit = Number.POSITIVE_INFINITY } = terms
  const covered = Math.max(0, (terms.balance ?? 0) + account - terms.reserve)
  const sum = createSum(terms, contract, chargebacks)
  for (const line of corrections) sum.take(line, -1)
  // The longest run of lines that the limits allow, and that an account that pays covers.
  const most = Math.min(payoutLimit, dayLimit - paidToday)
  const least = terms.side === 'debit' ? -covered : Number.NEGATIVE_INFINITY
  let best = sum.payment(0)
  let first = best
  lines.forEach((line, index) => {
    sum.take(line, 1)
    if (index === 0) first = sum.payment(1)
    if (sum.amount() <= most && sum.amount() >= least) best = sum.payment(index + 1)
  })
  const hold = (reason: HoldReason) => ({ kind: 'hold', reason, amount: sum.amount() }) as const
  if (unpaid.held !== undefined) return hold(unpaid.held)
  if (best.lines === 0 && first.amount > most) {
    // Above the limit alone, a sale or what is owed for voids that were reversed: it is paid in parts, or everything behind it
    // would wait for ever.
    const reason = whyNotInParts(first.amount, { payoutLimit, dayLimit, paidToday })
    if (reason !== undefined) return hold(reason)
    best = first
  } else if (best.lines === 0 && lines.length > 0) return hold('balance')
  const beforeFee = best.amount + best.payoutFee
  if (-beforeFee > covered) return hold('balance')
  const isPaidOut = beforeFee > 0 || (beforeFee === 0 && terms.side === 'credit')
  if (isPaidOut && best.amount < Math.max(terms.minimum, Math.sign(best.payoutFee))) return hold('below minimum')
  const limit: HoldReason = payoutLimit <= dayLimit - paidToday ? 'payout limit' : 'day limit'
  const rest = terms.side === 'debit' ? 'balance' : limit
  return { kind: 'pay', rest: best.lines < lines.length ? rest : undefined, ...best }
}

function whyNotInParts(
  amount: number,
  { payoutLimit, dayLimit, paidToday }: { payoutLimit: number; dayLimit: number; paidToday: number },
): HoldReason | undefined {
  if (amount > dayLimit) return 'sale above day limit'
  if (amount > mostParts * payoutLimit) return 'sale above payout limit'
  return amount > dayLimit - paidToday ? 'day limit' : undefined
}

/**
 * As payouts that are each at most the limit: more than one only for a sale, or for a refund to an account that pays, that is
 * above it alone. The first has the fee.
 */
export function inParts(payment: Payment, terms: Pick<Terms, 'payoutLimit' | 'side'>): readonly Payment[] {
  const { payoutLimit = Number.POSITIVE_INFINITY, side } = terms
  if (payment.amount <= payoutLimit) return [payment]
  const over = payment.amount - payoutLimit
  const split = side === 'debit' ? 'refunds' : 'gross'
  const none = { lines: 0, gross: 0, refunds: 0, chargebacks: 0, fee: 0, payoutFee: 0, contractFee: 0 }
  const first = { ...payment, [split]: payment[split] - over, amount: payoutLimit }
  return [first, ...inParts({ ...none, [split]: over, amount: over }, terms)]
}

/**
 * The amount that one line moves on the merchant's account: what it brings after its fee, or, of an account that pays, what it
 * takes with its fee. A void gives the fee back, a refund does not.
 */
export function merchantNet({ effect, amount, card_kind }: UnpaidLine, terms: Terms): number {
  if (effect === 'refund') return -amount
  const fee = feeUnits(feeParts(amount, terms, card_kind))
  const net = terms.side === 'debit' ? amount + fee : amount - fee
  return effect === 'void' ? -net : net
}

function createSum(terms: Terms, contract: Terms, chargebacks: number) {
  let gross = 0
  let refunds = 0
  let fee = 0n
  let contractFee = 0n
  const sales = () => (terms.side === 'debit' ? refunds - gross : gross - refunds)
  const beforeFee = () => sales() - chargebacks - feeUnits(fee)
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
      fee += BigInt(direction) * feeParts(line.amount, terms, line.card_kind)
      contractFee += BigInt(direction) * feeParts(line.amount, contract, line.card_kind)
    },
    payment: (lines: number): Payment => ({
      ...{ lines, gross, refunds, chargebacks, amount: amount(), payoutFee: ofPayout(terms) },
      fee: feeUnits(fee) + ofPayout(terms),
      contractFee: feeUnits(contractFee) + ofPayout(contract),
    }),
  }
}
