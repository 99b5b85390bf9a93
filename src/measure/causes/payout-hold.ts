// Payouts are held back by the acquirer or by the bank: for a risk, for the account, for the hour. Nobody sees that at the counter;
// the acquirer's own states, or a settlement file, say so.

import { type HoldId, holdIdOf, isOwnShortage } from '../money/hold-reasons.js'
import type { PayoutHold } from '../money/merchant-funds.js'
import { asAgreed } from './as-agreed.js'
import { defineCause, type Explanation } from './cause.js'
import type { Facts } from './facts.js'
import { dateWords, holdToBlame, majorUnits, spanWords, told } from './held-back.js'
import type { AwaitedFunds } from './observations.js'

export const payoutHold = defineCause({
  id: 'payout-hold',
  of: 'funds',
  isSpecific: true,
  remedy:
    'prove the settlement account, ask for the release of a risk hold, name another account, or be paid before the bank closes',
  explain(transaction, facts) {
    const { merchant, funds } = transaction
    if (funds === undefined || asAgreed(transaction, facts) !== undefined) return undefined
    if (funds.told !== undefined) return isOwnShortage(funds.told.reason) ? undefined : toldOf(funds, funds.told, facts)
    const hold = holdToBlame(transaction, facts, (reason) => holdIdOf(reason) !== undefined)
    return hold && { confidence: told, evidence: wordsOf(merchant, hold) }
  },
})

const wordsOf = (merchant: string, hold: PayoutHold): readonly string[] => [
  `the acquirer held all payouts of merchant ${merchant} ${spanWords(hold)}: ${hold.reason}`,
  `${majorUnits(hold.amountMinor)} waited for that`,
  ...stepsOf(hold.reason),
]

function toldOf(
  { amount }: AwaitedFunds,
  { reason, since }: NonNullable<AwaitedFunds['told']>,
  facts: Facts,
): Explanation {
  const { wallAtStart } = facts.observations
  const when = since === undefined || wallAtStart === undefined ? '' : `, since ${dateWords(wallAtStart + since)}`
  return {
    confidence: told,
    evidence: [
      `the settlement file says of this payment of ${majorUnits(amount)}: ${reason}${when}`,
      ...stepsOf(reason),
    ],
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
