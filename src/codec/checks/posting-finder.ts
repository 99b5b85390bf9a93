// Which of a dialect's posting rules a message falls under: for the host that posts it, and for the terminal that sends it.

import type { PostingRule } from '../dialect.js'
import { compileMatch, type Matchable } from './match.js'

/**
 * The first rule that fits; undefined: no books care. Rules by MTI, so that a message is held against the few that its MTI can
 * fit. At most one entry per MTI: 2000.
 */
export function createPostingFinder(postings: readonly PostingRule[]): (message: Matchable) => PostingRule | undefined {
  const rules = postings.map((rule) => {
    const { mti, ...fields } = rule.request
    return { rule, fits: compileMatch(fields), mayFit: compileMatch(mti === undefined ? {} : { mti }) }
  })
  const rulesOf = new Map<string, typeof rules>()
  return (message) => {
    let candidates = rulesOf.get(message.mti)
    if (candidates === undefined) {
      candidates = rules.filter(({ mayFit }) => mayFit(message))
      rulesOf.set(message.mti, candidates)
    }
    for (const { fits, rule } of candidates) if (fits(message)) return rule
    return undefined
  }
}
