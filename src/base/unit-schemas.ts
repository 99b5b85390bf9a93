// Schemas of the quantities of units.ts, for scenarios and options. Apart, so that a command that reads no scenario does
// not load zod.

import { z } from 'zod'
import { durationForm, parseDuration, parseMoney, parsePercent, parseRate } from './units.js'

const durationPattern = new RegExp(`^${durationForm}$`)
const ratePattern = /^\d+(?:\.\d+)?[kM]?\/(?:s|min|m|h)$/
/** A share of the whole: 100% at most. */
const sharePattern = /^(?:0*\d{1,2}(?:\.\d+)?|0*100(?:\.0+)?)%$/
const moneyPattern = /^\d+(?:\.\d+)? [A-Z]{3}$/

/** A text with a unit, read by `parse`; the schema documents itself by `example`. */
function quantity(what: string, example: string, pattern: RegExp, parse: (text: string) => number | undefined) {
  return z
    .string({ error: (issue) => `expected ${what} such as ${example}, got ${JSON.stringify(issue.input)}` })
    .transform((text, context) => {
      const value = parse(text)
      if (value !== undefined) return value
      context.addIssue({ code: 'custom', message: `expected ${what} such as ${example}, got ${JSON.stringify(text)}` })
      return z.NEVER
    })
    .meta({ description: `${what}, such as ${example}`, pattern: pattern.source })
}

/** Schema of a duration; the value is milliseconds. */
export const duration = (example = '30s') => quantity('a duration', example, durationPattern, parseDuration)
/** Schema of a rate; the value is per second. */
export const rate = (example = '500/s') => quantity('a rate', example, ratePattern, parseRate)
/** Schema of a share; the value is 0 to 1. */
export const percent = (example = '5%') =>
  quantity('a share', example, sharePattern, (text) => {
    const share = parsePercent(text)
    return share !== undefined && share <= 1 ? share : undefined
  })

/** Schema of an amount of money. */
export const money = (example = '10.00 CNY') =>
  z
    .string({
      error: (issue) => `expected an amount with its currency such as "${example}", got ${JSON.stringify(issue.input)}`,
    })
    .transform((text, context) => {
      const value = parseMoney(text)
      if (value !== undefined) return value
      context.addIssue({
        code: 'custom',
        message: `expected an amount with its currency such as "${example}", got ${JSON.stringify(text)}`,
      })
      return z.NEVER
    })
    .meta({ description: `an amount with its currency, such as ${example}`, pattern: moneyPattern.source })
