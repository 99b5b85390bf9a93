// Times in which the host said nothing on any connection though it was asked, and times in which it refused connections.

import type { Deaths } from './deaths.js'
import { itemsBetween, overlap } from './numbers.js'
import type { ConnectSeen, DownSeen, Observations } from './observations.js'
import { isOwnLag } from './own-lag.js'
import type { Sporadic } from './sporadic.js'

/** Nothing was heard on any connection. */
export interface Silence {
  readonly from: number
  readonly to: number
  readonly ms: number
  /** Requests and echoes that were sent meanwhile. */
  readonly sent: number
  /** New connections that opened quickly meanwhile, and that did not. */
  readonly connectsOpen: number
  readonly connectsSilent: number
  readonly refused: number
  /** Captured requests that were acknowledged at once meanwhile, and that were sent again. */
  readonly acknowledged: number
  readonly resent: number
  /** Answered when it was over, and those of them that were overtaken by what was asked later. */
  readonly released: number
  readonly overtaken: number
  /** The time that a new connection took, in ms. */
  readonly connectMs: number | undefined
}

/** `host`: new connections opened all the same. `line`: they did not either. `unknown`: nobody tried, or it was both. */
export type Blame = 'host' | 'line' | 'unknown'

/** Captured requests that must have been sent again. */
const leastResent = 3
/** So many answers must come after a silence, and this share of them must be overtaken, to blame the line. */
const leastReleased = 4
const overtakenByLine = 0.3
/** Beyond four times what an answer usually takes, something was overtaken, in ms. */
const slackMs = 60

/** A share of the new connections in a silence: so many may be slow by chance, and so many must be to blame the line. */
const slowByChance = 0.15
const slowByLine = 0.4

export function blameFor(silence: Silence): Blame {
  const { connectsOpen, connectsSilent, refused } = silence
  if (refused > 0) return 'unknown'
  if (isOutOfTurn(silence) || isUnacknowledged(silence)) return 'line'
  const all = connectsOpen + connectsSilent
  if (all === 0) return 'unknown'
  if (connectsSilent <= slowByChance * all) return 'host'
  return connectsSilent >= slowByLine * all ? 'line' : 'unknown'
}

/** TCP of the host answers whatever its programs do. */
const isUnacknowledged = ({ acknowledged, resent }: Silence): boolean => resent >= leastResent && resent >= acknowledged

/** A host takes up what waited in turn; a line sends each again at its own time, and what is new goes past it. */
const isOutOfTurn = ({ released, overtaken }: Silence): boolean =>
  released >= leastReleased && overtaken >= overtakenByLine * released

/** No new connection was tried, or they opened: the host stood still, as far as can be told. */
export const mayBeHost = (silence: Silence): boolean => {
  const blame = blameFor(silence)
  if (blame === 'line') return false
  return blame === 'host' || silence.connectsOpen + silence.connectsSilent + silence.refused === 0
}

/**
 * This share of the certainty that it was the host is left where the line was bad at another time of the run, and at most quick
 * connections speak for the host.
 */
export const onBadLine = 0.6

/** New connections were refused, all of them. */
export interface RefusedSpan {
  readonly from: number
  readonly to: number
  readonly refused: number
  /** Connections that were cut when it began. */
  readonly cut: number
}

/** An acknowledgement within this was not delayed by a line, in ms. */
const ackMs = 200
/** How long after a silence new requests are looked at, in ms. */
const orderMs = 3000
/** Shortest silence that says something, in ms, and requests that must have been sent in it. */
const leastSilenceMs = 400
const leastSent = 7
/** Where each is late by chance, all that were sent are late together so seldom that it is no chance any more. */
const byChance = 1e-6
/** A new connection that opens within this, in ms, or within four times what is usual, was quick. */
const quickConnectMs = 300
/** As a logarithm, and a share: what dead connections must explain. So many were silent while others were answered. */
const sureDeaths = 4
const nearlyAll = 0.9
const leastApart = 5
/** Refusals in a row, and how long they must last, in ms. */
const leastRefused = 3
/** So many in a row are no bad luck of some connections, even while another one still works. */
const manyRefused = 12
const leastRefusalMs = 250
/** Connections are cut this long before the first refusal, at most, in ms: backoff comes between. */
const leadMs = 1500

export function findSilences(
  observations: Observations,
  {
    echoMs: usualEchoMs,
    quickConnectMs: usualConnectMs,
    quickServiceMs,
  }: { echoMs: number | undefined; quickConnectMs: number | undefined; quickServiceMs: number | undefined },
  { deaths, sporadic }: { readonly deaths?: Deaths | undefined; readonly sporadic?: Sporadic | undefined } = {},
): readonly Silence[] {
  const { bins, gaps, connects, tcp, timeoutMs } = observations
  const least = Math.max(leastSilenceMs, 6 * (usualEchoMs ?? 0))
  const quickMs = Math.max(quickConnectMs, 4 * (usualConnectMs ?? 0))
  const inVain = askedInVain(observations, deaths)
  return gaps
    .filter(({ from, to }) => to - from >= least && !isOwnLag(bins, from, to))
    .map(({ from, to }) => {
      // A request that is sent at the very end has had no time to be answered.
      const lastAt = to - 2 * (usualEchoMs ?? 0)
      const sent = bins.sum('sent', from + bins.widthMs, lastAt - bins.widthMs) - inVain(from, lastAt)
      // One that was dialled before and did not open meanwhile tells as much as one that was dialled in the silence.
      const waiting = itemsBetween(connects, from - timeoutMs, from).filter(
        ({ at, ms, result }) => at < from && result !== 'refused' && at + ms > from + quickMs,
      )
      const within = [...waiting, ...itemsBetween(connects, from, to - 20)]
      const asked = itemsBetween(tcp, from, to)
      const open = within.filter(({ result, ms }) => result === 'open' && ms <= quickMs)
      return {
        ...{ from, to, ms: to - from, sent },
        connectsOpen: open.length,
        connectsSilent: within.filter(({ result, ms }) => result === 'timeout' || (result === 'open' && ms > quickMs))
          .length,
        acknowledged: asked.filter(({ sent, ackedMs }) => sent === 1 && ackedMs !== undefined && ackedMs < ackMs)
          .length,
        resent: asked.filter(({ sent }) => sent > 1).length,
        ...orderAfter(observations, from, to, 4 * (quickServiceMs ?? 0) + slackMs),
        refused: within.filter(({ result }) => result === 'refused').length,
        connectMs: open[0]?.ms,
      }
    })
    .filter(({ sent }) => sent >= leastSent && (sporadic === undefined || sporadic.ofPayments ** sent < byChance))
}

/**
 * How many messages were sent on connections that are dead, from one instant to another: that nobody answers those tells
 * nothing of the host. None where nothing else shows that connections are dead.
 */
function askedInVain({ seen, gaps }: Observations, deaths: Deaths | undefined): (from: number, to: number) => number {
  if (deaths === undefined || deaths.gain < sureDeaths || deaths.explained < nearlyAll * deaths.silent) return () => 0
  const long = gaps.filter(({ from, to }) => to - from >= leastSilenceMs)
  const onDead = seen.filter(({ isSilent, of }) => isSilent && of.connection !== undefined && deaths.has(of.connection))
  const apart = onDead.filter(({ at, endedAt }) => mostOverlapping(long, at, endedAt) === undefined)
  if (apart.length < leastApart) return () => 0
  return (from, to) => itemsBetween(onDead, from, to).length
}

/** In which order what was asked in a silence was answered after it, against what was asked later. */
function orderAfter({ seen, echoes }: Observations, from: number, to: number, slack: number) {
  const asked = [
    ...itemsBetween(seen, from, to + orderMs).flatMap(({ at, endedAt, isAnswered }) =>
      isAnswered ? { at, endedAt } : [],
    ),
    ...itemsBetween(echoes, from, to + orderMs).flatMap(({ at, ms }) =>
      ms === undefined ? [] : { at, endedAt: at + ms },
    ),
  ]
  const waited = asked.filter(({ at, endedAt }) => at <= to && endedAt >= to)
  const fresh = asked.reduce(
    (first, { at, endedAt }) => (at > to ? Math.min(first, endedAt) : first),
    Number.POSITIVE_INFINITY,
  )
  return { released: waited.length, overtaken: waited.filter(({ endedAt }) => endedAt > fresh + slack).length }
}

export function findRefusals({ connects, downs, bins }: Observations): readonly RefusedSpan[] {
  const found: RefusedSpan[] = []
  let run: ConnectSeen[] = []
  const close = (nextOpen: number | undefined) => {
    const [first, last] = [run[0], run.at(-1)]
    if (first !== undefined && last !== undefined && run.length >= leastRefused) {
      const to = nextOpen ?? last.at + last.ms
      const isSilent = bins.sum('heard', first.at + bins.widthMs, last.at - bins.widthMs) <= run.length / 4
      if (last.at - first.at >= leastRefusalMs && (isSilent || run.length >= manyRefused))
        found.push(refusalOf(first, to, run.length, downs))
    }
    run = []
  }
  for (const connect of connects) {
    if (connect.result === 'refused') run.push(connect)
    else if (connect.result === 'open') close(connect.at)
  }
  close(undefined)
  return found
}

function refusalOf(first: ConnectSeen, to: number, refused: number, downs: readonly DownSeen[]): RefusedSpan {
  const cuts = itemsBetween(downs, first.at - leadMs, first.at + 50)
  return { from: cuts[0]?.at ?? first.at, to, refused, cut: cuts.length }
}

/** The interval that shares most with `from` … `to`, of a list of intervals in order of time that do not overlap. */
export function mostOverlapping<Item extends { readonly from: number; readonly to: number }>(
  items: readonly Item[],
  from: number,
  to: number,
): { readonly item: Item; readonly ms: number } | undefined {
  let best: { item: Item; ms: number } | undefined
  for (let index = firstEndingAfter(items, from); index < items.length; index++) {
    const item = items[index] as Item
    if (item.from >= to) break
    const ms = overlap(item.from, item.to, from, to)
    if (ms > (best?.ms ?? 0)) best = { item, ms }
  }
  return best
}

function firstEndingAfter(items: readonly { readonly to: number }[], at: number): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle] as { to: number }).to <= at) low = middle + 1
    else high = middle
  }
  return low
}
