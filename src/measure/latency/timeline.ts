// The run second by second. Everything is counted in the second in which it was *meant* to happen, so that a stall
// shows where it began. Memory is bounded: a run too long for its rows gets rows of 2, 4, 8 … seconds.

import { type Slices, sliced } from '../../base/slices.js'
import type { Outcome } from '../sample.js'
import type { CountedTime } from './histogram.js'
import { emptyEntry, type IntervalKind, type OpenRow, type TimelineEntry } from './timeline-row.js'
import { TimelineRows } from './timeline-rows.js'

/** One hour of seconds; about 15 MB of packed histograms at the most, and a result of under 1 MB. Even. */
export const maxTimelineRows = 3600

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
}

/**
 * `firstSecond` is the row it begins with: the end of the warm-up. `maxRows` is even. `isPiece`: it begins with whatever comes first,
 * because it holds a second or two out of a long run.
 */
export function createTimeline(firstSecond: number, maxRows = maxTimelineRows, isPiece = false): Timeline {
  const rows = new TimelineRows()
  let width = 1
  let nextSecond = firstSecond
  /** Rows of the last width that have been joined in pairs; all of them when it is half of the rows. */
  let joined = maxRows / 2
  let underWay = 0
  let last: OpenRow | undefined

  // Each new row beyond the limit is paid for by joining one pair of old ones: never a pause to join thousands.
  const joinPair = () => {
    if (joined === maxRows / 2) {
      width *= 2
      joined = 0
    }
    rows.joinAt(joined++)
  }
  const append = () => {
    if (rows.length >= maxRows) joinPair()
    rows.push(emptyEntry(nextSecond, width, underWay))
    nextSecond += width
  }
  const reachBack = (second: number) => {
    if (rows.length === 0) nextSecond = second
    for (let first = rows.firstSecond; first !== undefined && second < first; first = rows.firstSecond)
      rows.unshift(emptyEntry(first - 1, 1, 0))
  }
  const rowAt = (offsetMs: number): OpenRow => {
    const second = Math.max(firstSecond, Math.floor(offsetMs / 1000))
    if (last !== undefined && second >= last.atSecond && second < last.atSecond + last.seconds) return last
    if (isPiece) reachBack(second)
    while (second >= nextSecond) append()
    last = rows.open(second)
    return last
  }

  return {
    count: (offsetMs, outcome, isTimely, times = 1) => rowAt(offsetMs).count(outcome, isTimely, times),
    time: (offsetMs, kind, value, times = 1) => rowAt(offsetMs).time(kind, value, times),
    inFlight(offsetMs, count) {
      rowAt(offsetMs).inFlight(count)
      underWay = count
    },
    entries: () => rows.entries(),
    *adding(entries, isSame = false) {
      // All rows first: joining them while they are filled would move what was just added.
      for (const end of entries.slice(-1)) rowAt((end.atSecond + end.seconds - 1) * 1000)
      yield* sliced(entries, (entry) => rowAt(entry.atSecond * 1000).add(entry, isSame), 8)
    },
  }
}
