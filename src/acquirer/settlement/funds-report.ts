// How it stands with the merchants' money: what was paid, kept and held, and why. Plain data.

import { type LedgerMark, ledgerBegin } from '../ledger/marks.js'
import { type HeldBackRow, heldBack, merchants, paidAfter } from '../ledger/payouts.js'
import type { Steps } from '../ledger/store/store.js'
import type { AcquirerOptions } from '../options.js'
import type { HoldReason } from './decide-payout.js'
import { type TermsDifference, termsDifferences } from './terms-book.js'

export interface MerchantFunds {
  /** DE42 */
  readonly merchant: string
  /** Minor units that were paid out, and that were kept. */
  readonly paidMinor: number
  readonly feeMinor: number
  /** The fee that the contract would have kept. */
  readonly contractFeeMinor: number
  /** Why nothing is paid now; null: nothing is held. */
  readonly held: HoldReason | null
  /** Epoch ms; null where nothing is held. */
  readonly heldSince: number | null
  /** All times at which everything was held, also those that are over; the first one first. */
  readonly holds: readonly HeldBackRow[]
}

export interface FundsReport {
  readonly merchants: readonly MerchantFunds[]
  /** Terms that are not what was agreed. */
  readonly differences: readonly TermsDifference[]
}

/** Payouts are those after `since`, and so are the ends of `holds`; what is held is held now. */
export function* reportFunds(
  options: Pick<AcquirerOptions, 'settlement' | 'contract' | 'merchants'>,
  since: LedgerMark = ledgerBegin,
): Steps<FundsReport> {
  const reported: MerchantFunds[] = []
  for (const { id, merchant, hold, held_since: heldSince } of yield* merchants()) {
    const { amount, fee, contract_fee } = yield* paidAfter(id, since.payout)
    reported.push({
      ...{ merchant, paidMinor: amount, feeMinor: fee, contractFeeMinor: contract_fee },
      ...{ held: hold as HoldReason | null, heldSince },
      holds: [...(yield* heldBack(id, since.postedAt ?? 0))].reverse(),
    })
  }
  return { merchants: reported, differences: termsDifferences(options) }
}
