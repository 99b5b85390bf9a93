// Keys, batch or certificate have lapsed: from one instant on all terminals are refused, and a sign-on ends it.

import { counted } from '../../base/text/counted.js'
import { isExpiry } from '../../base/text/tls-words.js'
import { defineCause, type Explanation } from './cause.js'
import type { Facts } from './facts.js'
import { atWords, inWords } from './numbers.js'
import type { Observed } from './observations.js'

export const signOnCause = defineCause({
  id: 'sign-on',
  of: 'response',
  isSpecific: true,
  remedy:
    'sign on anew: working keys, batch or certificate have lapsed; let terminals do it by themselves when a code says so',
  explain: (transaction, facts) => codes(transaction, facts) ?? certificate(transaction, facts),
})

function codes({ code, endedAt, outcome }: Observed, { who: { lapse }, observations }: Facts): Explanation | undefined {
  if (lapse === undefined || outcome === 'timedOut' || code === undefined) return undefined
  const speaks = observations.signOnCodes.includes(code) || observations.setupCodes.includes(code)
  if (!speaks || endedAt < lapse.from - 1 || endedAt > lapse.to + 1) return undefined
  return {
    confidence: lapse.terminals >= 8 ? 0.96 : 0.9,
    evidence: [
      `from ${atWords(lapse.from)} the host refused ${counted(lapse.refused, 'transaction')} of ${counted(lapse.terminals, 'terminal')} (${code}), and served all before`,
      lapse.isOver
        ? `it was over after ${inWords(lapse.to - lapse.from)}, when terminals had signed on`
        : 'it was not over when the run ended',
    ],
  }
}

/** TLS refuses what it let in before. */
function certificate(transaction: Observed, facts: Facts): Explanation | undefined {
  const reason = facts.tlsRefusal(transaction)
  if (reason === undefined) return undefined
  const before = facts.answeredBefore(transaction.endedAt)
  if (before === 0 && !isExpiry(reason)) return undefined
  return {
    confidence: 0.94,
    evidence: [
      `TLS ended the connection: ${reason}`,
      ...(before === 0 ? [] : [`${counted(before, 'transaction')} had been answered over TLS before`]),
    ],
  }
}
