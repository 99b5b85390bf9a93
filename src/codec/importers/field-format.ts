// Writes a kind and a length in the standard's notation.

import type { Format, Kind } from '../dialect.js'

/** `digits` of the length prefix become dots; 0 is a fixed width. */
export function formatOf(kind: Kind, length: number, digits: number): Format {
  return `${kind}${dotsOf(digits)}${length}` as Format
}

function dotsOf(digits: number): string {
  return digits === 0 ? ' ' : '.'.repeat(Math.min(Math.max(digits, 1), 6))
}

/** Digits that a length prefix needs to say `length`: the dots of a prefix that is not made of decimal digits. */
export function digitsFor(length: number): number {
  return Math.max(2, String(length).length)
}
