// One row of a timeline: plain data that never changes, or, while it is counted in, an open one. A row may be opened again,
// because an answer may come long after the second it is counted in.

import type { Outcomes } from '../result.js'
import { type Outcome, outcomes } from '../sample.js'
import type { HistogramCounts } from './counts.js'
import type { CountedTime } from './histogram.js'
import { OpenInterval, type PackedInterval } from './interval.js'

/** The kinds of time that have a histogram for every interval. */
export const intervalKinds = ['response', 'service', 'echo', 'lag'] as const
export type IntervalKind = (typeof intervalKinds)[number]

type OfEachKind<Value> = Readonly<Record<IntervalKind, Value>>

/** One row as plain data: may be sent to another thread. */
export interface TimelineEntry {
  /** Since the start of the run. */
  readonly atSecond: number
  /** How many seconds it covers. */
  readonly seconds: number
  readonly outcomes: Outcomes
  readonly timely: number
  /** The most that were under way at once; of several workers, the most that is certain. */
  readonly inFlight: number
  /** Under way when the row began. */
  readonly inFlightAtStart: number
  /** The most of each worker, added up: more than this were never under way at once. */
  readonly inFlightAtMost: number
  readonly intervals: OfEachKind<PackedInterval | undefined>
}

export const noOutcomes = (): Outcomes => ({ approved: 0, declined: 0, timedOut: 0, failed: 0, unsent: 0 })

/** A row in which nothing happened yet; so many are under way when it begins. */
export const emptyEntry = (atSecond: number, seconds: number, inFlight: number): TimelineEntry => ({
  atSecond,
  seconds,
  outcomes: noOutcomes(),
  timely: 0,
  inFlight,
  inFlightAtStart: inFlight,
  inFlightAtMost: inFlight,
  intervals: eachKind(() => undefined),
})

export class OpenRow {
  readonly atSecond: number
  /** When it was last needed, by a count of its owner. */
  usedAt = 0
  seconds: number
  readonly #outcomes: Outcomes
  #timely: number
  #inFlight: number
  #inFlightAtStart: number
  #inFlightAtMost: number
  /** Intervals are opened when something is recorded in them. */
  readonly #packed: Record<IntervalKind, PackedInterval | undefined>
  readonly #open: Record<IntervalKind, OpenInterval | undefined> = eachKind(() => undefined)
  readonly #newCounts: () => HistogramCounts

  /** `newCounts` makes empty ones, or gives those that a row which was closed left. */
  constructor(entry: TimelineEntry, newCounts: () => HistogramCounts) {
    this.atSecond = entry.atSecond
    this.seconds = entry.seconds
    this.#outcomes = { ...entry.outcomes }
    this.#timely = entry.timely
    this.#inFlight = entry.inFlight
    this.#inFlightAtStart = entry.inFlightAtStart
    this.#inFlightAtMost = entry.inFlightAtMost
    this.#packed = { ...entry.intervals }
    this.#newCounts = newCounts
  }

  count(outcome: Outcome, isTimely: boolean, times: number): void {
    this.#outcomes[outcome] += times
    if (isTimely) this.#timely += times
  }

  time(kind: IntervalKind, value: CountedTime, times: number): void {
    this.#opened(kind).record(value, times)
  }

  inFlight(count: number): void {
    if (count > this.#inFlight) this.#inFlight = this.#inFlightAtMost = count
  }

  /**
   * Adds the same seconds of another worker, or, `isSame`, of the same one: what it had under way is no sum then.
   * Throws for a histogram that is damaged.
   */
  add(entry: TimelineEntry, isSame: boolean): void {
    this.#addCounts(entry, isSame ? Math.max : (one, other) => one + other)
    for (const kind of intervalKinds) {
      const other = entry.intervals[kind]
      if (other !== undefined) this.#opened(kind).add(other)
    }
  }

  /** Takes in the row that follows. */
  join(next: TimelineEntry): void {
    this.seconds += next.seconds
    this.#addCounts(next, Math.max)
    for (const kind of intervalKinds) {
      const other = next.intervals[kind]
      if (other === undefined) continue
      if (this.#open[kind] === undefined && this.#packed[kind] === undefined) this.#packed[kind] = other
      else this.#opened(kind).add(other)
    }
  }

  /** All that was counted so far. */
  entry(): TimelineEntry {
    return this.#entry(eachKind((kind) => this.#open[kind]?.packed() ?? this.#packed[kind]))
  }

  /** The same, in the least room; `spare` takes the counts. It must not be used again. */
  close(spare: (counts: HistogramCounts) => void): TimelineEntry {
    const close = (kind: IntervalKind) => {
      const open = this.#open[kind]
      if (open === undefined) return this.#packed[kind]
      const [packed, counts] = open.close()
      spare(counts)
      return packed
    }
    return this.#entry(inOneBuffer(eachKind(close)))
  }

  #entry(intervals: TimelineEntry['intervals']): TimelineEntry {
    return {
      atSecond: this.atSecond,
      seconds: this.seconds,
      outcomes: { ...this.#outcomes },
      timely: this.#timely,
      inFlight: this.#inFlight,
      inFlightAtStart: this.#inFlightAtStart,
      inFlightAtMost: this.#inFlightAtMost,
      intervals,
    }
  }

  #addCounts(entry: TimelineEntry, joined: (one: number, other: number) => number): void {
    for (const outcome of outcomes) this.#outcomes[outcome] += entry.outcomes[outcome]
    this.#timely += entry.timely
    this.#inFlightAtStart = joined(this.#inFlightAtStart, entry.inFlightAtStart)
    this.#inFlightAtMost = joined(this.#inFlightAtMost, entry.inFlightAtMost)
    this.#inFlight = Math.max(this.#inFlight, this.#inFlightAtStart, entry.inFlight)
  }

  #opened(kind: IntervalKind): OpenInterval {
    const open = this.#open[kind]
    if (open !== undefined) return open
    const interval = new OpenInterval(this.#newCounts())
    const packed = this.#packed[kind]
    if (packed !== undefined) interval.add(packed)
    this.#packed[kind] = undefined
    this.#open[kind] = interval
    return interval
  }
}

/** The same intervals with all their bytes in one buffer: each buffer costs some 250 bytes more than it holds. */
function inOneBuffer(intervals: TimelineEntry['intervals']): TimelineEntry['intervals'] {
  const room = new ArrayBuffer(intervalKinds.reduce((sum, kind) => sum + (intervals[kind]?.bytes.length ?? 0), 0))
  let end = 0
  return eachKind((kind) => {
    const interval = intervals[kind]
    if (interval === undefined) return undefined
    const bytes = new Uint8Array(room, end, interval.bytes.length)
    bytes.set(interval.bytes)
    end += bytes.length
    return { bytes, p50: interval.p50, p99: interval.p99, max: interval.max }
  })
}

function eachKind<Value>(make: (kind: IntervalKind) => Value): Record<IntervalKind, Value> {
  return { response: make('response'), service: make('service'), echo: make('echo'), lag: make('lag') }
}
