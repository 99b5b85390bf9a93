// The merchant's account does not cover its refunds and fees: nothing is paid, however much waits, though the merchant gave
// money back.

import { asAgreed } from './as-agreed.js'
import { defineCause } from './cause.js'
import type { FundsFacts } from './funds-facts.js'
import { inWords } from './numbers.js'

export const merchantBalance = defineCause({
  id: 'merchant-balance',
  of: 'funds',
  remedy: "top up the merchant's settlement account, so that it covers refunds and fees",
  explain(transaction, facts) {
    const { merchant } = transaction
    if (asAgreed(transaction, facts) !== undefined) return undefined
    const funds = facts.funds(merchant)
    if (funds === undefined || funds.refunds === 0 || !funds.stopped) return undefined
    return { confidence: funds.payouts === 0 ? 0.85 : 0.78, evidence: wordsOf(merchant, funds) }
  },
})

function wordsOf(merchant: string, { payouts, refunds, sales, waitingMs, cycleMs }: FundsFacts): readonly string[] {
  const long = `${inWords(waitingMs)}, ${(waitingMs / Math.max(1, cycleMs)).toFixed(1)} cycles`
  return [
    payouts === 0
      ? `merchant ${merchant} was never paid in ${long}, though its sales are above the agreed minimum`
      : `merchant ${merchant} was paid ${payouts} times, and then no more for ${long}`,
    `it gave money back ${refunds} times beside ${sales} sales: refunds and fees have to be covered before anything is paid`,
  ]
}
