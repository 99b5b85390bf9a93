// Is one side slower than the other? Judged with an interval and a least change, never by a bare difference: figures of
// one binary against itself differ by 5 % and more, and p99 by far more.

import type { IntervalValues } from '../latency/interval-log.js'
import { bootstrap } from './bootstrap.js'
import { type Comparand, meantDifferences, whyNotComparable } from './comparable.js'
import { type ComparedFigure, comparedFigures, figureOf, isShare, scaled, worseSign } from './figures.js'
import { leastPairs, pairedShiftOf } from './pairs.js'
import { median, type RankShift, shiftOf } from './ranks.js'
import { seriesOf } from './seconds.js'

export interface ComparedRun extends Comparand {
  readonly intervals: readonly IntervalValues[]
}

export type FigureVerdict = 'worse' | 'better' | 'same' | 'undecided' | 'tooFew'

/** One figure of both sides. Changes are shares: of the base's value, or of all transactions for a rate. */
export interface ComparedRow {
  readonly figure: ComparedFigure
  /** Medians of the sides; null where it is not known. */
  readonly base: number | null
  readonly value: number | null
  readonly change: number | null
  readonly low: number | null
  readonly high: number | null
  readonly verdict: FigureVerdict
}

export interface Comparison {
  readonly schema: 'isochron/comparison@1'
  readonly scenario: string
  readonly base: readonly string[]
  readonly runs: readonly string[]
  /** `seconds`: one run a side. `runs`: the unit is the run. `pairs`: it is two runs, one of each side, made together. */
  readonly method: 'seconds' | 'runs' | 'pairs'
  readonly confidence: number
  readonly minChange: number
  readonly verdict: 'notComparable' | 'worse' | 'better' | 'same' | 'undecided' | 'tooFew'
  /** Why they cannot be compared. With `forced`, they were all the same. */
  readonly reasons: readonly string[]
  readonly forced: boolean
  /** Paths of the scenario in which the sides differ, and were meant to. */
  readonly differences: readonly string[]
  readonly rows: readonly ComparedRow[]
}

export interface CompareOptions {
  /** A smaller change is none: share of the base. */
  readonly minChange: number
  /** 0 to 1. */
  readonly confidence: number
  readonly force: boolean
  /** Paths of the scenario that were to differ; `*` is all of it. Left out: none. */
  readonly meant?: readonly string[]
  /** The n-th runs of both sides were made together, so that what drifts hits both alike. */
  readonly paired?: boolean
}

/** Runs of a side from which on the run is the unit: four against four can reach p = 0.029. */
const leastRuns = 4
/** A smaller change of a rate is none. */
const minShareChange = 0.001
/** Transactions of a side from which on its p99.9 is one. */
const leastForP999 = 10_000
/** The resampling is the same whenever it is made. */
const seed = 20_260_101

interface Estimate {
  readonly change: number
  readonly low: number
  readonly high: number
  readonly p: number
}

export function compareRuns(
  base: readonly ComparedRun[],
  runs: readonly ComparedRun[],
  options: CompareOptions,
): Comparison {
  const { meant = [], paired = false } = options
  const reasons = whyNotComparable([...base, ...runs], meant)
  const arePairs = paired && base.length === runs.length && runs.length >= leastPairs
  const method = base.length === 1 && runs.length === 1 ? 'seconds' : arePairs ? 'pairs' : 'runs'
  const refused = reasons.length > 0 && !options.force
  const rows = refused ? [] : judge(base, runs, { ...options, method })
  return {
    schema: 'isochron/comparison@1',
    scenario: base[0]?.result.scenario.name ?? '',
    base: base.map(({ name }) => name),
    runs: runs.map(({ name }) => name),
    method,
    confidence: options.confidence,
    minChange: options.minChange,
    verdict: refused ? 'notComparable' : overall(rows),
    reasons,
    forced: reasons.length > 0 && options.force,
    differences: meantDifferences([...base, ...runs], meant),
    rows,
  }
}

function overall(rows: readonly ComparedRow[]): FigureVerdict {
  const known = rows.filter(({ verdict }) => verdict !== 'tooFew')
  const has = (verdict: FigureVerdict) => known.some((row) => row.verdict === verdict)
  if (known.length === 0) return 'tooFew'
  return (['worse', 'better', 'undecided'] as const).find(has) ?? 'same'
}

type JudgeOptions = CompareOptions & Pick<Comparison, 'method'>

function judge(base: readonly ComparedRun[], runs: readonly ComparedRun[], options: JudgeOptions) {
  const one = options.method === 'seconds'
  const estimates = one
    ? ofSeconds(base[0] as ComparedRun, runs[0] as ComparedRun, options)
    : ofRuns(base, runs, options)
  // Holm (1979): the surest figure has to pass the strictest level. Over runs the least p is too great for that, and
  // the least change alone keeps false alarms rare.
  const ranked = [...estimates.entries()].sort(([, a], [, b]) => a.p - b.p)
  const passed = new Set<ComparedFigure>()
  for (const [rank, [figure, { p }]] of ranked.entries()) {
    if (p > (1 - options.confidence) / (one ? ranked.length - rank : 1)) break
    passed.add(figure)
  }
  const middle = (side: readonly ComparedRun[], figure: ComparedFigure) => {
    const known = side.flatMap(({ result }) => figureOf(result, figure) ?? []).sort((a, b) => a - b)
    return known.length === 0 ? null : median(known)
  }
  return comparedFigures.map((figure): ComparedRow => {
    const estimate = estimates.get(figure)
    const sides = { figure, base: middle(base, figure), value: middle(runs, figure) }
    if (estimate === undefined) return { ...sides, change: null, low: null, high: null, verdict: 'tooFew' }
    const [change, low, high] = [estimate.change, estimate.low, estimate.high].map((value) => asShare(figure, value))
    const verdict = verdictOf(figure, { change, low, high } as Estimate, passed.has(figure), options.minChange)
    return { ...sides, change: finite(change), low: finite(low), high: finite(high), verdict }
  })
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)
const asShare = (figure: ComparedFigure, value: number) => (isShare(figure) ? value : Math.exp(value) - 1)

function verdictOf(
  figure: ComparedFigure,
  { change, low, high }: Pick<Estimate, 'change' | 'low' | 'high'>,
  passed: boolean,
  minChange: number,
): FigureVerdict {
  const least = isShare(figure) ? minShareChange : minChange
  const excludesZero = low > 0 || high < 0
  if (passed && excludesZero && Math.abs(change) >= least)
    return Math.sign(change) === worseSign(figure) ? 'worse' : 'better'
  return low >= -least && high <= least ? 'same' : 'undecided'
}

/** Nothing for runs that are too short; p99.9 only of many transactions. */
function ofSeconds(
  a: ComparedRun,
  b: ComparedRun,
  { confidence }: CompareOptions,
): ReadonlyMap<ComparedFigure, Estimate> {
  const drawn = bootstrap(seriesOf(a.result.timeline, a.intervals), seriesOf(b.result.timeline, b.intervals), seed)
  if (drawn === undefined) return new Map()
  const fewest = Math.min(a.result.responseTime.count, b.result.responseTime.count)
  return new Map(
    comparedFigures.flatMap((figure) => {
      const [before, after] = [figureOf(a.result, figure), figureOf(b.result, figure)]
      if (before === null || after === null || (figure === 'responseTime.p999' && fewest < leastForP999)) return []
      if (!isShare(figure) && (before <= 0 || after <= 0)) return []
      const values = drawn[figure]
      const at = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))] as number
      const change = scaled(figure, after) - scaled(figure, before)
      const below = values.filter((value) => value <= 0).length
      const above = values.filter((value) => value >= 0).length
      const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (values.length + 1))
      return [[figure, { change, low: at((1 - confidence) / 2), high: at((1 + confidence) / 2), p }] as const]
    }),
  )
}

function ofRuns(
  base: readonly ComparedRun[],
  runs: readonly ComparedRun[],
  { confidence, method }: JudgeOptions,
): ReadonlyMap<ComparedFigure, Estimate> {
  if (Math.min(base.length, runs.length) < leastRuns) return new Map()
  return new Map(
    comparedFigures.flatMap((figure) => {
      const [a, b] = [base, runs].map((side) => side.flatMap(({ result }) => figureOf(result, figure) ?? []))
      if (a === undefined || b === undefined || a.length < leastRuns || b.length < leastRuns) return []
      if (!isShare(figure) && [...a, ...b].some((value) => value <= 0)) return []
      const [x, y] = [a, b].map((side) => side.map((value) => scaled(figure, value))) as [number[], number[]]
      const isPaired = method === 'pairs' && x.length === runs.length && y.length === runs.length
      const { shift, ...rest }: RankShift = isPaired
        ? pairedShiftOf(
            y.map((value, index) => value - (x[index] as number)),
            confidence,
          )
        : shiftOf(x, y, confidence)
      return [[figure, { change: shift, ...rest }] as const]
    }),
  )
}
