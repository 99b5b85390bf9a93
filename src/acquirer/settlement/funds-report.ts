// How it stands with the merchants' money: for a diagnosis of funds that are late. Plain data.

import type { Ledger } from '../ledger/ledger.js'
import { preparePayouts } from '../ledger/payouts.js'
import type { AcquirerOptions } from '../options.js'
import type { HoldReason } from './decide-payout.js'
import { type TermsDifference, termsDifferences } from './terms-book.js'

export interface MerchantFunds {
  /** DE42 */
  readonly merchant: string
  /** Minor units that were paid out so far. */
  readonly paidMinor: number
  /** Why nothing is paid now; null: nothing is held. */
  readonly held: HoldReason | null
  /** Epoch ms; null where nothing is held. */
  readonly heldSince: number | null
}

export interface FundsReport {
  readonly merchants: readonly MerchantFunds[]
  /** Terms that are not what was agreed. */
  readonly differences: readonly TermsDifference[]
}

export function reportFunds(
  ledger: Ledger,
  options: Pick<AcquirerOptions, 'settlement' | 'contract' | 'merchants'>,
): FundsReport {
  const merchants = preparePayouts(ledger.database)
    .merchants()
    .map(
      ({ merchant, account, hold, held_since: heldSince }): MerchantFunds => ({
        ...{ merchant, paidMinor: account, held: hold as HoldReason | null, heldSince },
      }),
    )
  return { merchants, differences: termsDifferences(options) }
}
