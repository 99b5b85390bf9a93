// How runs are compared: the flags of `compare` and of `run --against`.

import { UsageError } from '../../base/errors.js'
import { parsePercent } from '../../base/units.js'
import { type FailIf, parseFailIf } from '../../measure/compare/fail-if.js'
import { text, texts } from './options.js'

export const judgeOptions = {
  'fail-if': texts("'FIGURE worse' or 'FIGURE > +10%'; left out: any figure worse; may be repeated"),
  'min-change': text('min-change', 'a smaller change does not count; 5% when left out'),
  confidence: text('confidence', 'confidence of the intervals; 95% when left out'),
} as const

export interface JudgeFlags {
  readonly 'fail-if': readonly string[]
  readonly 'min-change': string | undefined
  readonly confidence: string | undefined
}

/** Throws UsageError for a value that is none. */
export function judgeChoice(flags: JudgeFlags): {
  readonly conditions: readonly FailIf[]
  readonly how: { readonly minChange: number; readonly confidence: number }
} {
  const minChange = share('min-change', flags['min-change']) ?? 0.05
  const confidence = share('confidence', flags.confidence) ?? 0.95
  if (confidence < 0.5 || confidence > 0.9999)
    throw new UsageError(`--confidence: expected 50% to 99.99%, got '${flags.confidence}'`)
  return { conditions: flags['fail-if'].map(parseFailIf), how: { minChange, confidence } }
}

function share(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const parsed = parsePercent(value)
  if (parsed === undefined || parsed > 1) throw new UsageError(`--${name}: expected a share such as 5%, got '${value}'`)
  return parsed
}
