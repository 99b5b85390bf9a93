// The terminal itself is slow: from the card to the request it works for seconds, and the answer comes quickly. It follows the
// model of the terminal, its software and its processor (更新POS机软件版本).

import { defineCause } from './cause.js'
import { clamp, inWords } from './numbers.js'
import { whoInWords } from './who.js'

/** The terminal's own work must be this share of the time since it took the card. */
const mostOfIt = 0.5
/** A share of the timely time: less work has made nobody late. */
const leastWork = 0.3

export const terminalSlow = defineCause({
  id: 'terminal-slow',
  of: 'response',
  ofTerminal: true,
  remedy: 'a newer software version of the terminal, or another model; fewer steps between card and request',
  explain({ workMs, model, startedAt, writtenAt, endedAt, intendedAt }, { observations: { timelyWithinMs }, who }) {
    if (workMs === undefined || startedAt === undefined || workMs < leastWork * timelyWithinMs) return undefined
    const share = workMs / Math.max(1, endedAt - startedAt)
    if (share < mostOfIt && endedAt - startedAt - workMs > timelyWithinMs / 2) return undefined
    const waited = startedAt - intendedAt > endedAt - startedAt
    const found = who.of('model')
    const answer = writtenAt === undefined ? [] : [`its answer came ${inWords(endedAt - writtenAt)} after the request`]
    return {
      confidence: clamp((waited ? 0.6 : 0.72) + 0.25 * share, 0, 0.97),
      evidence: [
        `the terminal worked ${inWords(workMs)} on the card before it sent anything${model === undefined ? '' : ` (model ${model})`}`,
        ...answer,
        ...(found === undefined ? [] : [whoInWords(found)]),
      ],
    }
  },
})
