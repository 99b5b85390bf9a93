// The merchant owes more than its account covers, by refunds, chargebacks, a reserve, or because its account pays: nothing is
// paid until more comes in. The acquirer's own states say so, or a settlement file; else what the merchant gave back itself.

import { counted } from '../../base/text/counted.js'
import { isOwnShortage } from '../money/hold-reasons.js'
import type { PayoutHold } from '../money/merchant-funds.js'
import { asAgreed } from './as-agreed.js'
import { defineCause, type Explanation } from './cause.js'
import type { FundsFacts } from './funds-facts.js'
import { dateWords, holdToBlame, majorUnits, spanWords, told } from './held-back.js'
import { inWords } from './numbers.js'
import type { MoneyTold } from './observations.js'

export const merchantBalance = defineCause({
  id: 'merchant-balance',
  of: 'funds',
  remedy:
    "top up the merchant's settlement account, so that it covers refunds, chargebacks and what it pays; or ask for a lower reserve",
  explain(transaction, facts) {
    const { merchant, funds: own } = transaction
    if (asAgreed(transaction, facts) !== undefined) return undefined
    if (own?.told !== undefined)
      return isOwnShortage(own.told.reason) ? toldOf(own.told, facts.observations.wallAtStart) : undefined
    const funds = facts.funds(merchant)
    const hold = holdToBlame(transaction, facts, isOwnShortage)
    if (hold !== undefined) return { confidence: told, evidence: heldWords(merchant, hold, funds) }
    if (funds === undefined || !funds.owes || !funds.stopped) return undefined
    return { confidence: funds.payouts === 0 ? 0.85 : 0.78, evidence: stoppedWords(merchant, funds) }
  },
})

function heldWords(merchant: string, hold: PayoutHold, funds: FundsFacts | undefined): readonly string[] {
  const { amountMinor } = hold
  return [
    `the acquirer held all payouts of merchant ${merchant} ${spanWords(hold)}: its account does not cover what it owes`,
    amountMinor < 0
      ? `${majorUnits(-amountMinor)} have to be covered by its account`
      : `${majorUnits(amountMinor)} waited for that`,
    ...(funds !== undefined && funds.refunds > 0
      ? [`it gave money back ${counted(funds.refunds, 'time')} beside ${counted(funds.sales, 'sale')}`]
      : []),
  ]
}

function toldOf({ since }: MoneyTold, wallAtStart: number | undefined): Explanation {
  const when = since === undefined || wallAtStart === undefined ? '' : `, since ${dateWords(wallAtStart + since)}`
  return {
    confidence: told,
    evidence: [`the settlement file says that the account does not cover what the merchant owes${when}`],
  }
}

function stoppedWords(
  merchant: string,
  { payouts, refunds, sales, waitingMs, cycleMs }: FundsFacts,
): readonly string[] {
  const long = `${inWords(waitingMs)}, ${(waitingMs / Math.max(1, cycleMs)).toFixed(1)} cycles`
  return [
    payouts === 0
      ? `merchant ${merchant} was never paid in ${long}, though its sales are above the agreed minimum`
      : `merchant ${merchant} was paid ${counted(payouts, 'time')}, and then no more for ${long}`,
    `it gave back more than what waits: ${counted(refunds, 'time')} beside ${counted(sales, 'sale')}; that has to be covered before anything is paid`,
  ]
}
