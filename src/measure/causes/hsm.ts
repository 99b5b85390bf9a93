// The host's PIN or key service is slow or away: only messages that need it fare badly.

import { defineCause } from './cause.js'
import { certainty, clamp, inWords } from './numbers.js'
import { whoInWords } from './who.js'

export const hsm = defineCause({
  id: 'hsm',
  of: 'response',
  isSpecific: true,
  remedy: "the host's security module (HSM): its load, its connection, or a second one",
  explain(transaction, { who }) {
    const { hasPin, writtenAt, endedAt, outcome, code } = transaction
    const found = who.of('pin')
    if (found === undefined || hasPin !== true || !found.values.has('with PIN') || writtenAt === undefined)
      return undefined
    if (outcome === 'failed' || outcome === 'unsent') return undefined
    return {
      confidence: clamp(certainty(found.gain / 3), 0, 0.96),
      evidence: [
        whoInWords(found),
        `this one carried a PIN and took ${inWords(endedAt - writtenAt)}${code === undefined ? '' : ` (${code})`}`,
      ],
    }
  },
})
