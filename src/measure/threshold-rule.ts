// A threshold as a scenario states it: an expression, or an expression that ends the run as soon as it is missed.

import { z } from 'zod'
import { duration } from '../base/unit-schemas.js'
import { type Threshold, thresholdPattern } from './threshold.js'

export interface ThresholdRule {
  readonly threshold: string
  /** The run ends as soon as the threshold is missed. */
  readonly abortOnFail: boolean
  /** In ms from the end of the warm-up: the threshold ends no run before. */
  readonly delayAbortEval: number
}

/** A threshold that is judged when the run is over. */
export const atTheEnd = (threshold: string): ThresholdRule => ({ threshold, abortOnFail: false, delayAbortEval: 0 })

const expression = z.string().min(1).meta({ pattern: thresholdPattern() })

export const thresholdRuleSchema = z.union([
  expression.transform(atTheEnd),
  z
    .strictObject({
      threshold: expression.describe('a condition such as "timelyRate >= 99%"'),
      abortOnFail: z.boolean().default(false).describe('true: the run ends as soon as the condition is not met'),
      delayAbortEval: duration('10s')
        .prefault('0s')
        .describe('with abortOnFail: how long after the warm-up the condition may first end the run'),
    })
    .meta(underWayForEditors()),
])

/** `whyNotUnderWay`, and a delay of what ends nothing, as JSON Schema says them. */
function underWayForEditors() {
  const endsRuns = { abortOnFail: { const: true }, threshold: { pattern: thresholdPattern({ underWay: true }) } }
  const endsNone = { abortOnFail: { const: false }, delayAbortEval: { pattern: '^0+(?:us|ms|s|m|min|h|d)$' } }
  return { anyOf: [{ required: ['abortOnFail'], properties: endsRuns }, { properties: endsNone }] }
}

/** Why a run under way cannot be judged by this threshold, in words; undefined: it can. */
export function whyNotUnderWay({ expression: text, onlyAtEnd, kind, ofOffered, comparison, limit }: Threshold) {
  if (onlyAtEnd) return 'this figure is known only at the end of a run'
  if (kind !== 'count' || ofOffered || comparison === '<' || comparison === '<=') return undefined
  if (comparison === '==' && limit === 0) return undefined
  const [figure = text] = text.split(comparison)
  return `${figure.trim()} counts up, so that only a limit from above (<, <=, == 0) can be judged while the run goes on`
}
