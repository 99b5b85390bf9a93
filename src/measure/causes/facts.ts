// Figures of a whole run that all causes share, derived once from what was observed.

import type { Slices } from '../../base/slices.js'
import { isTlsRefusal } from '../../base/text/tls-words.js'
import { type FundsFacts, fundsFacts } from './funds-facts.js'
import { findHeld, type HeldSpan, isHeldIn } from './held.js'
import { createLineOrHost, type LineAndHostTimes, type LineOrHost, partsOf, type UsualTimes } from './line-or-host.js'
import { firstFrom, itemsBetween, quantile } from './numbers.js'
import type { ConnectSeen, DownSeen, Observations, Observed, TerminalSeen } from './observations.js'
import { findQuickOrNever, type QuickOrNever } from './quick-or-never.js'
import { findGrowth, findRhythm, rhythmWords } from './rhythm.js'
import { blameFor, findRefusals, findSilences, mostOverlapping, type RefusedSpan, type Silence } from './silences.js'
import { findSporadic, type Sporadic } from './sporadic.js'
import { findSurges, type Surge } from './surges.js'
import { createUnconnected } from './unconnected.js'
import { findWho, type Who } from './who.js'

export interface Facts {
  readonly observations: Observations
  readonly usual: UsualTimes
  readonly who: Who
  /** Requests are answered quickly or never. */
  readonly quickOrNever: QuickOrNever | undefined
  /** The span in which connections were held up, this transaction's among them. */
  held(transaction: Observed): HeldSpan | undefined
  /** The line is bad now and then, for one connection at a time. */
  readonly sporadic: Sporadic | undefined
  /** Sentences about lateness that comes again and again, and about answers that take longer and longer. */
  readonly rhythm: readonly string[]
  /** Nothing was heard for a while, and that was the line's doing. */
  readonly lineWasDark: boolean
  /** Echoes are about as slow all the time: their 20th percentile is near their median. */
  readonly lineIsSteady: boolean
  /** The silence of the host, the refusal of connections, or the surge that shares most with an interval. */
  silence(from: number, to: number): Silence | undefined
  refusal(from: number, to: number): RefusedSpan | undefined
  surge(from: number, to: number): Surge | undefined
  lineOrHost(transaction: Observed): LineOrHost
  /** The shares of the line and the host in its time; `echoMs`: what an echo took, left out: as usual. */
  partsOf(transaction: Observed, echoMs?: number): LineAndHostTimes
  /** The time that the last answers before a silence took, where they took longer and longer until it. */
  grewInto(silence: Silence): { readonly ms: number } | undefined
  /** Undefined for a merchant of whose money nothing is known. */
  funds(merchant: string): FundsFacts | undefined
  /** The last time before `at` that this connection was lost. */
  lastDown(link: number, at: number): DownSeen | undefined
  /** How TLS kept it from the host: in the words of its own end, or of the end of the connection that it waited for. */
  tlsRefusal(transaction: Observed): string | undefined
  /** Transactions that were answered until then. */
  answeredBefore(at: number): number
  /** Connections that were lost, from `from` to `to`. */
  downs(from: number, to: number): readonly DownSeen[]
  /** Attempts to connect that began from `from` to `to`. */
  connects(from: number, to: number): readonly ConnectSeen[]
  /** Answers that came after the terminal gave up, though within the time that is timely. */
  readonly lateInTime: number
  /** Share of the transactions that a clerk had to try again. */
  readonly retriedShare: number
  /** This terminal next to never got a decision, while others did. */
  isBroken(terminal: string): boolean
  /** Terminals that got a decision at least once, and the share of their transactions that got one. */
  readonly working: { readonly terminals: number; readonly decidedShare: number }
}

/** Echoes whose quick ones take at least this share of the median are steady. */
const steadyShare = 0.4

/** A terminal that got fewer decisions than this share does not work at all. */
const brokenShare = 0.1
/** So many of the other terminals must work, with so many decisions. */
const leastWorking = 2
const workingShare = 0.5
/** From this share of decisions on, terminals work always. */
export const alwaysShare = 0.9

/** In slices: each finder takes some milliseconds at the limits of what is observed. */
export function* findingFacts(observations: Observations): Slices<Facts> {
  const usual = usualOf(observations)
  yield
  const who = findWho(observations)
  yield
  const sporadic = findSporadic(observations)
  yield
  const silences = findSilences(observations, usual, { deaths: who.deaths, sporadic })
  yield
  const refusals = findRefusals(observations)
  const surges = findSurges(observations)
  yield
  const lineOrHost = createLineOrHost(observations, usual, { silences, refusals, sporadic })
  yield
  const rhythm = rhythmWords(observations, findRhythm(observations), findGrowth(observations))
  yield
  const held = findHeld(observations, usual)
  yield
  const memory = new Map<number, LineOrHost>()
  const unconnected = createUnconnected(observations)
  const working = workingOf(observations)
  const broken = brokenOf(observations, working)
  const money = new Map<string, FundsFacts | undefined>()
  const { downs } = observations
  const byLink = grouped(downs)
  const lastDown = (link: number, at: number) => {
    const own = byLink.get(link) ?? []
    return own[firstFrom(own, at) - 1]
  }
  return {
    ...{ observations, usual, sporadic, who, rhythm },
    quickOrNever: findQuickOrNever(observations, usual.slowServiceMs),
    held: (transaction) => held.find((span) => isHeldIn(transaction, span)),
    lineWasDark: silences.some((silence) => blameFor(silence) === 'line'),
    lineIsSteady: (usual.quickEchoMs ?? 0) >= steadyShare * (usual.echoMs ?? Number.POSITIVE_INFINITY),
    silence: (from, to) => mostOverlapping(silences, from, to)?.item,
    refusal: (from, to) => mostOverlapping(refusals, from, to)?.item,
    surge: (from, to) => mostOverlapping(surges, from, to)?.item,
    grewInto: (silence) => grewInto(silence, observations, usual),
    lineOrHost(transaction) {
      const known = memory.get(transaction.id)
      if (known !== undefined) return known
      // Causes ask one after another about the same one.
      memory.clear()
      const fresh = lineOrHost(transaction)
      memory.set(transaction.id, fresh)
      return fresh
    },
    partsOf: (transaction, echoMs) =>
      partsOf(transaction, { observations, usual, awayMs: unconnected(transaction) }, echoMs),
    funds(merchant) {
      if (!money.has(merchant)) money.set(merchant, fundsFacts(observations, merchant))
      return money.get(merchant)
    },
    lastDown,
    tlsRefusal: ({ reason, link, writtenAt, endedAt }) => {
      const waitedFor = link === undefined || writtenAt !== undefined ? undefined : lastDown(link, endedAt + 1)
      return [reason, waitedFor?.reason].find(isTlsRefusal)
    },
    answeredBefore: (at) => observations.bins.sum('answered', 0, at),
    downs: (from, to) => downs.slice(firstFrom(downs, from), firstFrom(downs, to)),
    connects: (from, to) => itemsBetween(observations.connects, from, to),
    lateInTime: lateInTimeOf(observations),
    retriedShare: retriedShareOf(observations),
    isBroken: (terminal) => broken.has(terminal),
    working,
  }
}

/** Answers before a silence that tell, and how much longer than quick ones they took. */
const leastBefore = 4
const mostBefore = 8
const muchLonger = 2
/** A share of the timer: who answers so late is about to answer nobody in time. */
const nearTimer = 0.55
/** The same for who answers so late that the next answer meets nobody. */
const atTimer = 0.8
const longerAtTimer = 1.3

function grewInto(
  { from }: Silence,
  { answers, timeoutMs }: Observations,
  { quickServiceMs }: UsualTimes,
): { readonly ms: number } | undefined {
  const last = itemsBetween(answers, from - 3 * timeoutMs, from)
    .filter(({ at, ms }) => at + ms > from - timeoutMs)
    .sort((one, other) => one.at + one.ms - other.at - other.ms)
    .slice(-mostBefore)
  const ms = quantile(
    last.map((each) => each.ms),
    0.5,
  )
  if (ms === undefined || last.length < leastBefore || ms < nearTimer * timeoutMs) return undefined
  const longer = ms >= atTimer * timeoutMs ? longerAtTimer : muchLonger
  return ms > longer * (quickServiceMs ?? ms) ? { ms } : undefined
}

function usualOf({ echoes, connects, answers }: Observations): UsualTimes {
  const echoMs = echoes.flatMap(({ ms }) => ms ?? [])
  const connectMs = connects.flatMap(({ ms, result }) => (result === 'open' ? ms : []))
  const serviceMs = answers.map(({ ms }) => ms)
  return {
    echoMs: quantile(echoMs, 0.5),
    quickEchoMs: quantile(echoMs, 0.2),
    connectMs: quantile(connectMs, 0.5),
    quickConnectMs: quantile(connectMs, 0.2),
    serviceMs: quantile(serviceMs, 0.5),
    quickServiceMs: quantile(serviceMs, 0.2),
    slowServiceMs: quantile(serviceMs, 0.9),
  }
}

/** One that failed once only is broken where others fail again and again, and next to nothing fails at the rest. */
function brokenOf({ terminals }: Observations, working: Facts['working']): ReadonlySet<string> {
  if (working.terminals < leastWorking || working.decidedShare < workingShare) return new Set()
  const never = [...terminals].filter(([, { decided, offered }]) => decided <= brokenShare * offered)
  const again = never.filter(([, { offered }]) => offered >= 2).length
  const countsOnce = again > 0 && working.decidedShare >= alwaysShare
  return new Set(never.filter(([, { offered }]) => offered >= 2 || countsOnce).map(([id]) => id))
}

function workingOf({ terminals }: Observations): Facts['working'] {
  const working = [...terminals.values()].filter(({ decided }) => decided > 0)
  const sum = (count: (terminal: TerminalSeen) => number) => working.reduce((total, each) => total + count(each), 0)
  const offered = sum((each) => each.offered)
  return {
    terminals: working.length,
    decidedShare: offered === 0 ? 0 : sum((each) => each.decided) / offered,
  }
}

/** The share of retried ones among those that are kept: a timely one that was tried again is not kept. */
function retriedShareOf({ transactions, offered }: Observations): number {
  return offered === 0 ? 0 : transactions.filter(({ tries }) => tries > 1).length / offered
}

function lateInTimeOf({ transactions, timelyWithinMs }: Observations): number {
  return transactions.filter(
    ({ lateAnswerAt, intendedAt }) => lateAnswerAt !== undefined && lateAnswerAt - intendedAt <= timelyWithinMs,
  ).length
}

function grouped(downs: readonly DownSeen[]): Map<number, DownSeen[]> {
  const groups = new Map<number, DownSeen[]>()
  for (const down of downs) {
    const group = groups.get(down.link)
    if (group === undefined) groups.set(down.link, [down])
    else group.push(down)
  }
  return groups
}
