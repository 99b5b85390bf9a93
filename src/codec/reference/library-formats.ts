// Translates a dialect into the format table of the iso_8583 library, and refuses by name what the library cannot do.

import type { LibraryFormat } from 'iso_8583'
import { UsageError } from '../../base/errors.js'
import type { Dialect, FieldDefinition } from '../dialect.js'
import { field127 } from '../dialects/iso-8583-field127.js'
import { type ParsedFormat, parseFormat } from '../fields/format.js'

/** How a field stands on the wire. */
export interface FieldShape extends ParsedFormat {
  /** Bytes of the value at most; exactly so when `dots` is 0. */
  readonly bytes: number
}

export interface LibraryDialect {
  readonly formats: Record<string, LibraryFormat>
  /** The library's own spelling of the bitmap's encoding. */
  readonly bitmapEncoding: 'hex' | 'utf8'
  /** Bytes of a bitmap of 128 bits. */
  readonly bitmapBytes: 16 | 32
  /** The shapes of fields by field number; 127 has a layout of its own. */
  readonly shapes: ReadonlyMap<string, FieldShape>
}

const lengthTypes = ['fixed', 'lvar', 'llvar', 'lllvar', 'llllvar', 'lllllvar', 'llllllvar'] as const

/** Throws UsageError that names the first thing in the dialect that the library cannot speak. */
export function libraryDialect(dialect: Dialect): LibraryDialect {
  const { encodings } = dialect
  const { bitmap } = encodings
  const refuse = (why: string) =>
    new UsageError(`cannot be spoken by the iso_8583 library: ${why}`, { where: dialect.name })
  if (encodings.mti !== 'ascii') throw refuse(`its MTI is in ${encodings.mti}, the library's is in ascii`)
  if (
    bitmap.extends !== 'always' ||
    bitmap.bytes !== 8 ||
    (bitmap.parts ?? 2) !== 2 ||
    bitmap.encoding === 'ebcdic-hex'
  ) {
    throw refuse('the library always sends a bitmap of 128 bits, binary or in hexadecimal digits')
  }
  const shapes = new Map<string, FieldShape>()
  const formats: Record<string, LibraryFormat> = {}
  for (const [number, field] of Object.entries(dialect.fields)) {
    const why = obstacle(dialect, number, field)
    if (why !== undefined) throw refuse(`field ${number} ${why}`)
    const shape = libraryShape(field, `${dialect.name} field ${number}`)
    shapes.set(number, shape)
    if (number !== '127') formats[number] = formatOf(field, shape)
  }
  if (bitmap.encoding === 'hex') formats[1] = { ContentType: 'an', Label: 'bitmap', LenType: 'fixed', MaxLen: 32 }
  const isHex = bitmap.encoding === 'hex'
  return { formats, bitmapEncoding: isHex ? 'utf8' : 'hex', bitmapBytes: isHex ? 32 : 16, shapes }
}

/** The reason why the library cannot carry a field; undefined when it can. */
function obstacle(dialect: Dialect, number: string, field: FieldDefinition): string | undefined {
  if (!(Number(number) >= 2 && Number(number) <= 128) || number === '65') return 'is none that the library can send'
  if (number === '127') {
    return JSON.stringify(field) === JSON.stringify(field127)
      ? undefined
      : 'has another layout than the library gives it'
  }
  if (field.inside !== undefined) return 'has fields inside'
  if (field.filled || field.rest || field.terminator !== undefined || field.sign !== undefined) {
    return 'has a form that the library does not know'
  }
  const { kind, dots } = parseFormat(field.format, `${dialect.name} field ${number}`)
  if (kind === 'as') return "is of kind 'as', which the library does not know"
  if (kind === 'b' && dots > 0) return 'is binary of variable length'
  const data = dataOf(dialect, kind, field)
  if (data !== (kind === 'b' ? 'binary' : 'ascii')) return `is in ${data}`
  if (dots === 0)
    return kind === 'b' || field.pad?.side === 'none' ? undefined : 'is padded, and the library does not pad'
  return isPlainPrefix(dialect, dots, field)
    ? undefined
    : 'has a length prefix other than ASCII digits counting characters'
}

function dataOf(dialect: Dialect, kind: string, field: FieldDefinition): string {
  const { encodings } = dialect
  if (field.data !== undefined) return field.data
  if (kind === 'b') return encodings.bytes
  if (kind === 'z') return encodings.track
  return kind === 'n' || kind === 'x+n' ? encodings.digits : encodings.text
}

function isPlainPrefix(dialect: Dialect, dots: number, { prefix = {} }: FieldDefinition): boolean {
  const encoding = prefix.encoding ?? dialect.encodings.length
  // One byte a character: units and bytes are the same number.
  const counts = prefix.counts ?? 'units'
  return encoding === 'ascii' && (prefix.size ?? dots) === dots && counts !== 'nibbles' && prefix.inclusive !== true
}

export function libraryShape(field: FieldDefinition, where: string): FieldShape {
  const parsed = parseFormat(field.format, where)
  return { ...parsed, bytes: parsed.kind === 'x+n' ? parsed.length + 1 : parsed.length }
}

function formatOf(field: FieldDefinition, { kind, dots, bytes }: FieldShape): LibraryFormat {
  return {
    ContentType: kind,
    Label: field.name,
    LenType: lengthTypes[dots] ?? 'fixed',
    MaxLen: kind === 'b' ? 2 * bytes : bytes,
  }
}
