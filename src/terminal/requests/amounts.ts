// Amounts of purchases: one, evenly between two, or log-normal by median and 99th percentile.

import { knownCurrencies, numericCurrency } from '../../base/currencies.js'
import { logNormal } from '../../base/distributions.js'
import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import type { TerminalOptions } from '../options/options.js'

export interface Amounts {
  /** ISO 4217 numeric code. */
  readonly currency: string
  /** Minor units, at least 1. */
  next(): number
}

/** Twelve digits of DE4. */
const largestAmount = 999_999_999_999

/** Throws UsageError when two currencies are mixed or one is not known. */
export function createAmounts(options: TerminalOptions['amounts'], defaultCurrency: string, random: Random): Amounts {
  if (options === undefined) {
    return { currency: defaultCurrency, next: () => 100 + random.below(49_901) }
  }
  if ('minor' in options) {
    return { currency: numeric(options.currency), next: () => options.minor }
  }
  if ('from' in options) {
    const { from, to } = options
    return {
      currency: same(from.currency, to.currency),
      next: () => from.minor + random.below(to.minor - from.minor + 1),
    }
  }
  const { p50, p99 } = options
  const draw = logNormal({ p50: p50.minor, p99: p99.minor }, random)
  return {
    currency: same(p50.currency, p99.currency),
    next: () => Math.min(largestAmount, Math.max(1, Math.round(draw()))),
  }
}

function same(a: string, b: string): string {
  if (a !== b)
    throw new UsageError(`two currencies in one range (${a}, ${b}): write both amounts in one`, {
      where: 'terminals.amounts:',
    })
  return numeric(a)
}

function numeric(letters: string): string {
  const code = numericCurrency(letters)
  if (code !== undefined) return code
  throw new UsageError(`currency ${letters} is not known: use one of ${knownCurrencies.join(' ')}`, {
    where: 'terminals.amounts:',
  })
}
