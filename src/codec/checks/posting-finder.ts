// Which of a dialect's posting rules a message falls under: for the host that posts it, and for the terminal that sends it.

import type { PostingRule } from '../dialect.js'
import { compileMatch, type Matchable } from './match.js'
import { createSameTexts } from './same-texts.js'

/** The rules that messages of one MTI can fit, and what the last of them said where they look. */
interface Candidates {
  readonly rules: readonly { readonly rule: PostingRule; readonly fits: (message: Matchable) => boolean }[]
  /** Never where a rule looks at other than fields. */
  readonly saysTheSame: (message: Matchable) => boolean
  found: PostingRule | undefined
}

/**
 * The first rule that fits; undefined: no books care. Rules by MTI, so that a message is held against the few that its MTI can
 * fit, and only where it says other than the last one did. At most one entry per MTI: 2000.
 */
export function createPostingFinder(postings: readonly PostingRule[]): (message: Matchable) => PostingRule | undefined {
  const rules = postings.map((rule) => {
    const { mti, ...fields } = rule.request
    const mayFit = compileMatch(mti === undefined ? {} : { mti })
    return { rule, fits: compileMatch(fields), mayFit, keys: Object.keys(fields) }
  })
  const candidatesOf = new Map<string, Candidates>()
  const candidatesFor = (message: Matchable): Candidates => {
    const fitting = rules.filter(({ mayFit }) => mayFit(message))
    const keys = [...new Set(fitting.flatMap((each) => each.keys))]
    const saysTheSame = keys.includes('card') ? () => false : createSameTexts(keys.map(Number), seenIn)
    return { rules: fitting, saysTheSame, found: undefined }
  }

  return (message) => {
    let candidates = candidatesOf.get(message.mti)
    if (candidates === undefined) {
      candidates = candidatesFor(message)
      candidatesOf.set(message.mti, candidates)
    }
    if (!candidates.saysTheSame(message)) candidates.found = firstThatFits(candidates, message)
    return candidates.found
  }
}

function firstThatFits({ rules }: Candidates, message: Matchable): PostingRule | undefined {
  for (const { fits, rule } of rules) if (fits(message)) return rule
  return undefined
}

/** As conditions see it: a field that is there and has no text is told from one that is not there. */
const seenIn = (field: number, message: Matchable) => (message.has(field) ? (message.text(field) ?? '') : undefined)
