// The whole load of a run, laid out in time before it starts: which phase runs when, and every open arrival in order.

import { UsageError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import { type Share, wholeShare } from '../base/share.js'
import { type Arrivals, evenArrivals, everyNth, type LinearRate, poissonShare, rateAt } from './arrivals.js'
import type { PhaseOptions } from './options.js'

/** Instants are milliseconds from the start of the load. */
interface Placed {
  /** Unique in the plan: `1 ramp 10-500/s`. */
  readonly name: string
  readonly merchant: string | undefined
  readonly startMs: number
  readonly endMs: number
}

/** Arrivals come by their own law, whether or not answers do. */
export interface OpenPhase extends Placed {
  readonly kind: 'open'
  readonly rate: LinearRate
  readonly arrivals: 'constant' | 'poisson'
  /** Instead of `rate`: when which message comes, as it was recorded, by offsets from the start of the phase. */
  readonly recorded?: readonly RecordedArrival[]
}

/** A request of a recording: milliseconds from its first one, and the name of the message. In order of time. */
export interface RecordedArrival {
  readonly offset: number
  readonly message: string
}

/** The recordings by the name of their file. */
export type Recordings = ReadonlyMap<string, readonly RecordedArrival[]>

/** A number of terminals, each with its next card `thinkMs` after the last answer. */
export interface ClosedPhase extends Placed {
  readonly kind: 'closed'
  readonly terminals: number
  readonly thinkMs: number
}

export type Phase = OpenPhase | ClosedPhase

export interface PlannedArrival {
  /** Milliseconds from the start of the load. */
  readonly offset: number
  readonly phase: string
  readonly merchant?: string
  /** The message that was recorded; left out: as the mix says. */
  readonly message?: string
}

export interface LoadPlan {
  readonly phases: readonly Phase[]
  readonly durationMs: number
  /** Every open arrival of the plan in order of time, from the first; each call starts anew with the same times. */
  arrivals(): { next(): PlannedArrival | undefined }
  /** The open arrivals per second that the plan asks for at that offset. */
  offeredRateAt(offsetMs: number): number
}

/**
 * Lays the phases out one after another; one with `during: true` starts together with the one before it, and the
 * next in line waits for all of them. Throws UsageError when the first phase is to run `during` another.
 */
export function planLoad(
  load: readonly PhaseOptions[],
  random: Random,
  share: Share = wholeShare,
  recordings: Recordings = new Map(),
): LoadPlan {
  const phases = placePhases(load, share, recordings)
  const open = phases.filter((phase) => phase.kind === 'open')
  return {
    phases,
    durationMs: phases.reduce((end, phase) => Math.max(end, phase.endMs), 0),
    arrivals: () => mergeArrivals(open, random, share),
    offeredRateAt: (offset) =>
      open.reduce((sum, { rate, startMs }) => sum + rateAt(rate, offset - startMs), 0) / share.of,
  }
}

/** The open arrivals of a plan; walks over all of them. */
export function countArrivals(plan: LoadPlan): number {
  const arrivals = plan.arrivals()
  let count = 0
  while (arrivals.next() !== undefined) count++
  return count
}

function placePhases(load: readonly PhaseOptions[], share: Share, recordings: Recordings): Phase[] {
  const phases: Phase[] = []
  let startMs = 0
  let endMs = 0
  load.forEach((options, index) => {
    if (options.during === true && index === 0) {
      throw new UsageError('nothing comes before the first phase: remove it', { where: 'load[0].during' })
    }
    if (options.during !== true) startMs = endMs
    const phase = placePhase(options, { number: index + 1, startMs, share, recordings })
    phases.push(phase)
    endMs = Math.max(endMs, phase.endMs)
  })
  return phases
}

interface Place {
  readonly number: number
  readonly startMs: number
  readonly share: Share
  readonly recordings: Recordings
}

function placePhase(options: PhaseOptions, at: Place): Phase {
  const { number, startMs, share } = at
  const placed = { merchant: options.merchant, startMs }
  if ('ramp' in options) {
    const { from, to, over, arrivals } = options.ramp
    const name = `${number} ramp ${rateText(from)}-${rateText(to)}/s`
    return { kind: 'open', ...placed, name, endMs: startMs + over, rate: { from, to, overMs: over }, arrivals }
  }
  if ('hold' in options) {
    const { rate, for: overMs, arrivals } = options.hold
    const name = `${number} hold ${rateText(rate)}/s`
    return {
      kind: 'open',
      ...placed,
      name,
      endMs: startMs + overMs,
      rate: { from: rate, to: rate, overMs },
      arrivals,
    }
  }
  if ('replay' in options) return placeReplay(options, placed, at)
  const { terminals, for: overMs, think } = options.concurrency
  const name = `${number} concurrency ${terminals}`
  const mine = Math.floor(terminals / share.of) + (share.index < terminals % share.of ? 1 : 0)
  return { kind: 'closed', ...placed, name, endMs: startMs + overMs, terminals: mine, thinkMs: think }
}

function placeReplay(
  { replay, speed }: Extract<PhaseOptions, { replay: string }>,
  placed: Pick<Placed, 'merchant' | 'startMs'>,
  { number, startMs, recordings }: Place,
): OpenPhase {
  const recorded = (recordings.get(replay) ?? []).map((each) => ({ ...each, offset: each.offset / speed }))
  const overMs = (recorded.at(-1)?.offset ?? 0) + 1
  const perSecond = (recorded.length * 1000) / overMs
  return {
    kind: 'open',
    ...placed,
    name: `${number} replay`,
    endMs: startMs + overMs,
    rate: { from: perSecond, to: perSecond, overMs },
    arrivals: 'constant',
    recorded,
  }
}

const rateText = (perSecond: number) => String(Number(perSecond.toPrecision(4)))

/** A phase under way, and its next arrival. */
interface Head {
  readonly phase: OpenPhase
  readonly arrivals: Arrivals
  offset: number
  /** Arrivals of the whole phase before this one. */
  count: number
}

/**
 * The arrivals of a share: of every phase each `of`-th. Only the phases that have begun take part in a comparison, so
 * that a long list of phases costs nothing.
 */
function mergeArrivals(
  phases: readonly OpenPhase[],
  random: Random,
  share: Share,
): { next(): PlannedArrival | undefined } {
  const waiting = [...phases].sort((a, b) => a.startMs - b.startMs)
  const active: Head[] = []

  const earliest = () => {
    let first: Head | undefined
    for (const head of active) if (first === undefined || head.offset < first.offset) first = head
    return first
  }
  const begin = () => {
    for (let phase = waiting[0]; phase !== undefined; phase = waiting[0]) {
      if (phase.startMs > (earliest()?.offset ?? phase.startMs)) return
      waiting.shift()
      const head: Head = { phase, arrivals: arrivalsOf(phase, random, share), offset: 0, count: share.index - share.of }
      if (advance(head, share)) active.push(head)
    }
  }

  return {
    next() {
      begin()
      const head = earliest()
      if (head === undefined) return undefined
      const { name, merchant, recorded } = head.phase
      const message = recorded?.[head.count]?.message
      const arrival = {
        offset: head.offset,
        phase: name,
        ...(merchant !== undefined && { merchant }),
        ...(message !== undefined && { message }),
      }
      if (!advance(head, share)) active.splice(active.indexOf(head), 1)
      return arrival
    },
  }
}

/** Moves a phase to its next arrival. False when there is none. */
function advance(head: Head, { of }: Share): boolean {
  const offset = head.arrivals.next()
  if (offset === undefined) return false
  head.offset = head.phase.startMs + offset
  head.count += of
  return true
}

function arrivalsOf(phase: OpenPhase, random: Random, share: Share): Arrivals {
  const { recorded, rate } = phase
  if (recorded !== undefined) {
    let next = 0
    return everyNth({ next: () => recorded[next++]?.offset }, share)
  }
  return phase.arrivals === 'poisson' ? poissonShare(rate, random.fork(phase.name), share) : evenArrivals(rate, share)
}
