// Was it the line or the host? Echoes and new connections use the same line and wait for no worker of the host: where they
// are as slow as the answers it is the line, where they are quick it is the host. A likelihood ratio, by transaction.

import { counted } from '../../base/text/counted.js'
import { clamp, inWords, itemsBetween, quantile } from './numbers.js'
import type { AnswerSeen, ConnectSeen, EchoSeen, Observations, Observed } from './observations.js'
import { isOwnLag } from './own-lag.js'
import { mayBeHost, mostOverlapping, type RefusedSpan, type Silence } from './silences.js'
import type { Sporadic } from './sporadic.js'
import { resentShareOf, tcpRatio } from './tcp-words.js'

export interface UsualTimes {
  /** Median and 20th percentile of echoes and of connects in ms; undefined where there were none. */
  readonly echoMs: number | undefined
  readonly quickEchoMs: number | undefined
  readonly connectMs: number | undefined
  readonly quickConnectMs: number | undefined
  /** The service time of financial answers, without those that never came. */
  readonly serviceMs: number | undefined
  readonly quickServiceMs: number | undefined
  /** The 90th percentile. */
  readonly slowServiceMs: number | undefined
}

export interface LineOrHost {
  /** Logarithm of how much likelier the line is than the host. 0: nothing tells. */
  readonly logRatio: number
  /** Connections with echoes, and new ones, that were looked at; and those of them that were about as slow. */
  readonly probes: number
  readonly slow: number
  /** There were echoes among them: those ask a host that has to get on, and not only its TCP. */
  readonly hasEchoes: boolean
  /** Median of the echoes, in ms. */
  readonly echoMs: number | undefined
  readonly connectMs: number | undefined
  /** Old connections are slow, all of them, and new ones are not. */
  readonly hostAlone: boolean
  /** Something tells: a probe, or a capture. */
  readonly isKnown: boolean
  /** An echo on the same connection while the transaction waited: quick, slow, or there was none. */
  readonly sameLink: 'quick' | 'slow' | 'none'
}

/** How far around a transaction probes are looked at, in ms: at first, and where there are too few. */
const nearMs = 1000
const farMs = 5000
const enoughProbes = 12
/** Something slow is seen of a connection by chance this often, whatever the line is like. */
const chance = 0.02
/** A single echo is slow by chance this often. */
const chanceOfOne = 0.003
/** Less than this, as a logarithm, does not decide. */
const undecided = 1.5
/** An echo on the very connection weighs as much as this. */
const sameLinkWeight = 4
/** New connections that must have been tried to tell a host that does not get on from a line. */
const enoughConnects = 4
const enoughEchoes = 3
const manyConnects = 15
const manyLinks = 5
/** A line that is bad for one connection at a time is as likely near a quick echo as anywhere. */
const sporadicWeight = 2.5
/** How sure that is. */
const hostAloneWeight = 3
/** Connections that must answer echoes before others are called dumb. */
const leastAnswered = 2
/** Less than this is no delay, in ms. */
const leastDelayMs = 60

export function createLineOrHost(
  observations: Observations,
  usual: UsualTimes,
  {
    silences,
    refusals,
    sporadic,
  }: { silences: readonly Silence[]; refusals: readonly RefusedSpan[]; sporadic: Sporadic | undefined },
): (transaction: Observed) => LineOrHost {
  const { echoes, answers, bins } = observations
  // A host that says nothing at all makes echoes wait too: that tells nothing of the line.
  const ofHost = silences.filter(mayBeHost)
  const isDark = (from: number, to: number) =>
    mostOverlapping(ofHost, from, to) !== undefined || mostOverlapping(refusals, from, to) !== undefined
  const dumb = dumbLinks(echoes)
  const isTold = (from: number, to: number) => !isDark(from, to) && !isOwnLag(bins, from, to)
  const telling = echoes.filter(
    ({ at, ms, link }) => isTold(at, at + (ms ?? observations.timeoutMs)) && (link === undefined || !dumb.has(link)),
  )
  const dialled = observations.connects.filter(
    ({ at, ms, result }) => result !== 'refused' && at >= 0 && isTold(at, at + ms),
  )

  const resentShare = resentShareOf(observations)
  const sorted = Float64Array.from(telling, ({ ms }) => ms ?? Number.POSITIVE_INFINITY).sort()
  const untimely = observations.offered === 0 ? 0 : observations.untimely / observations.offered
  /** All echoes of the run have a word in it where the near ones do not decide. */
  const wholeRun = (delay: number): number => {
    const slow = sorted.length - countBelow(sorted, (usual.quickEchoMs ?? 0) + delay / 2)
    const ifLine = clamp(0.7 * untimely, 2 * chanceOfOne, 0.9)
    const ratio =
      slow * Math.log(ifLine / chanceOfOne) + (sorted.length - slow) * Math.log((1 - ifLine) / (1 - chanceOfOne))
    return clamp(ratio, -undecided, undecided)
  }

  return (transaction) => {
    const { from, to } = spanOf(transaction)
    const isSporadic = sporadic !== undefined && from < sporadic.to + nearMs && to > sporadic.from - nearMs
    const delay = delayOf(transaction, usual, observations.timelyWithinMs)
    const isSlowEcho = ({ ms }: EchoSeen) => ms === undefined || ms - (usual.quickEchoMs ?? 0) > delay / 2
    const isSlowConnect = ({ ms, result }: ConnectSeen) =>
      result !== 'open' || ms - (usual.quickConnectMs ?? 0) > delay / 2
    const nearEchoes = windowOf(telling, from, to)
    const nearConnects = windowOf(dialled, from, to)
    const slowShare = shareOfSlow(itemsBetween(answers, from - farMs, to + farMs), delay, {
      usual,
      untimely: bins.sum('untimely', from - farMs, to + farMs),
      offered: bins.sum('offered', from - farMs, to + farMs),
    })
    const links = byLink(nearEchoes, isSlowEcho)
    const connects = { all: nearConnects.length, slow: nearConnects.filter(isSlowConnect).length }
    const ofLinks = ratioOf(links, slowShare)
    const ofConnects = ratioOf(connects, slowShare)
    // Those that were under way together with the transaction.
    const under = nearEchoes.filter(({ at, ms }) => at < to && at + (ms ?? Number.POSITIVE_INFINITY) > from)
    const meanwhile = { all: under.length, slow: under.filter(isSlowEcho).length }
    // A host that gets a turn now and then keeps echoes waiting for a part of that.
    const isHeldUp = ({ ms }: EchoSeen) => (ms ?? Number.POSITIVE_INFINITY) - (usual.quickEchoMs ?? 0) > delay / 5
    const around = byLink(itemsBetween(telling, from - farMs, to + farMs), isHeldUp)
    // A line that takes so long for new connections alone is no quick one.
    const isQuickLine = (usual.quickConnectMs ?? 0) < 0.3 * (to - from)
    const hostAlone = isQuickLine && !isSporadic && isHostAlone(meanwhile, around, connects)
    // A fault of some connections alone does not show on new ones.
    const both = links.all === 0 ? ofConnects : ofLinks + Math.max(0, ofConnects)
    const near = isSporadic ? Math.max(0, both) + sporadicWeight : both
    const ratio = hostAlone ? -hostAloneWeight : Math.abs(near) < undecided ? near + wholeRun(delay) : near
    const sameLink = onSameLink(transaction, telling, delay, usual)
    const tcp = tcpRatio(transaction, delay, resentShare)
    const weight = sameLink === 'none' || hostAlone ? 0 : sameLink === 'slow' ? sameLinkWeight : -sameLinkWeight
    return {
      logRatio: clamp(tcp === 0 ? ratio : ratio / 2, -8, 8) + weight + tcp,
      probes: links.all + connects.all,
      slow: links.slow + connects.slow,
      hasEchoes: links.all > 0,
      isKnown: links.all + connects.all > 0 || sameLink !== 'none' || tcp !== 0,
      sameLink,
      hostAlone,
      echoMs: medianOf(nearEchoes.flatMap(({ ms }) => ms ?? [])),
      connectMs: medianOf(nearConnects.flatMap(({ ms, result }) => (result === 'open' ? ms : []))),
    }
  }
}

const medianOf = (values: readonly number[]) => quantile(values, 0.5)

/** The number of sorted values below the limit. */
function countBelow(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Connections on which no echo was ever answered, while those of others were: set up wrongly, and no news of the line. */
function dumbLinks(echoes: readonly EchoSeen[]): ReadonlySet<number> {
  const answered = new Set(echoes.flatMap(({ link, ms }) => (link === undefined || ms === undefined ? [] : [link])))
  if (answered.size < leastAnswered) return new Set()
  return new Set(echoes.flatMap(({ link }) => (link === undefined || answered.has(link) ? [] : [link])))
}

/** From the start of what the terminal did itself to the end: a terminal that was busy says nothing of its own. */
export function spanOf({ intendedAt, startedAt, endedAt }: Observed): { readonly from: number; readonly to: number } {
  const from = startedAt ?? intendedAt
  // A transaction that mostly waited for its turn was delayed by what happened meanwhile.
  return from - intendedAt > endedAt - from ? { from: intendedAt, to: endedAt } : { from, to: endedAt }
}

/** How much longer than the line at its usual it took, in ms: what has to be explained. */
export function delayOf(
  { intendedAt, startedAt, endedAt }: Observed,
  usual: UsualTimes,
  timelyWithinMs: number,
): number {
  const own = endedAt - (startedAt ?? intendedAt)
  const waited = endedAt - intendedAt - own
  const span = waited > own ? Math.max(own, timelyWithinMs / 4) : own
  return Math.max(leastDelayMs, span - (usual.quickEchoMs ?? 0))
}

function windowOf<Item extends { readonly at: number }>(
  list: readonly Item[],
  from: number,
  to: number,
): readonly Item[] {
  const near = itemsBetween(list, from - nearMs, to + nearMs)
  return near.length >= enoughProbes ? near : itemsBetween(list, from - farMs, to + farMs)
}

/**
 * New connections open at once, all of them, while old ones are slow: either all of these, or each of them now and then.
 * A line would be as slow for new ones, and a fault of some connections keeps to them.
 */
function isHostAlone(meanwhile: Counted, links: Links, connects: Counted): boolean {
  if (connects.all < enoughConnects || connects.slow > 0.1 * connects.all) return false
  if (meanwhile.all >= enoughEchoes && meanwhile.slow >= 0.8 * meanwhile.all) return true
  if (connects.slow > 0 || connects.all < manyConnects) return false
  const nearlyAll = links.all >= manyLinks && links.slow >= 0.8 * links.all
  return nearlyAll || (links.mixed >= 2 && links.mixed >= links.slow / 2)
}

interface Links extends Counted {
  /** Slow, quick in between, and slow again. */
  readonly mixed: number
}

interface Counted {
  readonly all: number
  readonly slow: number
}

/** A connection that waits for one echo sends no other meanwhile: each counts once. */
function byLink(echoes: readonly EchoSeen[], isSlow: (echo: EchoSeen) => boolean): Links {
  const links = new Map<number, { isSlow: boolean; times: number }>()
  let [own, slow] = [0, 0]
  for (const echo of echoes) {
    const isSlowNow = isSlow(echo)
    if (echo.link === undefined) {
      own++
      if (isSlowNow) slow++
      continue
    }
    const before = links.get(echo.link) ?? { isSlow: false, times: 0 }
    links.set(echo.link, { isSlow: isSlowNow, times: before.times + (isSlowNow && !before.isSlow ? 1 : 0) })
  }
  const times = [...links.values()].map((link) => link.times)
  return {
    all: own + links.size,
    slow: slow + times.filter((count) => count > 0).length,
    mixed: times.filter((count) => count > 1).length,
  }
}

/** How much likelier so many slow ones are where the line is as bad as transactions fare, as a logarithm. */
function ratioOf({ all, slow }: Counted, slowShare: number): number {
  const ifLine = clamp(0.7 * slowShare, 2 * chance, 0.9)
  return slow * Math.log(ifLine / chance) + (all - slow) * Math.log((1 - ifLine) / (1 - chance))
}

/** The share of the transactions around that were as slow. */
function shareOfSlow(
  answers: readonly AnswerSeen[],
  delay: number,
  { usual, untimely, offered }: { usual: UsualTimes; untimely: number; offered: number },
): number {
  const slow = answers.filter(({ ms }) => ms - (usual.quickEchoMs ?? 0) > delay / 2).length
  const ofAnswers = answers.length === 0 ? 0 : slow / answers.length
  return Math.max(ofAnswers, offered === 0 ? 0 : untimely / offered)
}

function onSameLink(
  { link, writtenAt, endedAt }: Observed,
  echoes: readonly EchoSeen[],
  delay: number,
  usual: UsualTimes,
): LineOrHost['sameLink'] {
  if (link === undefined || writtenAt === undefined) return 'none'
  const own = itemsBetween(echoes, writtenAt - delay, endedAt).filter((echo) => echo.link === link)
  const meanwhile = own.filter(({ at, ms }) => ms === undefined || at + ms > writtenAt)
  const excess = ({ ms }: EchoSeen) => (ms ?? Number.POSITIVE_INFINITY) - (usual.quickEchoMs ?? 0)
  if (meanwhile.some((echo) => excess(echo) > delay / 2)) return 'slow'
  const isInside = ({ at, ms }: EchoSeen) => at > writtenAt && at + (ms ?? 0) < endedAt
  return meanwhile.some((echo) => isInside(echo) && excess(echo) < delay / 4) ? 'quick' : 'none'
}

/** A new connection took much longer than quick ones on this line. */
export const isSlowToOpen = (ms: number, { quickConnectMs }: UsualTimes): boolean =>
  ms > 3 * (quickConnectMs ?? 0) + 200

/** The description of the probes, in words. */
export function probesInWords({ echoMs, connectMs, probes, slow }: LineOrHost): string {
  const parts = [
    ...(echoMs === undefined ? [] : [`echoes took ${inWords(echoMs)}`]),
    ...(connectMs === undefined ? [] : [`new connections ${inWords(connectMs)}`]),
  ]
  if (parts.length === 0) return 'no echo and no new connection was seen at the time'
  return `${parts.join(' and ')} at the time (${slow} of ${counted(probes, 'connection')} as slow)`
}

/** The parts of a transaction's time that the line and the host took, in ms. */
export interface LineAndHostTimes {
  readonly lineMs: number
  readonly hostMs: number
  /** Two parts of the line's time: what an echo takes, and the time without an open connection. */
  readonly echoMs: number
  readonly awayMs: number
  /** It waited for its turn most of the time: the parts are those of the transactions behind which it waited. */
  readonly waited: boolean
}

/** `awayMs`: of its time, that without an open connection. `echoMs`: what an echo took. */
export function partsOf(
  transaction: Observed,
  { observations, usual, awayMs }: { observations: Observations; usual: UsualTimes; awayMs: number },
  echoMs = usual.echoMs ?? 0,
): LineAndHostTimes {
  const { intendedAt, startedAt, writtenAt, endedAt } = transaction
  const own = endedAt - (startedAt ?? endedAt)
  const isUnconnected = awayMs > (endedAt - intendedAt) / 2
  const waited = !isUnconnected && (writtenAt === undefined || endedAt - intendedAt - own > own)
  // Nothing that passed before the request was written is the host's.
  const took = waited ? serviceBefore(transaction, observations) : endedAt - (writtenAt ?? endedAt)
  const onLine = Math.min(echoMs, took)
  return { lineMs: onLine + awayMs, echoMs: onLine, awayMs, hostMs: Math.max(0, took - onLine), waited }
}

/** From this share on, those before were not answered at all, whatever the mean of the others says. */
const manyUnanswered = 0.3

/** Mean time of the answers to what came shortly before: behind those it had to wait. As long as is timely for none. */
export function serviceBefore({ intendedAt }: Observed, { bins, timelyWithinMs }: Observations): number {
  const from = intendedAt - 2 * timelyWithinMs
  const offered = bins.sum('offered', from, intendedAt)
  const answered = bins.sum('answered', from, intendedAt)
  if (answered <= (1 - manyUnanswered) * offered) return timelyWithinMs
  return bins.sum('serviceSum', from, intendedAt) / answered
}
