// Judges a result by its thresholds. A figure that is not known meets none.

import type { Result, ThresholdRow } from '../../measure/result.js'
import { type Comparator, parseThreshold, type Threshold } from '../../measure/threshold.js'
import { formatCount, formatMs, formatRate, formatShare, unknownMark } from '../layout/figures.js'

/** Everything of a result that a threshold can name. */
export type Judged = Omit<Result, 'thresholds'>

/** One row per expression, in their order. Throws UsageError for an expression that cannot be read. */
export function judgeThresholds(expressions: readonly string[], result: Judged): readonly ThresholdRow[] {
  return expressions.map((expression) => {
    const threshold = parseThreshold(expression)
    const actual = actualOf(threshold, result)
    return { expression, actual, met: actual !== null && compare[threshold.comparison](actual, threshold.limit) }
  })
}

function actualOf({ path, of, ofOffered }: Threshold, result: Judged): number | boolean | null {
  const root: unknown = of === undefined ? result : own(result.breakdown[of.kind], of.name)
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
