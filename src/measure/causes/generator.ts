// The machine that runs this tool was the bottleneck: what it measured is itself.

import { defineCause } from './cause.js'
import { clamp, inWords, percentWords } from './numbers.js'

/** A lag of less than this is no bottleneck, in ms. */
const leastLagMs = 20
/** Event-loop delay at the 99th percentile beyond which answers are stamped too late, in ms. */
const slowLoopMs = 50
/** So much of a transaction in which this process did not get on leaves nobody else to be sure of. */
const mostOfIt = 0.5

export const generator = defineCause({
  id: 'generator',
  of: 'response',
  remedy: 'fewer transactions a second, more workers, or more machines to run this tool on',
  explain({ lagMs, intendedAt, endedAt, outcome, backPressure, reason }, { observations }) {
    const { eventLoopP99Ms, timelyWithinMs, bins } = observations
    // In virtual time no machine is slow.
    if (eventLoopP99Ms === null) return undefined
    const took = endedAt - intendedAt
    const share = took === 0 ? 0 : lagMs / took
    const isBlocked = eventLoopP99Ms > slowLoopMs
    if (lagMs >= leastLagMs && (share > 0.3 || took - lagMs <= timelyWithinMs))
      return {
        confidence: clamp(0.6 + 0.4 * share, 0, 0.97),
        evidence: [
          `it began ${inWords(lagMs)} late, ${percentWords(Math.min(1, share))} of the time that it took`,
          `event-loop delay p99 ${inWords(eventLoopP99Ms)}`,
        ],
      }
    if (outcome === 'unsent' && !backPressure && isBlocked)
      return {
        confidence: 0.7,
        evidence: [`it was not sent in time (${reason ?? 'no reason'}), though the peer took what it was sent`],
      }
    const stoodStillMs = bins.mostLag(intendedAt, endedAt)
    if (isBlocked && took > 0 && stoodStillMs >= mostOfIt * took)
      return {
        confidence: clamp(0.7 + 0.3 * (stoodStillMs / took), 0, 0.97),
        evidence: [
          `this process stood still for ${inWords(stoodStillMs)} of the ${inWords(took)}: what was to begin meanwhile began so late`,
          `event-loop delay p99 ${inWords(eventLoopP99Ms)}`,
        ],
      }
    return undefined
  },
})
