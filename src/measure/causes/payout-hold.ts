// Payouts are held back by the acquirer or by the bank: for a risk, for the account, for the hour. Nobody sees that at the counter;
// the acquirer's own states, or a settlement file, say so.

import { type HoldId, holdIdOf } from '../money/hold-reasons.js'
import type { PayoutHold } from '../money/merchant-funds.js'
import { asAgreed } from './as-agreed.js'
import { defineCause, type Explanation } from './cause.js'
import type { Facts } from './facts.js'
import { overlap } from './numbers.js'
import type { AwaitedFunds, Observed } from './observations.js'

/** The acquirer says so itself. */
const told = 0.97
/** A hold is to blame for money that was late for this share of the time because of it. */
const leastShare = 0.5

export const payoutHold = defineCause({
  id: 'payout-hold',
  of: 'funds',
  isSpecific: true,
  remedy:
    'prove the settlement account, ask for the release of a risk hold, name another account, or be paid before the bank closes',
  explain(transaction, facts) {
    const { merchant, funds } = transaction
    if (funds === undefined || asAgreed(transaction, facts) !== undefined) return undefined
    if (funds.told !== undefined) return toldOf(funds, funds.told, facts)
    const hold = facts.observations.funds?.holds?.get(merchant)?.find((each) => isToBlame(each, transaction, facts))
    return hold && { confidence: told, evidence: wordsOf(merchant, hold) }
  },
})

function isToBlame(hold: PayoutHold, { merchant, endedAt, funds }: Observed, { observations }: Facts): boolean {
  const { wallAtStart, funds: known, endedAt: last } = observations
  if (wallAtStart === undefined || known === null || holdIdOf(hold.reason) === undefined) return false
  const contract = known.contractOf(merchant)
  const cycleMs = contract?.cycleMs ?? known.withinMs
  const dueAfter = (at: number) => contract?.paidBy?.(at) ?? at + cycleMs
  const due = dueAfter(wallAtStart + endedAt)
  const paid = wallAtStart + (funds?.paidAt ?? last)
  // Money that a hold keeps comes with the first payout after it.
  const until = hold.until === null ? paid : dueAfter(hold.until)
  return overlap(hold.since, until, due, paid) > leastShare * (paid - due)
}

function wordsOf(merchant: string, { reason, since, until, amountMinor }: PayoutHold): readonly string[] {
  const span = until === null ? `from ${dateWords(since)} on` : `from ${dateWords(since)} to ${dateWords(until)}`
  return [
    `the acquirer held all payouts of merchant ${merchant} ${span}: ${reason}`,
    `${major(amountMinor)} waited for that`,
    ...stepsOf(reason),
  ]
}

function toldOf(
  { amount }: AwaitedFunds,
  { reason, since }: NonNullable<AwaitedFunds['told']>,
  facts: Facts,
): Explanation {
  const { wallAtStart } = facts.observations
  const when = since === undefined || wallAtStart === undefined ? '' : `, since ${dateWords(wallAtStart + since)}`
  return {
    confidence: told,
    evidence: [`the settlement file says of this payment of ${major(amount)}: ${reason}${when}`, ...stepsOf(reason)],
  }
}

const steps: Readonly<Record<HoldId, string>> = {
  risk: 'ask the acquirer for the release of the risk hold, with the slips of these sales',
  account: 'prove the account: its holder, number and bank as the contract has them, or name another',
  quota: 'name an account without this quota, such as a class I account, or wait for the next day or year',
  window: "have it paid before the bank's window closes: an earlier cut-off, or the next working day as agreed",
  returned: 'ask the bank why it sent the money back, correct the account, and have it paid again',
}

/** The next step for who was held back. */
function stepsOf(reason: string): readonly string[] {
  const id = holdIdOf(reason)
  return id === undefined ? [] : [steps[id]]
}

/** `2026-11-27 10:00:02 UTC`. */
const dateWords = (wallMs: number) => `${new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** Two decimals, as most currencies have. */
const major = (minor: number) => (minor / 100).toFixed(2)
