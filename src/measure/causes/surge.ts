// Others who share the host sent more than it can do: answers were slow while they did, and at no other time.

import { defineCause } from './cause.js'
import { certainty, clamp, inWords, percentWords } from './numbers.js'

const seconds = (rate: number) => `${Number(rate.toPrecision(3))}/s`

/** How sure it is that the host is slow where answers are, and others send more, and nothing tells of the line. */
const unprobed = 0.85

export const surge = defineCause({
  id: 'surge',
  of: 'response',
  remedy: 'more capacity of the host, a limit on the rate of each merchant, or priority for this one',
  explain(transaction, facts) {
    const { intendedAt, endedAt, codeClass, outcome } = transaction
    const found = facts.surge(intendedAt, endedAt)
    if (found === undefined || outcome === 'failed' || codeClass === 'setup' || codeClass === 'dataError')
      return undefined
    const line = facts.lineOrHost(transaction)
    // Without any probe the load itself tells: a line does not know who sends more.
    const isUnprobed = !line.isKnown
    const isHost = isUnprobed ? unprobed : certainty(-line.logRatio)
    const { untimely, untimelyOutside, serviceMs, usualServiceMs } = found
    const contrast = untimely <= 0 ? 0 : (untimely - untimelyOutside) / untimely
    const slower = usualServiceMs <= 0 ? 1 : serviceMs / usualServiceMs
    if (contrast < 0.4 || slower < 1.3) return undefined
    return {
      confidence: clamp(isHost * (0.55 + 0.42 * contrast), 0, 0.97),
      evidence: [
        `${seconds(found.rate)} arrived instead of ${seconds(found.usualRate)}, most of the rest from merchant ${found.merchant}`,
        `answers took ${inWords(serviceMs)} on average then and ${inWords(usualServiceMs)} otherwise; ${percentWords(untimely)} were not timely then, ${percentWords(untimelyOutside)} otherwise`,
      ],
    }
  },
})
