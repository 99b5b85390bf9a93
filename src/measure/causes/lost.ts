// Requests or answers are swallowed on the way, here and there: what is answered is answered quickly, the rest never, on any
// connection, for any card, at any time.

import { defineCause } from './cause.js'
import { isHostAway } from './host-away.js'
import { clamp, inWords, percentWords } from './numbers.js'
import { wereOthersHeard } from './who.js'

/** Silent ones that it takes. */
const leastSilent = 4
/** A share of the timely time: nine in ten answers take less. */
const quickShare = 0.6
/** A share of the silent ones: when more come late, nothing was lost. */
const mostLate = 0.15
/** Answers that came, but late, for each silent one: a line or a host that is slow has another cause. */
const mostSlow = 0.3
/** A share of the silent ones: when dead connections explain more, they are the cause. */
const mostExplained = 0.75
/** A timer shorter than this share of what is timely says nothing. */
const patient = 0.9
/** Answers that belong to nobody, for each silent one: they were not lost but carried a wrong number. */
const unmatchedShare = 0.5

export const lost = defineCause({
  id: 'lost',
  of: 'response',
  isSpecific: true,
  remedy:
    'find where messages are dropped: a queue that overflows, a message switch, answers under another number; reversals tell which half is lost',
  explain(transaction, facts) {
    const { outcome, writtenAt, endedAt, connection } = transaction
    const { observations, usual, who } = facts
    const { seen, timelyWithinMs, unmatched, lateAnswers } = observations
    if (outcome !== 'timedOut' || writtenAt === undefined || who.best !== undefined || who.idle !== undefined)
      return undefined
    // Who gives up early does not know whether an answer would have come.
    if (endedAt - writtenAt < patient * timelyWithinMs || isHostAway(transaction, facts)) return undefined
    const silent = seen.filter(({ isSilent }) => isSilent).length
    const late = seen.filter(({ endedAt: end, at, isAnswered }) => isAnswered && end - at > timelyWithinMs).length
    if (late > mostSlow * silent) return undefined
    if (silent < leastSilent || (usual.slowServiceMs ?? Number.POSITIVE_INFINITY) > quickShare * timelyWithinMs)
      return undefined
    if (lateAnswers > mostLate * silent || !wereOthersHeard(observations, { at: writtenAt, endedAt })) return undefined
    const { deaths } = who
    const share = deaths === undefined ? 0 : deaths.explained / deaths.silent
    if (connection !== undefined && share > mostExplained && (deaths?.gain ?? 0) > 2) return undefined
    const isMisnamed = unmatched >= unmatchedShare * silent
    return {
      confidence: clamp(0.93 - 0.2 * Math.max(0, share - 0.4), 0, 0.93),
      evidence: [
        `no answer came within ${inWords(endedAt - writtenAt)}; ${silent} of ${seen.length} transactions were never answered (${percentWords(silent / seen.length)}), and nine in ten of the others took less than ${inWords(usual.slowServiceMs ?? 0)}`,
        ...(isMisnamed
          ? [`${unmatched} answers came that belong to no request: they carry another trace number or terminal`]
          : []),
        'they are spread over connections, cards and time, and none came late',
      ],
    }
  },
})
