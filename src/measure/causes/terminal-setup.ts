// The terminal is set up wrongly: it alone fails, with the same fault each time, or it gives up before the host can answer.

import { agreeing, counted } from '../../base/text/counted.js'
import { defineCause, type Explanation } from './cause.js'
import { alwaysShare, type Facts } from './facts.js'
import { inWords, percentWords } from './numbers.js'
import type { Observed } from './observations.js'

/** A timer this much shorter than the time that is timely is too short to wait for a timely answer. */
const shortTimer = 0.9
/** Answers that come up to this share of the timer are cut off by it. */
const cutOffShare = 0.7
/** Answers of a run that came after the timer, though in time, from which on the timer is known to be too short. */
const enoughLate = 3

export const terminalSetup = defineCause({
  id: 'terminal-setup',
  of: 'response',
  remedy:
    'correct the setting of the terminal: key, framing, dialect, terminal id, or a timer shorter than the host needs',
  explain: (transaction, facts) =>
    [tooImpatient, refusedSetting, refusedByTls, otherFraming, unreadable, neverWorks]
      .flatMap((look) => look(transaction, facts) ?? [])
      .sort((one, other) => other.confidence - one.confidence)[0],
})

/** Its timer ended before the time that is timely, and the answer came after it. */
function tooImpatient(transaction: Observed, facts: Facts): Explanation | undefined {
  const { outcome, writtenAt, endedAt, intendedAt, lateAnswerAt } = transaction
  const { timelyWithinMs, timeoutMs } = facts.observations
  const timer = outcome === 'timedOut' && writtenAt !== undefined ? endedAt - writtenAt : timeoutMs
  if (timer >= timelyWithinMs * shortTimer || (outcome !== 'timedOut' && outcome !== 'unsent')) return undefined
  if (lateAnswerAt !== undefined && lateAnswerAt - intendedAt <= timelyWithinMs)
    return {
      confidence: 0.97,
      evidence: [
        `the terminal gave up after ${inWords(timer)}; the answer came ${inWords(lateAnswerAt - intendedAt)} after the card, within the ${inWords(timelyWithinMs)} that are timely`,
      ],
    }
  // An answer that comes too late may never be seen: then the others tell, which end where the timer does.
  const { slowServiceMs } = facts.usual
  const isCutOff = slowServiceMs !== undefined && slowServiceMs >= timer * cutOffShare
  if (!isCutOff && facts.lateInTime < enoughLate) return undefined
  return {
    confidence: 0.8,
    evidence: [
      `the terminal gave up after ${inWords(timer)}, earlier than the ${inWords(timelyWithinMs)} that are timely`,
      `${counted(facts.lateInTime, 'answer')} of the run came after such a timer and still in time; a tenth of the others took ${inWords(slowServiceMs ?? 0)} and more`,
    ],
  }
}

/** The host says that it does not know the terminal, or that its key is wrong; or the answer could not be read. */
function refusedSetting(transaction: Observed, facts: Facts): Explanation | undefined {
  const { codeClass, code, outcome, reason, terminal } = transaction
  const isUnusable =
    (outcome === 'failed' || outcome === 'timedOut') &&
    reason !== undefined &&
    (reason.startsWith('answer') || reason === 'badFrame')
  if (codeClass !== 'setup' && !isUnusable) return undefined
  const seen = facts.observations.terminals.get(terminal)
  const share = seen === undefined || seen.offered === 0 ? 1 : seen.refused / seen.offered
  const what =
    codeClass === 'setup' ? `the host answered with code ${code}` : `the answer could not be used (${reason})`
  return {
    confidence: share > 0.5 ? 0.96 : 0.72,
    evidence: [`${what}, as in ${percentWords(Math.min(1, share))} of the transactions of terminal ${terminal}`],
  }
}

/** TLS lets it in nowhere: a certificate, an authority or a version is not the one that is asked for. */
function refusedByTls(transaction: Observed, facts: Facts): Explanation | undefined {
  const reason = facts.tlsRefusal(transaction)
  if (reason === undefined || facts.answeredBefore(transaction.endedAt) > 0) return undefined
  return { confidence: 0.93, evidence: [`TLS ended the connection: ${reason}`] }
}

/** Instants around the end of a transaction within which what could not be read on its connection was its answer, in ms. */
const aroundEndMs = 1000

/** Its answer came, and could not be read. */
function otherFraming({ link, outcome, writtenAt, endedAt }: Observed, facts: Facts): Explanation | undefined {
  if ((outcome !== 'timedOut' && outcome !== 'failed') || writtenAt === undefined) return undefined
  const seen = facts.observations.unreadable.find(
    (each) => (each.link ?? link) === link && each.at >= writtenAt && each.at <= endedAt + aroundEndMs,
  )
  if (seen === undefined) return undefined
  return { confidence: 0.94, evidence: [`an answer came that could not be read: ${seen.words}`] }
}

/** It waited for a connection that had ended because what came over it could not be read. */
function unreadable(
  { link, startedAt, writtenAt, endedAt, intendedAt }: Observed,
  facts: Facts,
): Explanation | undefined {
  const down = link === undefined ? undefined : facts.lastDown(link, writtenAt ?? endedAt)
  const wait = (writtenAt ?? endedAt) - (startedAt ?? intendedAt)
  if (down?.reason !== 'badFrame' || wait < (endedAt - intendedAt) / 2) return undefined
  return {
    confidence: 0.9,
    evidence: [
      `it waited ${inWords(wait)} for a connection that had ended because what came over it could not be read (framing)`,
    ],
  }
}

/** No transaction of this terminal was ever decided, while those of others were. */
function neverWorks({ terminal, outcome, reason }: Observed, facts: Facts): Explanation | undefined {
  const seen = facts.observations.terminals.get(terminal)
  const { working } = facts
  if (seen === undefined || !facts.isBroken(terminal)) return undefined
  // The host has let it in: its line, framing and messages are right, and silence has another reason.
  if (seen.worked && seen.refused === 0) return undefined
  const what = outcome === 'timedOut' ? 'no answer came' : (reason ?? outcome)
  // It is no coincidence when terminals work either always or never.
  const base = working.decidedShare >= alwaysShare ? 0.97 : 0.9
  const sure = seen.offered >= 3 ? base : base - 0.04
  return {
    confidence: working.decidedShare >= alwaysShare ? sure : sure - 0.18,
    evidence: [
      `none of the ${counted(seen.offered, 'transaction')} of terminal ${terminal} was decided (${what}), while ${percentWords(working.decidedShare)} of those of ${counted(working.terminals, 'other terminal')} ${agreeing(working.terminals, 'was', 'were')}`,
    ],
  }
}
