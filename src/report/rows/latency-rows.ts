// The rows that the text and the Markdown report share: latencies, breakdowns, response codes, thresholds.

import type { BreakdownRow, Distribution, Result } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import { formatCount, formatMs } from '../layout/figures.js'
import type { Row } from '../layout/table.js'
import { formatActual } from './thresholds.js'

export const latencyHead: Row = ['', 'count', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max']

/** One row per kind of time that was measured at all; response and service time always. */
export function latencyRows(result: Result): readonly Row[] {
  const rows: readonly (readonly [string, Distribution | null])[] = [
    ['response time', result.responseTime],
    ['service time', result.serviceTime],
    ['echo time', result.echoTime],
    ['connect time', result.connectTime],
    ['time to funds', result.timeToFunds],
  ]
  return rows.flatMap(([name, times], index) =>
    times === null || (index > 1 && times.count === 0) ? [] : [[name, formatCount(times.count), ...quantiles(times)]],
  )
}

function quantiles(times: Distribution): readonly string[] {
  return [times.p50, times.p90, times.p95, times.p99, times.p999, times.p9999, times.max].map(formatMs)
}

export const breakdownHead: Row = ['offered', ...outcomes, 'p50', 'p99', 'max']

/** One row per type, phase, merchant or target. */
export function breakdownRows(rows: Readonly<Record<string, BreakdownRow>>): readonly Row[] {
  return Object.entries(rows).map(([name, { offered, outcomes: counts, responseTime }]) => [
    name,
    formatCount(offered),
    ...outcomes.map((outcome) => formatCount(counts[outcome])),
    ...[responseTime.p50, responseTime.p99, responseTime.max].map(formatMs),
  ])
}

export const thresholdHead: Row = ['threshold', 'actual', 'met']

export function thresholdRows(result: Result): readonly Row[] {
  return result.thresholds.map((row) => [row.expression, formatActual(row), row.met ? 'met' : 'NOT MET'])
}

/** `00: 120, 51: 3`, most frequent first. */
export function formatCounts(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a)
  return entries.map(([name, count]) => `${name}: ${formatCount(count)}`).join(', ')
}
