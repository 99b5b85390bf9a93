// Reads the standard's notation: 'n 6', 'n..19', 'ans...999'.

import { UsageError } from '../../base/errors.js'
import type { Kind } from '../dialect.js'

export interface ParsedFormat {
  readonly kind: Kind
  /** Units of the value: digits, characters, bytes of binary; for x+n, digits beside the sign. */
  readonly length: number
  /** Digits of the length prefix that the dots stand for; 0 when the width is fixed. */
  readonly dots: number
}

/** No field of any network is longer; a six-digit prefix can say no more. */
const longestFieldUnits = 999_999

/** Throws UsageError that begins with `where`. */
export function parseFormat(format: string, where: string): ParsedFormat {
  const match = /^(x\+n|anp|ans|an|as|ns|[anszb])( |\.{1,6})(\d{1,6})$/.exec(format)
  if (match === null) {
    throw new UsageError(
      `has format '${format}': expected a kind and a length, such as 'n 6', 'n..19' or 'ans...999'`,
      {
        where,
      },
    )
  }
  const [, kind, separator = '', length] = match
  return {
    kind: kind as Kind,
    length: Math.min(Number(length), longestFieldUnits),
    dots: separator === ' ' ? 0 : separator.length,
  }
}
