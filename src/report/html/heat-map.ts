// The interval log as a heat map: how many response times fell into which row of which column.

import type { IntervalValues } from '../../measure/latency/interval-log.js'

/** Rows of a tenfold: each is 21 % higher than the one below. */
export const rowsPerDecade = 12
/** Columns of a page: more seconds than these are joined. */
const mostColumns = 300

export interface HeatMap {
  /** Where the first column begins, and how many seconds each covers. */
  readonly from: number
  readonly seconds: number
  /** Row r holds the times from 10^(r/12) ms on. */
  readonly rowsPerDecade: number
  /** `[column, row, count]`, column by column. */
  readonly cells: readonly (readonly [number, number, number])[]
}

export function heatMap(intervals: readonly IntervalValues[]): HeatMap {
  const from = intervals[0]?.atSecond ?? 0
  const last = intervals.at(-1)
  const whole = last === undefined ? 0 : last.atSecond + last.seconds - from
  const widest = intervals.reduce((most, { seconds }) => Math.max(most, seconds), 1)
  const seconds = Math.max(widest, Math.ceil(whole / mostColumns))
  const columns = new Map<number, Map<number, number>>()
  for (const { atSecond, ms, counts } of intervals) {
    const column = Math.floor((atSecond - from) / seconds)
    const rows = columns.get(column) ?? new Map<number, number>()
    columns.set(column, rows)
    ms.forEach((value, index) => {
      const row = rowOf(value)
      rows.set(row, (rows.get(row) ?? 0) + (counts[index] as number))
    })
  }
  const cells = [...columns].flatMap(([column, rows]) =>
    [...rows].sort(([a], [b]) => a - b).map(([row, count]) => [column, row, count] as const),
  )
  return { from, seconds, rowsPerDecade, cells }
}

/** Times below 10 µs share the lowest row. */
const rowOf = (ms: number) => Math.floor(Math.log10(Math.max(ms, 0.01)) * rowsPerDecade + 1e-9)
