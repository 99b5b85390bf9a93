// The run while it runs: lines redrawn in a terminal, or one plain line every few seconds where there is none.

import { formatDuration } from '../base/units.js'
import type { Outcomes } from '../measure/result.js'
import { outcomes } from '../measure/sample.js'
import { formatCount, formatMs, formatRate, formatShare, shareWithoutAnswer } from './layout/figures.js'

/** What a running run can say at no cost. */
export interface LiveSnapshot {
  /** Milliseconds since the load began, and how long it lasts by plan. */
  readonly elapsedMs: number
  readonly durationMs: number
  readonly offered: number
  readonly outcomes: Outcomes
  readonly timely: number
  readonly inFlight: number
  /** Arrivals per second that the plan asks for now, and transactions that ended per second of late. */
  readonly offeredRate: number
  readonly perSecond: number
  /** Of the response time, in ms. */
  readonly p50: number | null
  readonly p99: number | null
}

/** One line without control characters: for logs and CI. */
export function liveLine(live: LiveSnapshot): string {
  const counts = outcomes.filter((outcome) => live.outcomes[outcome] > 0)
  return [
    progress(live),
    `offered ${formatCount(live.offered)} (${formatRate(live.offeredRate)})`,
    ...counts.map((outcome) => `${outcome} ${formatCount(live.outcomes[outcome])}`),
    `in flight ${formatCount(live.inFlight)}`,
    `p50 ${formatMs(live.p50)}`,
    `p99 ${formatMs(live.p99)}`,
  ].join('  ')
}

/** Lines of the view in a terminal, each cut to `columns`. */
export function liveView(live: LiveSnapshot, columns: number): readonly string[] {
  const lost = formatShare(shareWithoutAnswer(live.offered, live.outcomes))
  const counts = outcomes.map((outcome) => `${outcome} ${formatCount(live.outcomes[outcome])}`)
  const ended = outcomes.reduce((sum, outcome) => sum + live.outcomes[outcome], 0)
  const lines = [
    `${bar(live, 24)} ${progress(live)}  asked ${formatRate(live.offeredRate)}  ended ${formatRate(live.perSecond)}  in flight ${formatCount(live.inFlight)}`,
    `offered ${formatCount(live.offered)}  ${counts.join('  ')}  failed+unsent ${lost}`,
    `response time p50 ${formatMs(live.p50)}  p99 ${formatMs(live.p99)}  timely ${formatShare(ended === 0 ? null : live.timely / ended)}`,
  ]
  return lines.map((line) => (line.length > columns ? `${line.slice(0, Math.max(0, columns - 1))}…` : line))
}

function progress({ elapsedMs, durationMs }: LiveSnapshot): string {
  return `${formatDuration(Math.floor(elapsedMs / 1000) * 1000)}/${formatDuration(durationMs)}${elapsedMs > durationMs ? ' draining' : ''}`
}

function bar({ elapsedMs, durationMs }: LiveSnapshot, width: number): string {
  const share = durationMs === 0 ? 1 : Math.min(1, elapsedMs / durationMs)
  const full = Math.round(share * width)
  return `[${'='.repeat(full)}${' '.repeat(width - full)}]`
}
