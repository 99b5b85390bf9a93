// Something on the way forgets connections that are idle: what is sent after a longer pause is not answered, what is sent
// after a shorter one always is.

import { defineCause } from './cause.js'
import { clamp, inWords } from './numbers.js'

export const idleDrop = defineCause({
  id: 'idle-drop',
  of: 'response',
  isSpecific: true,
  remedy:
    'echo messages or keep-alive more often than the idle timer of what is between (NAT, firewall), or a connection for each transaction',
  explain({ connection, outcome, writtenAt, idleMs, lagMs: _lag, link, endedAt, intendedAt }, facts) {
    const { idle } = facts.who
    if (idle === undefined || connection === undefined || link === undefined) return undefined
    const isLost = (outcome === 'timedOut' || outcome === 'failed') && writtenAt !== undefined
    if (!isLost || (idleMs ?? 0) < idle.aboveMs) return undefined
    return {
      confidence: clamp(0.84 + 0.12 * (idle.silentAbove / idle.above) - idle.silentBelow / idle.below, 0, 0.96),
      evidence: [
        `its connection had been idle for ${inWords(idleMs ?? 0)}: of requests after ${inWords(idle.aboveMs)} and more of silence ${idle.silentAbove} of ${idle.above} got no answer, after less ${idle.silentBelow} of ${idle.below}`,
        `it took ${inWords(endedAt - intendedAt)}`,
      ],
    }
  },
})
