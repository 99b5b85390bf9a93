// The host is there and works, but takes long: echoes, which wait for no worker, are quick at the same time.

import { agreeing, counted } from '../../base/text/counted.js'
import { defineCause, type Explanation } from './cause.js'
import type { Facts } from './facts.js'
import { type LineAndHostTimes, type LineOrHost, probesInWords, spanOf } from './line-or-host.js'
import { certainty, clamp, inWords, overlap } from './numbers.js'
import type { Observed } from './observations.js'
import { mayBeHost, onBadLine } from './silences.js'
import { resentShareOf, tcpRatio } from './tcp-words.js'
import { whoInWords } from './who.js'

/** More than this nobody can be sure that it is the host. */
const mostConfidence = 0.97
/** A share of the timely time: a host whose answers all take less has made nobody wait. */
const quickShare = 0.2
/** A silence, or a refusal, that covers this share of the time is to blame itself. */
const darkShare = 0.3
/** This share of the certainty is left where a surge, an outage or an impatient terminal explains it as well. */
const otherwise = 0.7
/** The same where answers are quick or never: who is slow is late as well. */
const whereNeverLate = 0.6

export const hostSlow = defineCause({
  id: 'host-slow',
  of: 'response',
  remedy: 'make the host faster (processing time, database, algorithm) or give it more workers',
  explain(transaction, facts) {
    // An answer that came, however it looked, was not awaited in vain.
    if (isUnusable(transaction)) return undefined
    const found =
      stoodStill(transaction, facts) ??
      overwhelmed(transaction, facts) ??
      surer(someWork(transaction, facts), slow(transaction, facts)) ??
      plain(transaction, facts)
    if (found === undefined) return undefined
    const { outcome, writtenAt } = transaction
    const isNever = outcome === 'timedOut' && writtenAt !== undefined && facts.quickOrNever !== undefined
    return {
      confidence:
        found.confidence * (isNever ? whereNeverLate : 1) * (facts.held(transaction) === undefined ? 1 : onBadLine),
      evidence: [...found.evidence, ...facts.rhythm],
    }
  },
})

const isUnusable = ({ reason }: Observed) =>
  reason !== undefined && (reason.startsWith('answer') || reason === 'badFrame')

const surer = (one: Explanation | undefined, other: Explanation | undefined): Explanation | undefined =>
  one === undefined || (other !== undefined && other.confidence > one.confidence) ? other : one

/** A host that answers after everybody has given up: answers took longer and longer until none came in time any more. */
function overwhelmed({ intendedAt, startedAt, endedAt }: Observed, facts: Facts): Explanation | undefined {
  const silence = facts.silence(startedAt ?? intendedAt, endedAt) ?? facts.silence(intendedAt, endedAt)
  if (silence === undefined || !mayBeHost(silence)) return undefined
  const before = facts.grewInto(silence)
  if (before === undefined) return undefined
  return {
    confidence: 0.88 * (facts.lineWasDark && silence.connectsOpen === 0 ? onBadLine : 1),
    evidence: [
      `answers took ${inWords(before.ms)} before nothing came in time any more, ${inWords(facts.usual.quickServiceMs ?? 0)} at best: the host is behind with its work`,
    ],
  }
}

/** Nothing came on any connection while new ones opened: the whole host stood still, for less than a timeout. */
function stoodStill(transaction: Observed, facts: Facts): Explanation | undefined {
  const { from, to } = spanOf(transaction)
  const silence = facts.silence(from, to)
  const { timeoutMs } = facts.observations
  if (silence === undefined || silence.ms >= timeoutMs * 0.95 || !mayBeHost(silence)) return undefined
  if (overlap(silence.from, silence.to, from, to) < (to - from) * darkShare) return undefined
  const opened = silence.connectsOpen > 0
  return {
    confidence: opened ? 0.92 : 0.7 * (facts.lineWasDark ? onBadLine : 1),
    evidence: [
      `nothing came on any connection for ${inWords(silence.ms)}, less than the timeout of ${inWords(timeoutMs)}, though ${counted(silence.sent, 'message')} ${agreeing(silence.sent, 'was', 'were')} sent`,
      opened
        ? `${counted(silence.connectsOpen, 'new connection')} opened meanwhile${silence.connectMs === undefined ? '' : `, in ${inWords(silence.connectMs)}`}: the line was there`
        : 'no new connection was tried meanwhile',
    ],
  }
}

function slow(transaction: Observed, facts: Facts): Explanation | undefined {
  if (transaction.codeClass !== undefined || transaction.outcome === 'failed' || isDark(transaction, facts))
    return undefined
  const line = facts.lineOrHost(transaction)
  if (!line.isKnown) return undefined
  // New connections tell what the line takes where the host itself keeps echoes waiting.
  const echoMs = line.hostAlone ? Math.min(line.connectMs ?? 0, line.echoMs ?? 0) : line.echoMs
  const parts = facts.partsOf(transaction, echoMs)
  const { hostMs } = parts
  if (hostMs < quickShare * facts.observations.timelyWithinMs) return undefined
  const share = hostMs / (hostMs + parts.lineMs)
  // Who gives up before the time that is timely does not know how slow the host would have been.
  const { timelyWithinMs } = facts.observations
  const { outcome, intendedAt, endedAt } = transaction
  const gaveUpEarly = (outcome === 'timedOut' || outcome === 'unsent') && endedAt - intendedAt < timelyWithinMs
  const sure = clamp(certainty(-line.logRatio), 0, mostConfidence)
  const isElsewhere =
    gaveUpEarly ||
    (parts.waited && wasAway(transaction, facts)) ||
    facts.surge(transaction.intendedAt, transaction.endedAt) !== undefined
  return {
    confidence:
      sure *
      (facts.lineIsSteady && !line.hostAlone ? clamp(0.3 + share, 0, 1) : 1) *
      (isElsewhere ? otherwise : 1) *
      (facts.lineWasDark && !line.hasEchoes && line.sameLink === 'none' && !line.hostAlone ? onBadLine : 1),
    evidence: [
      evidenceOf(transaction, line, parts),
      ...(line.sameLink === 'quick'
        ? ['an echo on the same connection came back quickly while the answer was awaited']
        : []),
    ],
  }
}

/** Only some kind of work, or some merchant's, is slow: no line tells those apart. */
function someWork(transaction: Observed, facts: Facts): Explanation | undefined {
  const { who } = facts
  const { writtenAt, endedAt, outcome, codeClass } = transaction
  const found = who.of('kind') ?? who.of('merchant') ?? who.of('amount')
  if (found === undefined || writtenAt === undefined || outcome === 'failed' || codeClass !== undefined)
    return undefined
  const value = { kind: transaction.type, merchant: transaction.merchant }[found.trait as 'kind' | 'merchant']
  if (value !== undefined && !found.values.has(value)) return undefined
  // A part of its payments, over a line that is as bad for others at the time: connections may serve one merchant each.
  const isPart = found.inside.untimely < 0.5 * found.inside.offered
  const isLine = isPart && facts.lineOrHost(transaction).logRatio > likelyLine
  return {
    confidence: clamp(certainty(found.gain / 3), 0, 0.96) * (isLine ? onBadLine : 1),
    evidence: [whoInWords(found), `this one took ${inWords(endedAt - writtenAt)}`],
  }
}

/** As a logarithm: how much likelier the line is than the host. */
const likelyLine = 1
/** Connections that must have been opened, and how much quicker than answers, where nothing else tells of the line. */
const fewConnects = 3
const muchQuicker = 8
const plainConfidence = 0.66
/** As a logarithm. */
const sureDeaths = 4

/** There was no probe at the time; but connections opened quickly, and none was lost. */
function plain(transaction: Observed, facts: Facts): Explanation | undefined {
  const { observations, usual } = facts
  // Dead connections, or the load of others, would look so as well.
  if (
    (facts.who.deaths?.gain ?? 0) > sureDeaths ||
    facts.surge(transaction.intendedAt, transaction.endedAt) !== undefined
  )
    return undefined
  const { writtenAt, endedAt, outcome, codeClass } = transaction
  if (writtenAt === undefined || codeClass !== undefined || outcome === 'failed') return undefined
  if (tcpRatio(transaction, endedAt - writtenAt, resentShareOf(observations)) > 0) return undefined
  const { connects, downs, echoes } = observations
  const isQuick = usual.connectMs !== undefined && (endedAt - writtenAt) / muchQuicker > usual.connectMs
  const isQuiet = downs.length === 0 && echoes.length === 0 && connects.every(({ result }) => result === 'open')
  if (!isQuick || !isQuiet || connects.length < fewConnects) return undefined
  return {
    confidence: plainConfidence * (facts.lineWasDark ? onBadLine : 1),
    evidence: [
      `the financial answer took ${inWords(endedAt - writtenAt)}; ${counted(connects.length, 'connection')} opened in ${inWords(usual.connectMs ?? 0)} as a rule, and none was lost`,
      'there was no echo and no new connection at the time: echo probes would tell more',
    ],
  }
}

/** The host was not there at all while this one waited, or shortly before. */
function wasAway({ intendedAt, endedAt }: Observed, facts: Facts): boolean {
  const { timeoutMs } = facts.observations
  const silence = facts.silence(intendedAt - timeoutMs, endedAt)
  const isLong = silence !== undefined && silence.ms >= timeoutMs * 0.95
  return isLong || facts.refusal(intendedAt - timeoutMs, endedAt) !== undefined
}

function isDark(transaction: Observed, facts: Facts): boolean {
  const { from, to } = spanOf(transaction)
  const dark = [facts.silence(from, to), facts.refusal(from, to)]
  const sentAt = transaction.writtenAt ?? Number.NaN
  return dark.some(
    (each) =>
      each !== undefined &&
      // A request that is sent into a silence may be lost in it, however soon that ends.
      (overlap(each.from, each.to, from, to) >= (to - from) * darkShare || (sentAt >= each.from && sentAt <= each.to)),
  )
}

function evidenceOf(
  { outcome, writtenAt, startedAt, endedAt, intendedAt }: Observed,
  line: LineOrHost,
  { waited }: LineAndHostTimes,
): string {
  if (writtenAt === undefined)
    return `it waited ${inWords(endedAt - intendedAt)} for its turn and was not sent; ${probesInWords(line)}`
  const took = inWords(endedAt - writtenAt)
  const isOver = outcome === 'approved' || outcome === 'declined'
  const answer = isOver ? `the financial answer ${took}` : `no financial answer came within ${took}`
  const wait = waited && startedAt !== undefined ? `it waited ${inWords(startedAt - intendedAt)} for its turn; ` : ''
  return `${wait}${probesInWords(line)}, ${answer}`
}
