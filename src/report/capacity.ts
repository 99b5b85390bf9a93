// A search for a host's capacity, as people and spreadsheets read it.

import type { Capacity, CapacityStep } from '../measure/capacity.js'
import { outcomes } from '../measure/sample.js'
import { endingLine, type Screen } from './layout/ending.js'
import { formatCount, formatMs, formatRate, formatShare, unknownMark } from './layout/figures.js'
import { fittedTable, foldLine } from './layout/screen.js'
import type { Language } from './words/language.js'
import { searchLineIn } from './words/search-lines.js'

const head = ['rate', 'p50', 'p99', 'timely', 'offered', 'no answer', 'condition', 'generator']

/** The verdict first, then the curve. */
export function printCapacity(
  { because, condition, keptPerSecond, steps }: Capacity,
  { columns, exit, language = 'en' }: Screen & { readonly exit: number },
): string {
  const say = (text: string) => searchLineIn(language, text)
  const kept = keptPerSecond === null ? unknownMark : formatRate(keptPerSecond)
  const verdict = { passed: exit === 0, reason: say(`capacity ${kept} (${condition})`) }
  const rows = steps.map((step) => row(step).map(say))
  const lines = [say(`CAPACITY ${kept} (${condition})`), say(because), '', ...fittedTable(head.map(say), rows, columns)]
  return `${[...lines.flatMap((line) => foldLine(line, columns)), '', endingLine(verdict, { columns, exit, language })].join('\n')}\n`
}

/** One step in a line. */
export const capacityLine = (step: CapacityStep, language: Language = 'en'): string =>
  row(step)
    .map((cell) => searchLineIn(language, cell))
    .join('  ')

function row({ ratePerSecond, p50, p99, timelyRate, offered, outcomes: counts, kept, saturatedBecause }: CapacityStep) {
  const lost = counts.timedOut + counts.failed + counts.unsent
  return [
    ...[formatRate(ratePerSecond), formatMs(p50), formatMs(p99), formatShare(timelyRate), formatCount(offered)],
    ...[formatCount(lost), kept ? 'kept' : 'missed', saturatedBecause === null ? 'kept up' : 'SATURATED'],
  ]
}

/** capacity.csv, as RFC 4180 has it. */
export function capacityCsv({ steps }: Capacity): string {
  const names = ['ratePerSecond', 'seconds', 'offered', 'p50', 'p99', 'timelyRate', ...outcomes]
  const lines = steps.map((step) =>
    [
      ...[step.ratePerSecond, step.seconds, step.offered, step.p50, step.p99, step.timelyRate],
      ...outcomes.map((outcome) => step.outcomes[outcome]),
      ...[step.terminalBusy, step.actual, step.kept, step.saturatedBecause !== null],
    ]
      .map((value) => value ?? '')
      .join(','),
  )
  const head = [...names, 'terminalBusy', 'actual', 'kept', 'saturated'].join(',')
  return [head, ...lines].map((line) => `${line}\r\n`).join('')
}
