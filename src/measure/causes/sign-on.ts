// Keys, batch or certificate have lapsed: from one instant on all terminals are refused, and a sign-on ends it.

import { defineCause } from './cause.js'
import { atWords, inWords } from './numbers.js'

export const signOnCause = defineCause({
  id: 'sign-on',
  of: 'response',
  isSpecific: true,
  remedy:
    'sign on anew: working keys, batch or certificate have lapsed; let terminals do it by themselves when a code says so',
  explain({ code, endedAt, outcome }, { who: { lapse }, observations }) {
    if (lapse === undefined || outcome === 'timedOut' || code === undefined) return undefined
    const speaks = observations.signOnCodes.includes(code) || observations.setupCodes.includes(code)
    if (!speaks || endedAt < lapse.from - 1 || endedAt > lapse.to + 1) return undefined
    return {
      confidence: lapse.terminals >= 8 ? 0.96 : 0.9,
      evidence: [
        `from ${atWords(lapse.from)} the host refused ${lapse.refused} transactions of ${lapse.terminals} terminals (${code}), and served all before`,
        lapse.isOver
          ? `it was over after ${inWords(lapse.to - lapse.from)}, when terminals had signed on`
          : 'it was not over when the run ended',
      ],
    }
  },
})
