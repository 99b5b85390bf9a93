// The same figures by type, phase, merchant and target: who suffered, and when.

import { TimeHistogram } from './latency/histogram.js'
import { noOutcomes } from './latency/timeline.js'
import type { Breakdown, BreakdownRow, Outcomes } from './result.js'
import { outcomes, type Sample } from './sample.js'

/** Keys of one dimension; each has a histogram of 190 kB, so that all four take 50 MB at the most. */
export const maxBreakdownKeys = 64
/** Where the keys beyond that limit are counted together. */
export const otherKey = 'other'

const dimensions = ['type', 'phase', 'merchant', 'target'] as const

interface Group {
  timely: number
  readonly outcomes: Outcomes
  readonly responseTime: TimeHistogram
}

export interface BreakdownRecorder {
  /** `responseMs` is undefined when the sample has no response time. */
  record(sample: Sample, responseMs: number | undefined, isTimely: boolean): void
  breakdown(): Breakdown
  add(other: Breakdown): void
  destroy(): void
}

export function createBreakdown(): BreakdownRecorder {
  const groups = {
    type: new Map(),
    phase: new Map(),
    merchant: new Map(),
    target: new Map(),
  } as const satisfies Record<(typeof dimensions)[number], Map<string, Group>>
  return {
    record(sample, responseMs, isTimely) {
      for (const dimension of dimensions) {
        const group = groupOf(groups[dimension], sample[dimension])
        group.outcomes[sample.outcome]++
        if (isTimely) group.timely++
        if (responseMs !== undefined) group.responseTime.record(responseMs)
      }
    },
    breakdown: () => ({
      type: rowsOf(groups.type),
      phase: rowsOf(groups.phase),
      merchant: rowsOf(groups.merchant),
      target: rowsOf(groups.target),
    }),
    add(other) {
      for (const dimension of dimensions) {
        for (const [key, row] of Object.entries(other[dimension])) {
          const group = groupOf(groups[dimension], key)
          group.timely += row.timely
          for (const outcome of outcomes) group.outcomes[outcome] += row.outcomes[outcome]
          group.responseTime.add(row.responseTime)
        }
      }
    },
    destroy() {
      for (const dimension of dimensions) for (const group of groups[dimension].values()) group.responseTime.destroy()
    },
  }
}

function groupOf(groups: Map<string, Group>, key: string): Group {
  const known = groups.get(key)
  if (known !== undefined) return known
  // The last place is kept for all the others.
  if (groups.size >= maxBreakdownKeys - 1 && key !== otherKey) return groupOf(groups, otherKey)
  const group: Group = { timely: 0, outcomes: noOutcomes(), responseTime: new TimeHistogram() }
  groups.set(key, group)
  return group
}

const rowsOf = (groups: ReadonlyMap<string, Group>): Record<string, BreakdownRow> =>
  Object.fromEntries([...groups].map(([key, group]) => [key, rowOf(group)]))

function rowOf({ timely, outcomes: counts, responseTime }: Group): BreakdownRow {
  const offered = sumOf(counts)
  return {
    ...{ offered, timely, timelyRate: offered === 0 ? null : timely / offered },
    outcomes: { ...counts },
    responseTime: responseTime.distribution(),
  }
}

/** Every transaction has exactly one outcome, so their sum is what was offered. */
export function sumOf(counts: Outcomes): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0)
}
