// A search for a host's capacity, as people and spreadsheets read it.

import type { Capacity, CapacityStep } from '../measure/capacity.js'
import { outcomes } from '../measure/sample.js'
import { formatCount, formatMs, formatRate, formatShare, unknownMark } from './layout/figures.js'
import { alignedTable } from './layout/table.js'

const head = ['rate', 'p50', 'p99', 'timely', 'offered', 'no answer', 'condition', 'generator']

/** The verdict first, then the curve. */
export function printCapacity({ because, condition, keptPerSecond, steps }: Capacity): string {
  const kept = keptPerSecond === null ? unknownMark : formatRate(keptPerSecond)
  return `${[`CAPACITY ${kept} (${condition})`, because, '', ...alignedTable(head, steps.map(row))].join('\n')}\n`
}

/** One step in a line. */
export const capacityLine = (step: CapacityStep): string => row(step).join('  ')

function row({ ratePerSecond, p50, p99, timelyRate, offered, outcomes: counts, kept, saturatedBecause }: CapacityStep) {
  const lost = counts.timedOut + counts.failed + counts.unsent
  return [
    ...[formatRate(ratePerSecond), formatMs(p50), formatMs(p99), formatShare(timelyRate), formatCount(offered)],
    ...[formatCount(lost), kept ? 'kept' : 'missed', saturatedBecause === null ? 'kept up' : 'SATURATED'],
  ]
}

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
  return `${[[...names, 'terminalBusy', 'actual', 'kept', 'saturated'].join(','), ...lines].join('\n')}\n`
}
