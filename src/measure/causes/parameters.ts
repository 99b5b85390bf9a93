// The merchant is paid by other terms than agreed: a longer cycle, a higher minimum, another fee.

import { asAgreed } from './as-agreed.js'
import { defineCause, type Explanation } from './cause.js'
import type { FundsFacts } from './funds-facts.js'
import { inWords, percentWords } from './numbers.js'

/** Nine in ten waits longer than the agreed cycle by this factor: another cycle, or payouts that were left out. */
const longer = 1.7

export const parameters = defineCause({
  id: 'parameters',
  of: 'funds',
  remedy:
    'correct the settlement parameters: fee rate, minimum settlement amount, cycle or cut-off, as in the contract',
  explain(transaction, facts) {
    const { merchant } = transaction
    const funds = facts.funds(merchant)
    const withinMs = facts.observations.funds?.withinMs
    if (funds === undefined || withinMs === undefined) return undefined
    const found = asAgreed(transaction, facts) ?? rhythm(funds) ?? neverPaid(funds) ?? agreedSo(funds, withinMs)
    if (found === undefined) return undefined
    const { amountsDiffer } = funds
    if (amountsDiffer === undefined || amountsDiffer < 0.5) return found
    return {
      confidence: Math.max(found.confidence, 0.9),
      evidence: [...found.evidence, `${percentWords(amountsDiffer)} of the amounts paid differ from the agreed fee`],
    }
  },
})

/** Payouts come, but not as often as agreed. */
function rhythm(funds: FundsFacts): Explanation | undefined {
  const { payouts, longWaitMs, cycleMs, cycleIsAgreed, leastPayout, stopped, owes } = funds
  // The account lacks the money where nothing comes any more, and more was given back than waits.
  if (stopped && owes) return undefined
  if (payouts === 0 || longWaitMs === undefined || longWaitMs < longer * cycleMs) return undefined
  return {
    confidence: cycleIsAgreed ? 0.92 : 0.75,
    evidence: [
      `money came up to ${inWords(longWaitMs)} after the answer; ${cycleIsAgreed ? `a payout every ${inWords(cycleMs)} was agreed` : `${inWords(cycleMs)} are timely`}`,
      ...(leastPayout === undefined ? [] : [`never less than ${major(leastPayout)} came at once`]),
    ],
  }
}

/** Nothing came, and no refunds are in the way: a minimum that is not reached, or a cycle longer than the run. */
function neverPaid(funds: FundsFacts): Explanation | undefined {
  const { payouts, owes, waitingMs, cycleMs, cycleIsAgreed, agreedMinimum, waiting } = funds
  if (payouts > 0 || owes || waitingMs < longer * cycleMs || waiting <= agreedMinimum) return undefined
  return {
    confidence: 0.8,
    evidence: [
      `nothing was paid in ${inWords(waitingMs)}, though every ${inWords(cycleMs)} ${cycleIsAgreed ? 'was agreed' : 'is timely'}, and the merchant gave back less than waits`,
      `${major(waiting)} wait; the agreed minimum is ${major(agreedMinimum)}`,
    ],
  }
}

/** The agreed time is itself later than what counts as timely. */
function agreedSo({ cycleMs, agreedMinimum, waiting, payouts }: FundsFacts, withinMs: number): Explanation | undefined {
  if (cycleMs > withinMs)
    return {
      confidence: 0.7,
      evidence: [`a payout every ${inWords(cycleMs)} was agreed, later than the ${inWords(withinMs)} that are timely`],
    }
  if (payouts > 0 || waiting > agreedMinimum) return undefined
  return {
    confidence: 0.65,
    evidence: [`${major(waiting)} wait, less than the agreed minimum of ${major(agreedMinimum)}`],
  }
}

/** Two decimals, as most currencies have. */
const major = (minor: number) => (minor / 100).toFixed(2)
