// Judges a result by its thresholds. A figure that is not known meets none.

import type { Look } from '../../measure/latency/recorder.js'
import type { Result, ThresholdRow } from '../../measure/result.js'
import { type FiguresContext, figuresUnderWay } from '../../measure/summary.js'
import { type Comparator, parseThreshold, type Threshold } from '../../measure/threshold.js'
import { formatCount, formatMs, formatRate, formatShare, unknownMark } from '../layout/figures.js'

/** Everything of a result that a threshold can name. */
export type Judged = Omit<Result, 'thresholds' | 'timeline'>

/** One row per expression, in their order. Throws UsageError for an expression that cannot be read. */
export function judgeThresholds(expressions: readonly string[], result: Judged): readonly ThresholdRow[] {
  return expressions.map((expression) =>
    judge(parseThreshold(expression), ({ of }) =>
      of === undefined ? result : own(result.breakdown[of.kind], of.name),
    ),
  )
}

/** The same of a run under way. `actual` is null where nothing is known yet. */
export function judgeUnderWay(
  thresholds: readonly Threshold[],
  look: Look,
  context: FiguresContext,
): readonly ThresholdRow[] {
  const whole = figuresUnderWay(look, context)
  return thresholds.map((threshold) =>
    judge(threshold, ({ of }) => (of === undefined ? whole : look.row(of.kind, of.name))),
  )
}

function judge(threshold: Threshold, rootOf: (threshold: Threshold) => unknown): ThresholdRow {
  const { expression, comparison, limit } = threshold
  const actual = actualOf(threshold, rootOf(threshold))
  return { expression, actual, met: actual !== null && compare[comparison](actual, limit) }
}

function actualOf({ path, ofOffered }: Threshold, root: unknown): number | boolean | null {
  const value = path.reduce<unknown>(own, root)
  const offered = own(root, 'offered')
  if (typeof value === 'boolean') return value
  // A code that no answer carried was counted 0 times, once the run is known to have counted.
  const figure = value === undefined && isCounter(path) ? 0 : value
  if (typeof figure !== 'number') return null
  if (!ofOffered) return figure
  return typeof offered === 'number' && offered > 0 ? figure / offered : null
}

const isCounter = ([head]: readonly string[]) => head === 'responseCodes' || head === 'failures'

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

type Value = number | boolean

const compare: Record<Comparator, (actual: Value, limit: Value) => boolean> = {
  '>=': (actual, limit) => actual >= limit,
  '>': (actual, limit) => actual > limit,
  '<=': (actual, limit) => actual <= limit,
  '<': (actual, limit) => actual < limit,
  '==': (actual, limit) => actual === limit,
  '!=': (actual, limit) => actual !== limit,
}

/** The figure of a row with its unit. */
export function formatActual({ expression, actual }: ThresholdRow): string {
  if (actual === null) return unknownMark
  if (typeof actual === 'boolean') return String(actual)
  const { kind, ofOffered } = parseThreshold(expression)
  if (ofOffered || kind === 'share') return formatShare(actual)
  if (kind === 'time') return formatMs(actual)
  return kind === 'rate' ? formatRate(actual) : formatCount(actual)
}
