// Amounts of purchases: one, evenly between two, or log-normal by median and 99th percentile.

import { logNormal } from '../base/distributions.js'
import { UsageError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import type { TerminalOptions } from './options.js'

export interface Amounts {
  /** ISO 4217 numeric code. */
  readonly currency: string
  /** Minor units, at least 1. */
  next(): number
}

/** ISO 4217 letters to number, for the currencies that amounts may be written in. */
const numericOf: Record<string, string> = {
  AED: '784',
  AUD: '036',
  BHD: '048',
  BRL: '986',
  CAD: '124',
  CHF: '756',
  CNY: '156',
  EUR: '978',
  GBP: '826',
  HKD: '344',
  INR: '356',
  JPY: '392',
  KES: '404',
  KRW: '410',
  KWD: '414',
  MOP: '446',
  MXN: '484',
  MYR: '458',
  NGN: '566',
  PHP: '608',
  PKR: '586',
  SAR: '682',
  SGD: '702',
  THB: '764',
  TRY: '949',
  TWD: '901',
  USD: '840',
  VND: '704',
  ZAR: '710',
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
  const code = numericOf[letters]
  if (code !== undefined) return code
  throw new UsageError(`currency ${letters} is not known: use one of ${Object.keys(numericOf).join(' ')}`, {
    where: 'terminals.amounts:',
  })
}
