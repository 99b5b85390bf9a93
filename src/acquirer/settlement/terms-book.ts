// The terms of each merchant: what is configured, what was agreed, and where the two differ.

import type { AcquirerOptions } from '../options.js'
import { type Terms, type TermsOptions, termsOf } from './options.js'

export interface TermsBook {
  of(merchant: string): { readonly terms: Terms; readonly contract: Terms }
  /** Every set of terms that is in use. */
  readonly all: readonly Terms[]
}

/** A term that is not what was agreed. */
export interface TermsDifference {
  /** Left out: all merchants. */
  readonly merchant?: string
  readonly term: keyof Terms
  readonly configured: Terms[keyof Terms]
  readonly contract: Terms[keyof Terms]
}

type MoneyOptions = Pick<AcquirerOptions, 'settlement' | 'contract' | 'merchants'>

/** A contract says what differs from what is configured; a merchant, what differs from the others. */
export function createTermsBook({ settlement, contract, merchants }: MoneyOptions): TermsBook {
  const pairOf = (own: { settlement?: TermsOptions | undefined; contract?: TermsOptions | undefined } = {}) => ({
    terms: termsOf(settlement, own.settlement),
    contract: termsOf(settlement, own.settlement, contract, own.contract),
  })
  const usual = pairOf()
  const own = new Map(Object.entries(merchants).map(([merchant, options]) => [merchant, pairOf(options)]))
  return {
    of: (merchant) => own.get(merchant) ?? usual,
    all: [usual, ...own.values()].map(({ terms }) => terms),
  }
}

/** For a diagnosis of money that is late: terms that were configured wrongly. */
export function termsDifferences(options: MoneyOptions): readonly TermsDifference[] {
  const book = createTermsBook(options)
  const differences = (merchant?: string): readonly TermsDifference[] => {
    const { terms, contract } = book.of(merchant ?? '')
    return (Object.keys(terms) as (keyof Terms)[])
      .filter((term) => JSON.stringify(terms[term]) !== JSON.stringify(contract[term]))
      .map((term) => ({
        ...(merchant !== undefined && { merchant }),
        ...{ term, configured: terms[term], contract: contract[term] },
      }))
  }
  return [...differences(), ...Object.keys(options.merchants).flatMap(differences)]
}
