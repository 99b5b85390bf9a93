// The figures that a comparison judges: the family over which it controls false alarms.

import type { Result } from '../result.js'

export const comparedFigures = [
  'responseTime.p50',
  'responseTime.p90',
  'responseTime.p99',
  'responseTime.p999',
  'timelyRate',
  'failedAndUnsent',
  'throughput.answeredPerSecond',
] as const
export type ComparedFigure = (typeof comparedFigures)[number]

/** Shares are compared by their difference, everything else by its ratio. */
export const isShare = (figure: ComparedFigure) => figure === 'timelyRate' || figure === 'failedAndUnsent'

/** The direction in which a figure is worse: 1 where more of it is. */
export const worseSign = (figure: ComparedFigure) =>
  figure === 'timelyRate' || figure === 'throughput.answeredPerSecond' ? -1 : 1

/** A figure of a run; null where it is not known. */
export function figureOf(result: Result, figure: ComparedFigure): number | null {
  const { responseTime, timeliness, throughput, outcomes, offered } = result
  const values: Readonly<Record<ComparedFigure, number | null>> = {
    'responseTime.p50': responseTime.p50,
    'responseTime.p90': responseTime.p90,
    'responseTime.p99': responseTime.p99,
    'responseTime.p999': responseTime.p999,
    timelyRate: timeliness.timelyRate,
    failedAndUnsent: offered === 0 ? null : (outcomes.failed + outcomes.unsent) / offered,
    'throughput.answeredPerSecond': throughput.answeredPerSecond,
  }
  return values[figure]
}

/** On which a difference is a change: the logarithm of a ratio, or the share itself. */
export const scaled = (figure: ComparedFigure, value: number) => (isShare(figure) ? value : Math.log(value))
