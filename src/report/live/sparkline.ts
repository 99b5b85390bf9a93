// The p99 of the last seconds as a row of bars, with marks under the seconds in which a fault was at work.

import { formatMs } from '../layout/figures.js'

export interface LivePoint {
  /** Null where nothing was answered in that second. */
  readonly p99: number | null
  readonly faulty: boolean
}

const bars = '▁▂▃▄▅▆▇█'
const label = 'p99 '
/** Columns that the scale takes: `  0.35 ms … 12,345 ms`. */
const scaleWidth = 24

/** One row, or two with the marks; none while there is nothing to show. Heights are logarithmic, as latencies are. */
export function sparkLines(points: readonly LivePoint[], columns: number, withFaults: boolean): readonly string[] {
  const room = Math.max(4, columns - label.length - scaleWidth)
  const shown = points.slice(-room)
  const known = shown.flatMap(({ p99 }) => (p99 === null || p99 <= 0 ? [] : [p99]))
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const height = (p99: number) =>
    high <= low ? 0 : Math.floor((Math.log(p99 / low) / Math.log(high / low)) * (bars.length - 1))
  const row = shown.map(({ p99 }) => (p99 === null || p99 <= 0 ? ' ' : (bars[height(p99)] as string))).join('')
  const scale = known.length === 0 ? '' : `  ${formatMs(low)} … ${formatMs(high)}`
  const marks = shown.map(({ faulty }) => (faulty ? '^' : ' ')).join('')
  const line = `${label}${row}${scale}`
  return withFaults ? [line, `${' '.repeat(label.length)}${marks}`.trimEnd()] : [line]
}
