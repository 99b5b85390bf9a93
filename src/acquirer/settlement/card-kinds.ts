// The kind of card of a request, by which its fee is: debit, credit, scanned …, as `acquirer.cardKinds` tells them apart.

import { compileMatch, type Matchable } from '../../codec/checks/match.js'
import type { AcquirerOptions } from '../options.js'

/** The first kind that fits; null: none does. Throws UsageError for a condition that cannot be read. */
export function createCardKinds({
  cardKinds,
}: Pick<AcquirerOptions, 'cardKinds'>): (request: Matchable) => string | null {
  const kinds = cardKinds.map(({ kind, match }) => ({ kind, fits: compileMatch(match) }))
  return kinds.length === 0 ? () => null : (request) => kinds.find(({ fits }) => fits(request))?.kind ?? null
}
