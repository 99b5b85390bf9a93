// The line is slow all the time: echoes and new connections take about as long as answers do.

import { defineCause } from './cause.js'
import { probesInWords } from './line-or-host.js'
import { clamp, inWords, percentWords } from './numbers.js'

/** The line must have taken at least this share of the time that a transaction took. */
const leastShare = 0.45
/** A share of the timely time: a line that takes less has made nobody wait. */
const quickShare = 0.2
/** A new connection on a slow line takes at least this share of an echo's time. */
const connectShare = 0.3
/** A multiple of the time that quick connections take: more time without a connection is not the slowness of a line. */
const mostConnects = 2
/** The same for one that waited behind others. */
const waitedShare = 0.4

export const networkSlow = defineCause({
  id: 'network-slow',
  of: 'response',
  remedy: 'a better network (Wi-Fi or a leased line instead of mobile data), more bandwidth, or a shorter route',
  explain(transaction, facts) {
    const { usual, lineIsSteady, observations } = facts
    if (!lineIsSteady || usual.echoMs === undefined) return undefined
    if (transaction.outcome === 'failed' || transaction.codeClass !== undefined) return undefined
    // The line is as slow for new connections; a host that does not get on is not.
    if (usual.connectMs !== undefined && usual.connectMs < usual.echoMs * connectShare) return undefined
    const { echoMs: onLineMs, hostMs, awayMs, waited } = facts.partsOf(transaction)
    // A connection that takes much longer than others on this line is another matter.
    const lineMs = onLineMs + Math.min(awayMs, mostConnects * (usual.quickConnectMs ?? 0))
    const share = lineMs / Math.max(1, onLineMs + awayMs + hostMs)
    if (share < leastShare || lineMs < observations.timelyWithinMs * (waited ? waitedShare : quickShare))
      return undefined
    return {
      confidence: clamp(0.5 + share * 0.5, 0, 0.97),
      evidence: [
        `${probesInWords(facts.lineOrHost(transaction))}; in the middle of the whole run an echo took ${inWords(usual.echoMs)}`,
        `the line took ${percentWords(share)} of the ${inWords(onLineMs + awayMs + hostMs)} that ${waited ? 'a usual transaction' : 'the transaction'} took`,
      ],
    }
  },
})
