// Benchmark JSON as github-action-benchmark reads it (`customSmallerIsBetter`): only figures of which less is better.

import type { Result } from '../measure/result.js'
import { listFigures } from './figures-list.js'

const names: readonly string[] = ['responseTime.p50', 'responseTime.p90', 'responseTime.p99', 'responseTime.p999']

/** `[ { name, unit, value, extra } ]`. */
export function printBenchmark(result: Result): string {
  const { scenario, tool } = result
  const extra = `seed ${scenario.seed}, ${scenario.clock} time, scenario ${scenario.sha256.slice(0, 12)}, isochron ${tool.version}`
  const times = listFigures(result).filter(({ name }) => names.includes(name))
  const late = result.timeliness.timelyRate
  const lost = listFigures(result).find(({ name }) => name === 'failedAndUnsent')
  const rows = [
    ...times.map(({ name, value }) => ({ name, unit: 'ms', value })),
    ...(late === null ? [] : [{ name: 'not timely', unit: '%', value: percent(1 - late) }]),
    ...(lost === undefined ? [] : [{ name: 'failed and unsent', unit: '%', value: percent(lost.value) }]),
  ]
  return `${JSON.stringify(
    rows.map(({ name, ...row }) => ({ name: `${scenario.name}: ${name}`, ...row, extra })),
    undefined,
    2,
  )}\n`
}

const percent = (share: number) => Number((share * 100).toFixed(4))
