// The contract of every encoding: how the units of one value stand on the wire. It knows no lengths, padding or fields.
//
// A unit is a digit, a character (of GBK text: a byte) or a byte of binary, as the length of a format counts them.

import type { Source } from '../source.js'

export interface Encoding {
  /** Half bytes on the wire for one unit. */
  readonly halves: 1 | 2 | 4
  /** Half bytes beside those of the units: a sign takes a whole byte even where digits take half. */
  readonly extra: 0 | 1
  /** Characters of a value's text for one unit; 0 where that varies. */
  readonly span: 0 | 1 | 2
  /** Units of `value`; -1 when it has no whole number of them. */
  measure(value: string): number
  /** Writes all of `value`, unchecked against the end of `target`. False when a character is not of the field's kind. */
  write(target: Uint8Array, at: number, value: string): boolean
  /** The value in [at, end); undefined when it has characters that write() would refuse or write otherwise. */
  read(source: Source, at: number, end: number, units: number): string | undefined
  /**
   * Copies [at, end) to `to`: there stands the text of what read() gives then, one byte for each character. False where read() gives
   * nothing. Left out: bytes and characters are not the same.
   */
  readonly copy?: (bytes: Uint8Array, at: number, end: number, target: Uint8Array, to: number) => boolean
  /** The half byte that belongs to no digit; undefined when there is none. Only where halves is 1. */
  readonly spare?: (bytes: Uint8Array, at: number, end: number, units: number) => number | undefined
}

/** Bytes that `units` need on the wire. */
export function bytesOf(encoding: Encoding, units: number): number {
  return units === 0 ? 0 : (units * encoding.halves + encoding.extra + 1) >> 1
}

/** True when no digit shares its byte with a spare half. */
export function isWhole(encoding: Encoding, units: number): boolean {
  return (units * encoding.halves + encoding.extra) % 2 === 0
}

/** Units that fit `bytes` of the wire; a spare half byte counts as a unit. */
export function unitsOf(encoding: Encoding, bytes: number): number {
  return Math.floor((2 * bytes - encoding.extra) / encoding.halves)
}
