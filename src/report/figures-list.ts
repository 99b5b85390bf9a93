// The figures of a run as a list with names and units, for programs: OpenMetrics, CSV, benchmark JSON.

import type { Distribution, Result } from '../measure/result.js'
import { outcomes } from '../measure/sample.js'

export interface ListedFigure {
  /** As a threshold names it: `responseTime.p99`. */
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 'share' | 'count' | 'perSecond' | 'boolean'
  /** Whether less of it is better; undefined where it is neither. */
  readonly lessIsBetter?: boolean
}

const statistics = ['p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'] as const

/** The figures of a result; a figure that is not known is left out. */
export function listFigures(result: Result): readonly ListedFigure[] {
  const { timeliness, throughput, generator, reversals } = result
  const lost = result.outcomes.failed + result.outcomes.unsent
  return [
    figure('offered', result.offered, 'count'),
    ...outcomes.map((outcome) => ({
      name: `outcomes.${outcome}`,
      value: result.outcomes[outcome],
      unit: 'count' as const,
      ...(outcome === 'approved' ? {} : { lessIsBetter: true }),
    })),
    figure('timelyRate', timeliness.timelyRate, 'share', false),
    figure('fundsTimelyRate', timeliness.fundsTimelyRate, 'share', false),
    figure('failedAndUnsent', result.offered === 0 ? null : lost / result.offered, 'share', true),
    figure('throughput.offeredPerSecond', throughput.offeredPerSecond, 'perSecond'),
    figure('throughput.answeredPerSecond', throughput.answeredPerSecond, 'perSecond', false),
    ...(['responseTime', 'serviceTime', 'echoTime', 'connectTime', 'timeToFunds'] as const).flatMap((name) =>
      timesOf(name, result[name]),
    ),
    figure('lateAnswers', result.lateAnswers, 'count', true),
    figure('reversals.pending', reversals?.pending, 'count', true),
    figure('generator.lagMs.p99', generator?.lagMs.p99, 'ms'),
    ...flag('generator.saturated', generator?.saturated),
    ...flag('books.agree', result.books?.agree),
  ].filter((each) => each !== undefined)
}

function timesOf(name: string, times: Distribution | null): readonly (ListedFigure | undefined)[] {
  if (times === null || times.count === 0) return []
  return statistics.map((statistic) => figure(`${name}.${statistic}`, times[statistic], 'ms', true))
}

function figure(
  name: string,
  value: number | null | undefined,
  unit: ListedFigure['unit'],
  lessIsBetter?: boolean,
): ListedFigure | undefined {
  if (value === null || value === undefined) return undefined
  return { name, value, unit, ...(lessIsBetter !== undefined && { lessIsBetter }) }
}

function flag(name: string, value: boolean | null | undefined): readonly ListedFigure[] {
  return value === null || value === undefined ? [] : [{ name, value: value ? 1 : 0, unit: 'boolean' }]
}
