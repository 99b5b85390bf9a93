// A change of a dialect, and the words for what is changed.

import type { Codec } from '../codec/codec.js'
import { compile } from '../codec/compile.js'
import type { DataEncoding, Dialect, FieldDefinition, OddDigit } from '../codec/dialect.js'
import { type ParsedFormat, parseFormat } from '../codec/fields/format.js'

export interface Change {
  /** How the dialect reads it: `field 35 as BCD with a length that counts digits`. */
  readonly reading: string
  /** The host's habit in its place: `counts bytes`. */
  readonly host: string
  /** Where a dialect file says so: `fields.35.prefix: { counts: bytes }`. */
  readonly property: string
  apply(dialect: Dialect): Dialect
}

/** Every way to place the spare half byte of an odd count of packed digits. */
export const oddDigits: readonly OddDigit[] = [
  { align: 'left', fill: '0' },
  { align: 'right', fill: '0' },
  { align: 'left', fill: 'F' },
  { align: 'right', fill: 'F' },
]

const encodingWords: Readonly<Record<string, string>> = {
  ascii: 'ASCII',
  bcd: 'BCD',
  binary: 'binary',
  hex: 'hex digits',
  ebcdic037: 'EBCDIC',
  ebcdic500: 'EBCDIC',
  ebcdic1047: 'EBCDIC',
  'ebcdic-hex': 'EBCDIC hex digits',
  gbk: 'GBK',
  latin1: 'Latin-1',
}
/** An encoding as people call it. */
export const words = (encoding: string) => encodingWords[encoding] ?? encoding

export const isSameOdd = (a: OddDigit, b: OddDigit) => a.align === b.align && a.fill === b.fill
export const oddWords = ({ align, fill }: OddDigit) =>
  `with the spare half byte ${align === 'left' ? 'at the end' : 'in front'} (${fill})`

export const parsedFormatOf = ({ format, name }: FieldDefinition): ParsedFormat => parseFormat(format, name)

/** The encoding of a field: its own, or the dialect's for its kind. */
export function dataOf(field: FieldDefinition, { encodings }: Dialect): DataEncoding {
  if (field.data !== undefined) return field.data
  const { kind } = parsedFormatOf(field)
  if (kind === 'b') return encodings.bytes
  if (kind === 'z') return encodings.track
  return kind === 'n' || kind === 'x+n' ? encodings.digits : encodings.text
}

/** A change may make no sense for a dialect: then there is no codec of it. */
export function compileIfPossible(dialect: Dialect): Codec | undefined {
  try {
    return compile(dialect)
  } catch {
    return undefined
  }
}
