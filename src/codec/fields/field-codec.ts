// The contract of every compiled field, whatever stands inside it.

import type { Encodings, FieldDefinition } from '../dialect.js'
import type { Encoding } from '../encodings/encoding.js'
import type { FieldValue, Verbatim } from '../message.js'
import type { Source } from '../source.js'

export interface FieldCodec {
  readonly definition: FieldDefinition
  readonly path: readonly string[]
  /** Bytes on the wire where skip() needs not look at them, else -1. */
  readonly width: number
  /** Most bytes on the wire, length prefix included. */
  readonly maxBytes: number
  /** The end of the field that begins at `at`; `end` is where its surroundings end. Throws UnpackError. */
  skip(bytes: Uint8Array, at: number, end: number): number
  /** skip() goes by so many bytes at the field's beginning and by none behind them; left out: by more, or by none. */
  readonly lengthBytes?: number
  /** The end of a field that skip() refuses although its bytes say where it ends: its length is over its limit. */
  reach?(bytes: Uint8Array, at: number, end: number): number | undefined
  /** The value in [at, end) as skip() found it. Throws UnpackError. */
  read(source: Source, at: number, end: number): FieldValue
  /** The bytes in [at, end) as a value, whatever they say. */
  asItStands(source: Source, at: number, end: number): Verbatim
  /** The value as write() takes it as a string, also where fill digits are odd; undefined when it has no such form. */
  text(source: Source, at: number, end: number): string | undefined
  /** Puts what text() gives at `to`, one byte for each character, and returns its end; -1: text() must be asked. Left out: always. */
  readonly copyText?: (bytes: Uint8Array, at: number, end: number, target: Uint8Array, to: number) => number
  /** Returns the end. Bytes beyond the end of `target` are lost, so the caller compares. Throws PackError. */
  write(target: Uint8Array, at: number, value: FieldValue): number
}

/** A field whose bytes are one value. */
export interface LeafCodec extends FieldCodec {
  readonly encoding: Encoding
  readonly prefixBytes: number
  /** Writes the length prefix of a body that stands in [at + prefixBytes, end), or what fills it; the end. Throws PackError. */
  seal(target: Uint8Array, at: number, end: number): number
}

/** Where a field is defined. */
export interface FieldContext {
  /** The beginning of an error in the dialect: 'dialect iso87-ascii, field 2'. */
  readonly where: string
  readonly path: readonly string[]
  readonly encodings: Encodings
}

/** The bytes as they stand. `length` is given where it does not follow from them. */
export function verbatim(source: Source, at: number, end: number, length?: number): Verbatim {
  const hex = source.hexUpper(at, end)
  return length === undefined ? { hex } : { hex, length }
}

/** True when writing `value` gives exactly the bytes in [at, end): what law the forms of a value must keep. */
export function writesBack(
  write: FieldCodec['write'],
  value: FieldValue,
  bytes: Uint8Array,
  at: number,
  end: number,
): boolean {
  const copy = Buffer.allocUnsafe(end - at)
  try {
    return write(copy, 0, value) === copy.length && copy.compare(bytes, at, end) === 0
  } catch {
    return false
  }
}
