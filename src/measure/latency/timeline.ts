// The run second by second. Everything is counted in the second in which it was *meant* to happen, so that a stall
// shows where it began. Memory is bounded: a run too long for its rows gets rows of 2, 4, 8 … seconds.

import { type Slices, sliced } from '../../base/slices.js'
import type { Outcomes } from '../result.js'
import { type Outcome, outcomes } from '../sample.js'
import type { CountedTime } from './histogram.js'
import { createIntervalStore, emptyInterval, type Interval, type PackedInterval } from './interval-store.js'

/** One hour of seconds; about 15 MB of packed histograms at the most, and a result of under 1 MB. Even. */
export const maxTimelineRows = 3600

/** The kinds of time that have a histogram for every interval. */
export const intervalKinds = ['response', 'service', 'echo', 'lag'] as const
export type IntervalKind = (typeof intervalKinds)[number]

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
  readonly intervals: Readonly<Record<IntervalKind, PackedInterval | undefined>>
}

/** Offsets are milliseconds since the start of the run. */
export interface Timeline {
  /** `times` left out: once. */
  count(offsetMs: number, outcome: Outcome, isTimely: boolean, times?: number): void
  time(offsetMs: number, kind: IntervalKind, value: CountedTime, times?: number): void
  /** So many are under way from now on. */
  inFlight(offsetMs: number, count: number): void
  entries(): TimelineEntry[]
  /** Adds the rows of another worker of the same run, or, `isSame`, of the same one: what it had under way is no sum then. In slices. */
  adding(entries: readonly TimelineEntry[], isSame?: boolean): Slices<void>
  destroy(): void
}

interface Row {
  readonly atSecond: number
  seconds: number
  readonly outcomes: Outcomes
  timely: number
  /** The most that one worker had under way. */
  largest: number
  inFlightAtStart: number
  inFlightAtMost: number
  readonly intervals: Readonly<Record<IntervalKind, Interval>>
}

export const noOutcomes = (): Outcomes => ({ approved: 0, declined: 0, timedOut: 0, failed: 0, unsent: 0 })

/**
 * `firstSecond` is the row it begins with: the end of the warm-up. `maxRows` is even. `isPiece`: it begins with whatever comes first,
 * because it holds a second or two out of a long run.
 */
export function createTimeline(firstSecond: number, maxRows = maxTimelineRows, isPiece = false): Timeline {
  const store = createIntervalStore()
  const rows: Row[] = []
  let width = 1
  let nextSecond = firstSecond
  /** Rows of the last width that have been joined in pairs; all of them when it is half of the rows. */
  let joined = maxRows / 2
  let underWay = 0
  let last: Row | undefined

  // Each new row beyond the limit is paid for by joining one pair of old ones: never a pause to join thousands.
  const joinPair = () => {
    if (joined === maxRows / 2) {
      width *= 2
      joined = 0
    }
    const [into, from] = [rows[joined] as Row, rows[joined + 1] as Row]
    into.seconds += from.seconds
    into.largest = Math.max(into.largest, from.largest)
    into.inFlightAtStart = Math.max(into.inFlightAtStart, from.inFlightAtStart)
    into.inFlightAtMost = Math.max(into.inFlightAtMost, from.inFlightAtMost)
    addCounts(into, from)
    for (const kind of intervalKinds) store.merge(into.intervals[kind], from.intervals[kind])
    rows.splice(++joined, 1)
    last = undefined
  }
  const append = () => {
    if (rows.length >= maxRows) joinPair()
    rows.push(newRow(nextSecond, width, underWay))
    nextSecond += width
  }
  const reachBack = (second: number) => {
    if (rows.length === 0) nextSecond = second
    for (let first = rows[0]; first !== undefined && second < first.atSecond; first = rows[0])
      rows.unshift(newRow(first.atSecond - 1, 1, 0))
  }
  const rowAt = (offsetMs: number): Row => {
    const second = Math.max(firstSecond, Math.floor(offsetMs / 1000))
    if (last !== undefined && second >= last.atSecond && second < last.atSecond + last.seconds) return last
    if (isPiece) reachBack(second)
    while (second >= nextSecond) append()
    last = rowOf(rows, second)
    return last
  }

  return {
    count(offsetMs, outcome, isTimely, times = 1) {
      const row = rowAt(offsetMs)
      row.outcomes[outcome] += times
      if (isTimely) row.timely += times
    },
    time(offsetMs, kind, value, times = 1) {
      store.record(rowAt(offsetMs).intervals[kind], value, times)
    },
    inFlight(offsetMs, count) {
      const row = rowAt(offsetMs)
      if (count > row.largest) row.largest = row.inFlightAtMost = count
      underWay = count
    },
    entries: () =>
      rows.map(({ intervals, largest, ...row }) => ({
        ...row,
        inFlight: Math.max(largest, row.inFlightAtStart),
        outcomes: { ...row.outcomes },
        intervals: eachKind((kind) => store.pack(intervals[kind])),
      })),
    *adding(entries, isSame = false) {
      // All rows first: joining them while they are filled would move what was just added.
      for (const end of entries.slice(-1)) rowAt((end.atSecond + end.seconds - 1) * 1000)
      const add = (entry: TimelineEntry) => {
        const row = rowAt(entry.atSecond * 1000)
        addEntry(row, entry, isSame)
        for (const kind of intervalKinds) store.add(row.intervals[kind], entry.intervals[kind])
      }
      yield* sliced(entries, add, 8)
    },
    destroy: store.destroy,
  }
}

const newRow = (atSecond: number, seconds: number, inFlight: number): Row => ({
  atSecond,
  seconds,
  outcomes: noOutcomes(),
  timely: 0,
  largest: inFlight,
  inFlightAtStart: inFlight,
  inFlightAtMost: inFlight,
  intervals: eachKind(emptyInterval),
})

function eachKind<Value>(make: (kind: IntervalKind) => Value): Record<IntervalKind, Value> {
  return { response: make('response'), service: make('service'), echo: make('echo'), lag: make('lag') }
}

function addCounts(into: Pick<Row, 'outcomes' | 'timely'>, from: Pick<TimelineEntry, 'outcomes' | 'timely'>): void {
  for (const outcome of outcomes) into.outcomes[outcome] += from.outcomes[outcome]
  into.timely += from.timely
}

/** Its counts; `isSame`: of the same worker, whose transactions under way are no sum. */
function addEntry(row: Row, entry: TimelineEntry, isSame: boolean): void {
  addCounts(row, entry)
  row.largest = Math.max(row.largest, entry.inFlight)
  const join = isSame ? Math.max : (one: number, other: number) => one + other
  row.inFlightAtStart = join(row.inFlightAtStart, entry.inFlightAtStart)
  row.inFlightAtMost = join(row.inFlightAtMost, entry.inFlightAtMost)
}

/** Binary search: rows touch each other and cover `second`. */
function rowOf(rows: readonly Row[], second: number): Row {
  let [low, high] = [0, rows.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((rows[middle] as Row).atSecond <= second) low = middle
    else high = middle - 1
  }
  return rows[low] as Row
}
