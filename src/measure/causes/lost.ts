// Requests or answers are swallowed on the way, here and there: what is answered is answered quickly, the rest never, on any
// connection, for any card, at any time.

import { agreeing, counted } from '../../base/text/counted.js'
import { defineCause } from './cause.js'
import { isUndecided } from './deaths.js'
import type { Facts } from './facts.js'
import { isHostAway } from './host-away.js'
import { isSlowToOpen } from './line-or-host.js'
import { clamp, inWords, percentWords } from './numbers.js'
import { wereOthersHeard } from './who.js'

/** A share of the silent ones: when dead connections explain more, they may be the cause. */
const mostExplained = 0.75
/** As a logarithm: dead connections that are so much likelier than chance are the cause. */
const leastDeathsGain = 4
/** A timer shorter than this share of what is timely says nothing. */
const patient = 0.9
/** Answers that belong to nobody, for each silent one: they were not lost but carried a wrong number. */
const unmatchedShare = 0.5
/** A line that loses the first packets of connections loses requests as well: this is left, from so many connections on. */
const onLossyLine = 0.55
const leastBad = { count: 4, share: 0.1 }
/** How sure it is where dead connections would explain it as well. */
export const halfSure = 0.6

export const lost = defineCause({
  id: 'lost',
  of: 'response',
  isSpecific: true,
  remedy:
    'find where messages are dropped: a queue that overflows, a message switch, answers under another number; reversals tell which half is lost',
  explain(transaction, facts) {
    const { outcome, writtenAt, endedAt, connection } = transaction
    const { observations, who, quickOrNever } = facts
    if (outcome !== 'timedOut' || writtenAt === undefined || who.best !== undefined || who.idle !== undefined)
      return undefined
    // Who gives up early does not know whether an answer would have come.
    if (endedAt - writtenAt < patient * observations.timelyWithinMs || isHostAway(transaction, facts)) return undefined
    if (quickOrNever === undefined || !wereOthersHeard(observations, { at: writtenAt, endedAt })) return undefined
    const { deaths } = who
    const { silent, offered, slowServiceMs } = quickOrNever
    const share = deaths === undefined ? 0 : deaths.explained / deaths.silent
    const isOnDead = connection !== undefined && share > mostExplained && (deaths?.gain ?? 0) >= leastDeathsGain
    const isMisnamed = observations.unmatched >= unmatchedShare * silent
    if (isOnDead && !isMisnamed) return undefined
    const sure = isUndecided(deaths) && !isMisnamed ? halfSure : clamp(0.93 - 0.2 * Math.max(0, share - 0.4), 0, 0.93)
    return {
      confidence: sure * (opensBadly(facts) ? onLossyLine : 1),
      evidence: [
        `no answer came within ${inWords(endedAt - writtenAt)}; ${silent} of ${counted(offered, 'transaction')} ${agreeing(silent, 'was', 'were')} never answered (${percentWords(silent / offered)}), and nine in ten of the others took less than ${inWords(slowServiceMs)}`,
        ...(isMisnamed
          ? [
              `${counted(observations.unmatched, 'answer')} came that ${agreeing(observations.unmatched, 'belongs', 'belong')} to no request: ${agreeing(observations.unmatched, 'it carries', 'they carry')} another trace number or terminal`,
            ]
          : []),
        'they are spread over connections, cards and time, and none came late',
      ],
    }
  },
})

/** Many new connections are slow, or do not open. */
function opensBadly({ observations, usual }: Facts): boolean {
  // Those of the beginning are all dialled at once.
  const from = observations.seen[0]?.at ?? 0
  const dialled = observations.connects.filter(
    ({ at, result }) => at >= from && (result === 'open' || result === 'timeout'),
  )
  const bad = dialled.filter(({ ms, result }) => result === 'timeout' || isSlowToOpen(ms, usual)).length
  return bad >= leastBad.count && bad >= leastBad.share * dialled.length
}
