// A share of the connections is bad: a dead or slow backend behind a balancer, a limit, a stuck node, a flow that the line
// has dropped. Failure follows the connection, and not the terminal, the card or the time.

import { agreeing, counted } from '../../base/text/counted.js'
import { defineCause, type Explanation } from './cause.js'
import { isUndecided } from './deaths.js'
import type { Facts } from './facts.js'
import { isHostAway } from './host-away.js'
import { halfSure } from './lost.js'
import { atWords, certainty, clamp, inWords, itemsBetween, quantile } from './numbers.js'
import type { Observed } from './observations.js'
import { hasWorked } from './terminal-fate.js'
import { wereOthersHeard, whoInWords } from './who.js'

/** Dead connections must explain this share of the silent transactions. */
const leastExplained = 0.7
/** Connections that must be dead, and good; of one dead connection so many requests. */
const leastDead = 2
const leastGood = 2
const leastOnOne = 5
/** How much likelier than chance, as a logarithm. */
const leastGain = 4
/** A timer shorter than this share of what is timely says nothing; of that time, nine in ten answers take less. */
const patient = 0.9
const quickShare = 0.6
/** How far before a request new connections and losses are looked at, in ms; of these so many may fail by chance. */
const aroundMs = 1500
const failedByChance = 0.08
/** So many must have been asked meanwhile; a larger share of them late is no matter of some connections. */
const leastMeanwhile = 8
const mostMeanwhile = 0.75
/** A slow connection is late with at least this share of what it was asked. */
const mostlyBad = 0.5
/** At most this share of the transactions on other connections meanwhile may be silent. */
const silentBeside = 0.1

export const connections = defineCause({
  id: 'connections',
  of: 'response',
  isSpecific: true,
  remedy:
    'dial anew after a timeout (terminals: dialAnew); a health check of the balancer; a higher limit of connections; restart of the stuck node',
  // A connection that was held up for a while, and then was good again, is neither dead nor slow.
  explain: (transaction, facts) =>
    facts.held(transaction) === undefined ? (dead(transaction, facts) ?? slow(transaction, facts)) : undefined,
})

function dead(transaction: Observed, facts: Facts): Explanation | undefined {
  const { connection, outcome, writtenAt, endedAt, terminal, reason } = transaction
  const { deaths } = facts.who
  if (deaths === undefined || connection === undefined || writtenAt === undefined || reason !== undefined)
    return undefined
  if (outcome !== 'timedOut' || !deaths.has(connection) || !isNothingElse(transaction, facts)) return undefined
  const { diedAt, died, neverGood, good, explained, silent, beside, gain } = deaths
  const isEnough = neverGood + died >= leastDead || explained >= leastOnOne
  const isHalf = isUndecided(deaths) && facts.quickOrNever !== undefined
  if (explained < leastExplained * silent || (gain < leastGain && !isHalf) || !isEnough || good < leastGood)
    return undefined
  if (beside.offered < leastGood || beside.untimely > silentBeside * beside.offered) return undefined
  // At the end of a load nobody else may ask any more: then those shortly before tell.
  const heardFrom = writtenAt - facts.observations.timelyWithinMs
  if (
    !hasWorked(facts.observations.terminals.get(terminal)) ||
    !wereOthersHeard(facts.observations, { at: heardFrom, endedAt })
  )
    return undefined
  const since = died > 0 && diedAt !== undefined ? `, or answered none from ${atWords(diedAt)} on (${died})` : ''
  return {
    confidence: isHalf ? halfSure : clamp(0.8 + 0.1 * (explained / silent) + Math.min(0.06, gain / 300), 0, 0.96),
    evidence: [
      `${explained} of ${counted(silent, 'request')} without an answer ${agreeing(explained, 'was', 'were')} on connections that never answered a transaction (${neverGood})${since}; ${counted(good, 'other')} answered all`,
      `on other connections ${beside.untimely} of ${beside.offered} got no answer meanwhile`,
    ],
  }
}

/** Its terminal waited long enough, others were answered quickly, and the host was there. */
function isNothingElse(transaction: Observed, facts: Facts): boolean {
  const { writtenAt = 0, endedAt } = transaction
  const { observations, who } = facts
  const { timelyWithinMs } = observations
  if (endedAt - writtenAt < patient * timelyWithinMs || isEverybody(facts, writtenAt, endedAt)) return false
  // A line that fails takes new connections too, and cuts old ones.
  const dialled = facts.connects(writtenAt - aroundMs, endedAt)
  const failed = dialled.filter(({ result, ms }) => result !== 'open' || ms > timelyWithinMs / 2).length
  if (failed > failedByChance * dialled.length || facts.downs(writtenAt - aroundMs, endedAt).length >= leastDead)
    return false
  if (wereOthersSlow(writtenAt, facts) || isHostAway(transaction, facts)) return false
  return who.best === undefined || who.best.trait === 'connection' || who.best.trait === 'terminal'
}

/** Answers on other connections were slow as well, all the time or then: a silence may be the end of a long wait. */
function wereOthersSlow(writtenAt: number, { usual, observations: { answers, timelyWithinMs } }: Facts): boolean {
  const meanwhile = itemsBetween(answers, writtenAt - timelyWithinMs, writtenAt + timelyWithinMs)
  const times = meanwhile.length < leastMeanwhile ? [] : meanwhile.map(({ ms }) => ms)
  const slowMs = Math.max(usual.slowServiceMs ?? 0, quantile(times, 0.9) ?? 0)
  return slowMs > quickShare * timelyWithinMs
}

/** Answers came, but late, and only on some connections, each time. */
function slow(
  { connection, writtenAt, endedAt, outcome, codeClass, intendedAt }: Observed,
  facts: Facts,
): Explanation | undefined {
  const found = facts.who.of('connection')
  if (found === undefined || connection === undefined || writtenAt === undefined || codeClass !== undefined)
    return undefined
  const isLate = outcome === 'approved' || outcome === 'declined' || outcome === 'timedOut'
  const tookMs = endedAt - writtenAt
  if (!isLate || !found.values.has(connection) || tookMs < (endedAt - intendedAt) / 2) return undefined
  if (tookMs < patient * facts.observations.timelyWithinMs) return undefined
  // In a silence of all connections those that were asked then are late, and nothing is the matter with them.
  if (isHostAway({ intendedAt, writtenAt, endedAt }, facts)) return undefined
  if (found.values.size < leastDead && found.inside.untimely < leastOnOne) return undefined
  // Connections that were opened while everybody was late are those of that time.
  if (isEverybody(facts, intendedAt, endedAt)) return undefined
  if (found.inside.offered < 2 * found.values.size) return undefined
  // A connection that is bad is bad most of the time.
  if (found.inside.untimely < mostlyBad * found.inside.offered) return undefined
  return {
    confidence: clamp(certainty(found.gain / 4), 0, 0.95),
    evidence: [whoInWords(found), `this one took ${inWords(tookMs)} on connection ${connection}`],
  }
}

/** Nearly all that were asked meanwhile were late, on whatever connection. */
function isEverybody({ observations: { bins } }: Facts, from: number, to: number): boolean {
  const offered = bins.sum('offered', from, to)
  return offered >= leastMeanwhile && bins.sum('untimely', from, to) > mostMeanwhile * offered
}
