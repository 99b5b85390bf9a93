// The terms between merchants and the acquirer, as far as a diagnosis may know them.

import type { AcquirerOptions } from '../../acquirer/options.js'
import { createCardKinds } from '../../acquirer/settlement/card-kinds.js'
import { merchantNet } from '../../acquirer/settlement/decide-payout.js'
import { cycleText, type Terms } from '../../acquirer/settlement/options.js'
import { paidBy } from '../../acquirer/settlement/schedule.js'
import { createTermsBook } from '../../acquirer/settlement/terms-book.js'
import { formatMoney } from '../../base/units.js'
import { createZone } from '../../base/zone.js'
import type { Matchable } from '../../codec/checks/match.js'
import type { ContractTerms } from '../../measure/causes/funds-observed.js'
import type { AgreedMoney } from '../../measure/evidence.js'

/**
 * The merchant's own paper, term by term, as the (first) acquirer reads it: a contract says what differs from what is configured.
 * `timeZone`: of its calendar. Nothing is known here of terms that it does not name at all.
 */
export function createContracts(
  options: AcquirerOptions,
  timeZone: string,
): (merchant: string) => ContractTerms | undefined {
  const zone = createZone(timeZone)
  const book = createTermsBook(options)
  const contractOf = (merchant: string): ContractTerms | undefined => {
    const own = options.merchants[merchant]?.contract
    if (options.contract === undefined && own === undefined) return undefined
    const named = { ...options.contract, ...own }
    const terms = book.of(merchant).contract
    // The fee of a sale is not known by its amount alone where kinds of cards have their own.
    const isByKind = Object.keys(terms.fees).length > 0
    const feeIsNamed = !isByKind && feeTerms.some((term) => named[term] !== undefined)
    return {
      cycleMs: named.cycle === undefined ? undefined : cycleMsOf(terms),
      paidBy: named.cycle === undefined ? undefined : (soldAt) => paidBy(terms, zone, soldAt),
      minimum: named.minimum === undefined ? undefined : terms.minimum,
      net: feeIsNamed ? (amount) => merchantNet({ effect: 'charge', amount }, terms) : undefined,
    }
  }
  const known = new Map<string, ContractTerms | undefined>()
  return (merchant) => {
    if (!known.has(merchant)) known.set(merchant, contractOf(merchant))
    return known.get(merchant)
  }
}

/** The contract's word on one sale, for its sheet; undefined where nobody has said how merchants are paid. */
export function createAgreedMoney(
  options: AcquirerOptions,
  currency: string,
): (merchant: string, amountMinor: number, request: Matchable) => AgreedMoney | undefined {
  const book = createTermsBook(options)
  const cardKindOf = createCardKinds(options)
  const text = (minor: number) =>
    `${minor < 0 ? '-' : ''}${formatMoney({ minor: Math.abs(minor), currency })}`.trimEnd()
  return (merchant, amountMinor, request) => {
    const isKnown = [options.settlement, options.contract, options.merchants[merchant]?.contract].some(Boolean)
    if (!isKnown || !Number.isSafeInteger(amountMinor)) return undefined
    const { contract } = book.of(merchant)
    const net = merchantNet({ effect: 'charge', amount: amountMinor, card_kind: cardKindOf(request) }, contract)
    return { net: text(net), fee: text(Math.abs(amountMinor - net)), cycle: cycleText(contract.cycle) }
  }
}

/** Each of them makes another fee. */
const feeTerms = ['feeRate', 'feeCap', 'feeMinimum', 'surcharge', 'rounding'] as const

const dayMs = 86_400_000

function cycleMsOf({ cycle }: Terms): number | undefined {
  if (cycle.kind === 'every') return cycle.ms
  if (cycle.kind === 'instant' || cycle.kind === 'sameDay') return 0
  if (cycle.kind === 'onSettlement') return undefined
  return 'days' in cycle ? cycle.days * dayMs : dayMs
}
