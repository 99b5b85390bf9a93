// Which of a dialect's posting rules a message falls under: for the host that posts it, and for the terminal that sends it.

import type { PostingRule } from '../dialect.js'
import { compileMatch, type Matchable } from './match.js'

/** The rules that messages of one MTI can fit, and what the last of them said where they look. */
interface Candidates {
  readonly rules: readonly { readonly rule: PostingRule; readonly fits: (message: Matchable) => boolean }[]
  /** Undefined where a rule looks at other than fields. */
  readonly fields: readonly number[] | undefined
  readonly texts: (string | undefined)[]
  isKnown: boolean
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
    const fields = keys.includes('card') ? undefined : keys.map(Number)
    return { rules: fitting, fields, texts: [], isKnown: false, found: undefined }
  }

  return (message) => {
    let candidates = candidatesOf.get(message.mti)
    if (candidates === undefined) {
      candidates = candidatesFor(message)
      candidatesOf.set(message.mti, candidates)
    }
    if (!saysTheSame(candidates, message)) candidates.found = firstThatFits(candidates, message)
    return candidates.found
  }
}

function firstThatFits({ rules }: Candidates, message: Matchable): PostingRule | undefined {
  for (const { fits, rule } of rules) if (fits(message)) return rule
  return undefined
}

/** Whether it has the texts of the one before, and the same fields; remembers those that it has. */
function saysTheSame(candidates: Candidates, message: Matchable): boolean {
  const { fields, texts } = candidates
  if (fields === undefined) return false
  let isSame = candidates.isKnown
  candidates.isKnown = true
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as number
    const text = message.text(field)
    // A field that is there and has no text is told from one that is not there.
    if (text === undefined && message.has(field)) candidates.isKnown = isSame = false
    if (text === texts[index]) continue
    texts[index] = text
    isSame = false
  }
  return isSame
}
