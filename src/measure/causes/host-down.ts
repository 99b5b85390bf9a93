// The host is not there: it refuses connections, says nothing for longer than a timeout though new connections open, or
// answers that it cannot work (91, 96, 98).

import { agreeing, counted } from '../../base/text/counted.js'
import { defineCause, type Explanation } from './cause.js'
import { isSaidToAll } from './down-codes.js'
import type { Facts } from './facts.js'
import { inWords } from './numbers.js'
import type { Observed } from './observations.js'
import { mayBeHost, onBadLine, type RefusedSpan } from './silences.js'

/** This share of the certainty is left where answers took longer and longer before: the host works, and too slowly. */
const whereItGrew = 0.7
/** How far around a code more of its kind are looked for, in ms. */
const burstMs = 2000

export const hostDown = defineCause({
  id: 'host-down',
  of: 'response',
  remedy: 'a second host to fail over to; or wait until the maintenance or the outage is over',
  explain: (transaction, facts) =>
    code(transaction, facts) ?? refused(transaction, facts) ?? silent(transaction, facts),
})

function code({ codeClass, code, endedAt }: Observed, { observations: { bins } }: Facts): Explanation | undefined {
  if (codeClass !== 'down') return undefined
  const around = bins.sum('downCodes', endedAt - burstMs, endedAt + burstMs)
  const answered = bins.sum('decided', endedAt - burstMs, endedAt + burstMs)
  // A host that is down says so to everybody.
  const isAll = around >= 0.5 * answered || isSaidToAll(bins, endedAt)
  return {
    confidence: !isAll ? 0.5 : around >= 3 ? 0.96 : 0.75,
    evidence: [
      `the host answered with code ${code}; ${counted(around, 'such answer')} came within ${inWords(2 * burstMs)} around it`,
    ],
  }
}

function refused(transaction: Observed, facts: Facts): Explanation | undefined {
  const { intendedAt, endedAt, link, writtenAt, startedAt } = transaction
  const refusal = facts.refusal(intendedAt, endedAt + 50) ?? refusalBefore(transaction, facts)
  if (refusal === undefined) return undefined
  const words = [
    `${counted(refusal.refused, 'new connection')} ${agreeing(refusal.refused, 'was', 'were')} refused one after another for ${inWords(refusal.to - refusal.from)}, none was opened`,
    ...(refusal.cut > 0
      ? [`${counted(refusal.cut, 'open connection')} ${agreeing(refusal.cut, 'was', 'were')} cut when it began`]
      : []),
  ]
  const isInside = (startedAt ?? intendedAt) >= refusal.from - 50 && intendedAt <= refusal.to
  const down = link === undefined ? undefined : facts.lastDown(link, endedAt + 1)
  const wasCut = down !== undefined && down.at >= refusal.from - 50 && down.at <= refusal.to
  const waited = (writtenAt ?? endedAt) - intendedAt > (endedAt - intendedAt) / 3
  return { confidence: isInside || wasCut ? 0.95 : waited ? 0.8 : 0.6, evidence: words }
}

/** The refusal that cut the connection, or kept the terminal busy, for which this transaction had to wait. */
function refusalBefore({ link, intendedAt, writtenAt, endedAt }: Observed, facts: Facts): RefusedSpan | undefined {
  const waited = (writtenAt ?? endedAt) - intendedAt > (endedAt - intendedAt) / 3
  if (!waited) return undefined
  const down = link === undefined ? undefined : facts.lastDown(link, writtenAt ?? endedAt)
  if (down !== undefined) return facts.refusal(down.at - 50, down.at + 50)
  return facts.refusal(intendedAt - facts.observations.timelyWithinMs, intendedAt)
}

function silent({ intendedAt, startedAt, writtenAt, endedAt }: Observed, facts: Facts): Explanation | undefined {
  const { timeoutMs } = facts.observations
  const waited = (writtenAt ?? endedAt) - intendedAt > (endedAt - intendedAt) / 3
  // A transaction that came just after it still waits for terminals, and for reversals that go first.
  const before = waited ? facts.silence(intendedAt - timeoutMs, intendedAt) : undefined
  const silence = facts.silence(startedAt ?? intendedAt, endedAt) ?? facts.silence(intendedAt, endedAt) ?? before
  if (silence === undefined || silence.ms < timeoutMs * 0.95 || !mayBeHost(silence)) return undefined
  const opened = silence.connectsOpen > 0
  const sure =
    (opened ? 0.93 : 0.72 * (facts.lineWasDark ? onBadLine : 1)) - (silence.to < (startedAt ?? intendedAt) ? 0.1 : 0)
  return {
    confidence: facts.grewInto(silence) === undefined ? sure : sure * whereItGrew,
    evidence: [
      `nothing came on any connection for ${inWords(silence.ms)}, longer than the timeout of ${inWords(timeoutMs)}, though ${counted(silence.sent, 'message')} ${agreeing(silence.sent, 'was', 'were')} sent`,
      opened
        ? `${counted(silence.connectsOpen, 'new connection')} opened meanwhile: the line was there`
        : 'no new connection was tried meanwhile',
    ],
  }
}
