// The same figures by type, phase, merchant and target: who suffered, and when.

import { type CountedTime, type TalliedDistribution, type TimeFigures, TimeHistogram } from './latency/histogram.js'
import { LightHistogram } from './latency/light-histogram.js'
import { noOutcomes } from './latency/timeline-row.js'
import type { Breakdown, BreakdownRow, Outcomes } from './result.js'
import { type Outcome, outcomes, type Sample } from './sample.js'
import { type BreakdownKind, breakdownKinds } from './threshold.js'

/** Keys of one kind in a result: as many as a reader can look at. */
export const maxBreakdownKeys = 64
/** Keys of one kind that are told apart while a run lasts; each takes some 20 kB, so all four take 330 MB at the most. */
export const maxTalliedKeys = 4096
/** The key under which all keys beyond these limits are counted together. */
export const otherKey = 'other'

interface Group {
  readonly key: string
  timely: number
  readonly outcomes: Outcomes
  readonly responseTime: LightHistogram
}
type Groups = Readonly<Record<BreakdownKind, Map<string, Group>>>

/** One row on its way to another thread or machine. */
export interface TalliedRow {
  readonly timely: number
  readonly outcomes: Outcomes
  readonly responseTime: TalliedDistribution
}
/** One row while the run goes on. */
export interface RowUnderWay extends Omit<BreakdownRow, 'responseTime'> {
  readonly responseTime: TimeFigures
}
/** Every key of every kind: which of them a result shows can be known only when all workers are together. */
export type TalliedBreakdown = Readonly<Record<BreakdownKind, Readonly<Record<string, TalliedRow>>>>

export interface BreakdownRecorder {
  /** `response` is undefined when the sample has no response time; only such a one comes more `times` than once. */
  record(sample: Sample, response: CountedTime | undefined, isTimely: boolean, times?: number): void
  tallied(): TalliedBreakdown
  /** Undefined where nothing of that name has ended yet. */
  row(kind: BreakdownKind, name: string): RowUnderWay | undefined
  /** The keys with the most transactions, and the others together. */
  breakdown(): Breakdown
  add(other: TalliedBreakdown): void
}

export const createBreakdown = (): BreakdownRecorder => new Groupings()

class Groupings implements BreakdownRecorder {
  readonly #groups: Groups = { type: new Map(), phase: new Map(), merchant: new Map(), target: new Map() }
  /** The group of each kind that the last sample fell into, and nearly always the next one too. */
  #type: Group | undefined
  #phase: Group | undefined
  #merchant: Group | undefined
  #target: Group | undefined
  /** The sample at hand, one for all. */
  readonly #value: Counted = { outcome: 'approved', isTimely: false, times: 0, response: undefined }

  record(sample: Sample, response: CountedTime | undefined, isTimely: boolean, times = 1): void {
    const { type, phase, merchant, target, outcome } = sample
    const groups = this.#groups
    if (this.#type?.key !== type) this.#type = groupOf(groups.type, type)
    if (this.#phase?.key !== phase) this.#phase = groupOf(groups.phase, phase)
    if (this.#merchant?.key !== merchant) this.#merchant = groupOf(groups.merchant, merchant)
    if (this.#target?.key !== target) this.#target = groupOf(groups.target, target)
    const value = this.#value
    value.outcome = outcome
    value.isTimely = isTimely
    value.times = times
    value.response = response
    count(this.#type, value)
    count(this.#phase, value)
    count(this.#merchant, value)
    count(this.#target, value)
  }

  tallied(): TalliedBreakdown {
    return withScratch((scratch) => eachKind((kind) => talliedRows(this.#groups[kind], scratch)))
  }

  row(kind: BreakdownKind, name: string): RowUnderWay | undefined {
    const group = this.#groups[kind].get(name)
    if (group === undefined) return undefined
    return withScratch((scratch) => ({ ...countsOf(group), responseTime: group.responseTime.shape(scratch) }))
  }

  breakdown(): Breakdown {
    return withScratch((scratch) => eachKind((kind) => rowsOf(this.#groups[kind], scratch)))
  }

  add(other: TalliedBreakdown): void {
    for (const kind of breakdownKinds) {
      for (const [key, row] of Object.entries(other[kind])) {
        const group = groupOf(this.#groups[kind], key)
        addCounts(group, row)
        group.responseTime.add(row.responseTime)
      }
    }
  }
}

interface Counted {
  outcome: Outcome
  isTimely: boolean
  times: number
  response: CountedTime | undefined
}

function count(group: Group | undefined, { outcome, isTimely, times, response }: Readonly<Counted>): void {
  if (group === undefined) return
  group.outcomes[outcome] += times
  if (isTimely) group.timely += times
  if (response !== undefined) group.responseTime.take(response)
}

/** The rows of a result, made of the tallies of all workers. */
export function breakdownOf(tallied: TalliedBreakdown): Breakdown {
  const all = createBreakdown()
  all.add(tallied)
  return all.breakdown()
}

function withScratch<Value>(use: (scratch: TimeHistogram) => Value): Value {
  const scratch = new TimeHistogram()
  try {
    return use(scratch)
  } finally {
    scratch.destroy()
  }
}

function eachKind<Value>(make: (kind: BreakdownKind) => Value): Record<BreakdownKind, Value> {
  return { type: make('type'), phase: make('phase'), merchant: make('merchant'), target: make('target') }
}

function groupOf(groups: Map<string, Group>, key: string): Group {
  const known = groups.get(key)
  if (known !== undefined) return known
  // The last place is kept for all the others.
  if (groups.size >= maxTalliedKeys - 1 && key !== otherKey) return groupOf(groups, otherKey)
  const group = newGroup(key)
  groups.set(key, group)
  return group
}

const newGroup = (key: string): Group => ({
  key,
  timely: 0,
  outcomes: noOutcomes(),
  responseTime: new LightHistogram(),
})

function addCounts(into: Group, from: Pick<Group, 'timely' | 'outcomes'>): void {
  into.timely += from.timely
  for (const outcome of outcomes) into.outcomes[outcome] += from.outcomes[outcome]
}

const talliedRows = (groups: ReadonlyMap<string, Group>, scratch: TimeHistogram): Record<string, TalliedRow> =>
  Object.fromEntries(
    [...groups].map(([key, { timely, outcomes: counts, responseTime }]) => [
      key,
      { timely, outcomes: { ...counts }, responseTime: responseTime.tallied(scratch) },
    ]),
  )

const rowsOf = (groups: ReadonlyMap<string, Group>, scratch: TimeHistogram): Record<string, BreakdownRow> =>
  Object.fromEntries([...shown(groups)].map(([key, group]) => [key, rowOf(group, scratch)]))

/** The keys that a result has room for, by what was offered; equal ones by their names, so that no order of workers matters. */
function shown(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, Group> {
  if (groups.size <= maxBreakdownKeys) return groups
  const ranked = [...groups].filter(([key]) => key !== otherKey).sort(byOffered)
  const kept = new Set(ranked.slice(0, maxBreakdownKeys - 1).map(([key]) => key))
  const others = newGroup(otherKey)
  for (const [key, group] of groups) {
    if (kept.has(key)) continue
    addCounts(others, group)
    others.responseTime.pour(group.responseTime)
  }
  return new Map([...[...groups].filter(([key]) => kept.has(key)), [otherKey, others]])
}

const byOffered = ([key, group]: [string, Group], [otherName, other]: [string, Group]) =>
  sumOf(other.outcomes) - sumOf(group.outcomes) || (key < otherName ? -1 : 1)

const rowOf = (group: Group, scratch: TimeHistogram): BreakdownRow => ({
  ...countsOf(group),
  responseTime: group.responseTime.distribution(scratch),
})

function countsOf({ timely, outcomes: counts }: Group): Omit<BreakdownRow, 'responseTime'> {
  const offered = sumOf(counts)
  return { offered, timely, timelyRate: offered === 0 ? null : timely / offered, outcomes: { ...counts } }
}

/** Every transaction has exactly one outcome, so their sum is what was offered. */
export function sumOf(counts: Outcomes): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0)
}
