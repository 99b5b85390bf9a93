// metrics.txt: the figures of a run as OpenMetrics, as GitLab's metrics report reads them.

import type { Result } from '../measure/result.js'
import { type ListedFigure, listFigures } from './figures-list.js'

/** Digits that count: GitLab compares values as texts, so noise beyond them would be a change. */
const digits = 3

/** Gauges in base units (seconds, ratios), one a line, `# EOF` at the end. */
export function printOpenMetrics(result: Result): string {
  const lines = listFigures(result).flatMap((figure) => {
    const { name, value, help } = metricOf(figure)
    return [`# TYPE ${name} gauge`, `# HELP ${name} ${help}`, `${name} ${value}`]
  })
  return `${lines.join('\n')}\n# EOF\n`
}

const suffixes: Readonly<Record<ListedFigure['unit'], string>> = {
  ms: '_seconds',
  share: '_ratio',
  count: '',
  perSecond: '_per_second',
  boolean: '',
}

function metricOf({ name, value, unit }: ListedFigure) {
  const words = name
    .replace(/PerSecond$|Rate$|(?:Time|lagMs)(?=\.)/, '')
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toLowerCase()
  const inUnit = unit === 'ms' ? value / 1000 : value
  const exact = unit === 'count' || unit === 'boolean'
  return {
    name: `isochron_${words}${suffixes[unit]}`,
    value: exact ? String(value) : String(Number(inUnit.toPrecision(digits))),
    help: `${name} of the run`,
  }
}
