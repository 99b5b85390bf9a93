// What merchants agreed with the acquirer, as a diagnosis may know it.

import { netOf } from '../acquirer/settlement/decide-payout.js'
import { type Terms, termsOf } from '../acquirer/settlement/options.js'
import type { ContractTerms } from '../measure/causes/funds-observed.js'
import type { Scenario } from '../scenario/schema.js'

/** The merchant's own paper, term by term: what it does not name is not known. What is configured is not looked at. */
export function createContracts({
  acquirer: { contract, merchants },
}: Scenario): (merchant: string) => ContractTerms | undefined {
  const contractOf = (merchant: string): ContractTerms | undefined => {
    const own = merchants[merchant]?.contract
    if (contract === undefined && own === undefined) return undefined
    const named = { ...contract, ...own }
    const terms = termsOf(contract, own)
    return {
      cycleMs: named.cycle === undefined ? undefined : cycleMsOf(terms),
      minimum: named.minimum === undefined ? undefined : terms.minimum,
      net: named.feeRate === undefined ? undefined : (amount) => netOf({ effect: 'charge', amount }, terms),
    }
  }
  const known = new Map<string, ContractTerms | undefined>()
  return (merchant) => {
    if (!known.has(merchant)) known.set(merchant, contractOf(merchant))
    return known.get(merchant)
  }
}

const dayMs = 86_400_000

function cycleMsOf({ cycle }: Terms): number | undefined {
  if (cycle.kind === 'every') return cycle.ms
  if (cycle.kind === 'instant') return 0
  return cycle.kind === 'onSettlement' ? undefined : dayMs
}
