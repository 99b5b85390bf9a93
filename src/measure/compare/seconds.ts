// A run as seconds to draw from: its response times, and how many transactions were timely, answered or lost in each.

import type { IntervalValues } from '../latency/interval-log.js'
import type { TimelineRow } from '../result.js'

/** Seconds of one unit at least, so that a long run costs no more than a short one. */
const mostUnits = 300

/** One unit: a second, or some of them in a long run. */
export interface TimeBlock {
  readonly seconds: number
  readonly offered: number
  readonly timely: number
  readonly answered: number
  readonly lost: number
  /** Whether a fault was at work in it. */
  readonly faulty: boolean
  /** The median of its response times in ms; null where there are none. */
  readonly p50: number | null
  /** Places in `Series.ms`, and how often each occurs. */
  readonly places: readonly number[]
  readonly counts: readonly number[]
}

export interface Series {
  readonly units: readonly TimeBlock[]
  /** Every response time that occurs, rising. */
  readonly ms: readonly number[]
}

export function seriesOf(timeline: readonly TimelineRow[], intervals: readonly IntervalValues[]): Series {
  const ms = [...new Set(intervals.flatMap((interval) => [...interval.ms]))].sort((a, b) => a - b)
  const placeOf = new Map(ms.map((value, place) => [value, place]))
  const bySecond = new Map(intervals.map((interval) => [interval.atSecond, interval]))
  const size = Math.ceil(timeline.length / mostUnits)
  const groups = Array.from({ length: Math.ceil(timeline.length / Math.max(1, size)) }, (_, index) =>
    timeline.slice(index * size, (index + 1) * size),
  )
  return { ms, units: groups.map((rows) => unitOf(rows, bySecond, placeOf)) }
}

function unitOf(
  rows: readonly TimelineRow[],
  bySecond: ReadonlyMap<number, IntervalValues>,
  placeOf: ReadonlyMap<number, number>,
): TimeBlock {
  const total = (value: (row: TimelineRow) => number) => rows.reduce((sum, row) => sum + value(row), 0)
  const counted = new Map<number, number>()
  for (const { atSecond } of rows) {
    const interval = bySecond.get(atSecond)
    interval?.ms.forEach((value, index) => {
      const place = placeOf.get(value) as number
      counted.set(place, (counted.get(place) ?? 0) + (interval.counts[index] as number))
    })
  }
  return {
    seconds: total(({ seconds = 1 }) => seconds),
    offered: total(({ offered }) => offered),
    timely: total(({ timely }) => timely),
    answered: total(({ approved, declined }) => approved + declined),
    lost: total(({ failed, unsent }) => failed + unsent),
    faulty: rows.some(({ faults }) => faults.length > 0),
    p50: rows[0]?.p50 ?? null,
    places: [...counted.keys()],
    counts: [...counted.values()],
  }
}
