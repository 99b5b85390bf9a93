// The state of a live host, over a sliding window: is it good, and if not, is it the network or the host? Pure.

import { type DialSeen, isTimelyProbe, type LossSeen, type ProbeSeen, probeMs, type WatchWindow } from './probes.js'
import { type HostTrouble, troubleOf } from './trouble.js'

export interface WatchLimits {
  readonly windowMs: number
  /** An answer within this is timely. */
  readonly timelyMs: number
  readonly timeoutMs: number
  /** Share of timely probes below which the state is bad. */
  readonly timelyRate: number
}

/** `starting`: nothing is known yet. */
export type WatchVerdict = 'starting' | 'good' | 'bad'

export interface WatchState {
  readonly verdict: WatchVerdict
  readonly probes: number
  readonly timely: number
  readonly timelyRate: number | null
  /** Medians over the window, in ms. */
  readonly connectMs: number | null
  readonly echoMs: number | null
  readonly answerMs: number | null
  readonly failedConnects: number
  readonly lostConnections: number
  /** Response codes of the window to their count. */
  readonly codes: Readonly<Record<string, number>>
  /** It was late again and again, each time only for a while: how often, and the middle of the times between; null: it was not. */
  readonly recurring: { readonly times: number; readonly everyMs: number } | null
  /** The trouble of the untimely probes in the window; null while there are none. */
  readonly trouble: HostTrouble | null
}

/** One late probe is no state: from so many on it is. So many of each kind are judged at least. */
const leastUntimely = 2
/** Windows that a host is remembered for, and times in them at which it was late, each with a timely answer before the next. */
const rememberedWindows = 12
const recurringTimes = 3
/** Times that are kept. */
const maxTimes = 64
/** Events of one kind in the window: more than the highest rate and the longest window give. */
const maxEvents = 10_000

export class WatchedHost {
  readonly #limits: WatchLimits
  #probes: ProbeSeen[] = []
  #dials: DialSeen[] = []
  #losses: LossSeen[] = []
  /** When it began to be late, each time anew, and whether the last probe was. */
  #lateAt: number[] = []
  #isLate = false
  /** A probe was timely once. */
  #hasWorked = false
  #trouble: HostTrouble | null = null

  constructor(limits: WatchLimits) {
    this.#limits = limits
  }

  probe(probe: ProbeSeen): void {
    push(this.#probes, probe)
    const isLate = !isTimelyProbe(probe, this.#limits.timelyMs)
    if (isLate && !this.#isLate) this.#lateAt = [...this.#lateAt, probe.at].slice(-maxTimes)
    this.#isLate = isLate
    this.#hasWorked ||= !isLate
  }

  dial(dial: DialSeen): void {
    push(this.#dials, dial)
  }

  loss(loss: LossSeen): void {
    push(this.#losses, loss)
  }

  /** `isLast`: there will be no more probes, so that what is there decides. */
  at(now: number, isLast = false): WatchState {
    const from = now - this.#limits.windowMs
    const inWindow = ({ at }: { readonly at: number }) => at >= from
    const latest = latestOfEachKind(this.#probes)
    this.#probes = this.#probes.filter((probe) => inWindow(probe) || latest.has(probe))
    this.#losses = this.#losses.filter(inWindow)
    // The last one stays: how connecting is does not change because nobody tried.
    this.#dials = [...this.#dials.slice(0, -1).filter(inWindow), ...this.#dials.slice(-1)]
    this.#lateAt = this.#lateAt.filter((at) => at >= now - rememberedWindows * this.#limits.windowMs)
    const lateAt = this.#lateAt.length >= recurringTimes ? this.#lateAt : []
    const window = { probes: this.#probes, dials: this.#dials, losses: this.#losses }
    const state = stateOf(window, this.#limits, { isLast, lateAt, hasWorked: this.#hasWorked })
    // Between two of its bad times a host shows nothing: what was the matter then still is.
    this.#trouble = state.trouble ?? (lateAt.length > 0 ? this.#trouble : null)
    return { ...state, trouble: this.#trouble }
  }
}

/** They stay however short the window is: a probe that waits for its timeout may be older than that when it ends. */
function latestOfEachKind(probes: readonly ProbeSeen[]): ReadonlySet<ProbeSeen> {
  const latest = (kind: ProbeSeen['kind']) => probes.filter((probe) => probe.kind === kind).slice(-leastUntimely)
  return new Set([...latest('echo'), ...latest('balance')])
}

function push<Item>(items: Item[], item: Item): void {
  items.push(item)
  if (items.length > maxEvents) items.shift()
}

function stateOf(
  window: WatchWindow,
  limits: WatchLimits,
  {
    isLast,
    lateAt,
    hasWorked,
  }: { readonly isLast: boolean; readonly lateAt: readonly number[]; readonly hasWorked: boolean },
): WatchState {
  const { probes, dials, losses } = window
  const timely = probes.filter((probe) => isTimelyProbe(probe, limits.timelyMs)).length
  const timelyRate = probes.length === 0 ? null : timely / probes.length
  const answered = probes.filter((probe) => probe.answered)
  return {
    verdict: lateAt.length > 0 ? 'bad' : verdictOf({ probes: probes.length, timely, isLast }, limits),
    recurring: recurringOf(lateAt),
    ...{ probes: probes.length, timely, timelyRate },
    connectMs: median(dials.filter(({ result }) => result === 'open').map(({ ms }) => ms)),
    echoMs: median(answered.filter(({ kind }) => kind === 'echo').map(probeMs)),
    answerMs: median(answered.filter(({ kind }) => kind === 'balance').map(probeMs)),
    failedConnects: dials.filter(({ result }) => result !== 'open').length,
    lostConnections: losses.length,
    codes: countCodes(probes),
    trouble: troubleOf(window, limits, hasWorked) ?? null,
  }
}

function recurringOf(lateAt: readonly number[]): WatchState['recurring'] {
  const between = lateAt.slice(1).map((at, index) => at - (lateAt[index] as number))
  const everyMs = median(between)
  return everyMs === null ? null : { times: lateAt.length, everyMs }
}

function verdictOf(
  { probes, timely, isLast }: { probes: number; timely: number; isLast: boolean },
  { timelyRate }: WatchLimits,
): WatchVerdict {
  const untimely = probes - timely
  const decides = untimely >= leastUntimely || (isLast && timely === 0)
  if (decides && (probes === 0 || timely / probes < timelyRate)) return 'bad'
  return timely === 0 ? 'starting' : 'good'
}

function countCodes(probes: readonly ProbeSeen[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of probes) if (code !== undefined) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** To the microsecond. */
function median(values: readonly number[]): number | null {
  const value = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
  return value === undefined ? null : Math.round(value * 1000) / 1000
}
