// The conditions that fail a comparison: `responseTime.p99 worse`, `responseTime.p99 > +10%`.

import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { parsePercent } from '../../base/units.js'
import type { ComparedRow, Comparison } from './compare.js'
import { type ComparedFigure, comparedFigures } from './figures.js'

export interface FailIf {
  readonly expression: string
  readonly figure: ComparedFigure
  /** Undefined: whatever is judged worse. Else a share that the change surely exceeds, up or down. */
  readonly beyond: number | undefined
}

/** Throws UsageError that says what is wrong. */
export function parseFailIf(expression: string): FailIf {
  const match = /^\s*([\w.]+)\s+(?:worse|([<>])\s*([+-]?)\s*(\d\S*))\s*$/.exec(expression)
  if (match === null)
    throw new UsageError(
      `--fail-if '${expression}': expected such as 'responseTime.p99 worse' or 'responseTime.p99 > +10%'`,
    )
  const [, name = '', comparison, sign, limit] = match
  const figure = comparedFigures.find((each) => each === name)
  if (figure === undefined)
    throw new UsageError(
      `--fail-if '${expression}': unknown figure '${name}'${suggestion(name, comparedFigures)}; known are ${comparedFigures.join(', ')}`,
    )
  if (limit === undefined) return { expression, figure, beyond: undefined }
  const share = parsePercent(limit)
  if (share === undefined || (comparison === '<') !== (sign === '-'))
    throw new UsageError(`--fail-if '${expression}': expected > +10% or < -10%`)
  return { expression, figure, beyond: sign === '-' ? -share : share }
}

/** Those of the conditions that hold; without any, each figure that is worse. */
export function failuresOf({ rows }: Comparison, conditions: readonly FailIf[]): readonly string[] {
  if (conditions.length === 0)
    return rows.filter(({ verdict }) => verdict === 'worse').map(({ figure }) => `${figure} worse`)
  return conditions.filter((condition) => holds(condition, rows)).map(({ expression }) => expression.trim())
}

function holds({ figure, beyond }: FailIf, rows: readonly ComparedRow[]): boolean {
  const row = rows.find((each) => each.figure === figure)
  if (row === undefined) return false
  if (beyond === undefined) return row.verdict === 'worse'
  const end = beyond > 0 ? row.low : row.high
  return end !== null && (beyond > 0 ? end > beyond : end < beyond)
}
