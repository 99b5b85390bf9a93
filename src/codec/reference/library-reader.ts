// Reads a message with the iso_8583 library, and checks what the library does not: that every field was there in full, that
// digits are digits, and that nothing is left over. Finds each field's bytes on the way.

import type { LibraryFields } from 'iso_8583'
import { counted } from '../../base/text/counted.js'
import type { FieldValue } from '../message.js'
import { UnpackError } from '../unpack-error.js'
import { iso8583Library } from './library.js'
import { from127 } from './library-fields.js'
import type { FieldShape, LibraryDialect } from './library-formats.js'

export interface LibraryReading {
  readonly mti: string
  readonly fields: Readonly<Record<string, FieldValue>>
  /** The bytes of each field with its length prefix, by field number. */
  readonly raw: ReadonlyMap<number, Uint8Array>
  /** Why reading stopped. */
  readonly error?: UnpackError
}

export function readWithLibrary(library: LibraryDialect, bytes: Uint8Array): LibraryReading {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: Record<string, FieldValue> = {}
  const raw = new Map<number, Uint8Array>()
  const mti = buffer.toString('latin1', 0, 4)
  try {
    const flat = libraryFields(library, buffer)
    let at = 4 + bitmapWidth(library, buffer)
    for (const number of numbersOf(flat)) {
      const end = endOf(library, number, buffer, at)
      fields[number] = valueAt(library, number, flat, buffer.subarray(at, end), at)
      raw.set(number, bytes.subarray(at, end))
      at = end
    }
    if (at !== buffer.length) throw new UnpackError('TRAILING', [], at, 'the end of the message')
    return { mti, fields, raw }
  } catch (error) {
    return { mti, fields, raw, error: asUnpackError(error) }
  }
}

function libraryFields(library: LibraryDialect, buffer: Buffer): LibraryFields {
  if (buffer.length < 4) throw new UnpackError('TRUNCATED', ['mti'], 0, '4 digits')
  if (buffer.length < 4 + bitmapWidth(library, buffer)) throw new UnpackError('TRUNCATED', ['bitmap'], 4, 'a bitmap')
  const config = { lenHeader: false, bitmapEncoding: library.bitmapEncoding }
  const flat = new (iso8583Library())({}, library.formats).getIsoJSON(buffer, config)
  if (flat.error !== undefined) throw new UnpackError('BAD_LENGTH', pathIn(flat.error), 0, whatItSays(flat.error))
  return flat
}

/** Where the first bit of a binary bitmap is not set, the library takes half a bitmap. */
const bitmapWidth = (library: LibraryDialect, buffer: Buffer): number =>
  library.bitmapEncoding === 'hex' && ((buffer[4] ?? 0) & 0x80) === 0 ? 8 : library.bitmapBytes

/** The field numbers that the library found, in order; 127 once for all that is inside. */
function numbersOf(flat: LibraryFields): readonly number[] {
  const numbers = new Set(Object.keys(flat).map((path) => Number.parseInt(path, 10)))
  numbers.delete(0)
  return [...numbers].sort((a, b) => a - b)
}

function endOf(library: LibraryDialect, number: number, buffer: Buffer, at: number): number {
  const path = [String(number)]
  const shape = library.shapes.get(String(number))
  if (shape === undefined) throw new UnpackError('UNKNOWN_FIELD', path, at, 'a field of the dialect')
  const prefix = buffer.toString('latin1', at, at + shape.dots)
  if (prefix.length < shape.dots)
    throw new UnpackError('TRUNCATED', path, at, `a length of ${counted(shape.dots, 'digit')}`)
  if (!/^\d*$/.test(prefix))
    throw new UnpackError('BAD_LENGTH', path, at, `a length of ${counted(shape.dots, 'digit')}`)
  const width = shape.dots === 0 ? shape.bytes : Number(prefix)
  if (width > shape.bytes) throw new UnpackError('BAD_LENGTH', path, at, `a length of at most ${shape.bytes}`)
  const end = at + shape.dots + width
  if (end > buffer.length) throw new UnpackError('TRUNCATED', path, at, counted(width, 'byte'))
  return end
}

/** Compares the library's value with the field's bytes: a field that was cut short inside 127 shifts all that follow. */
function valueAt(library: LibraryDialect, number: number, flat: LibraryFields, raw: Buffer, at: number): FieldValue {
  if (number === 127) return from127(flat)
  const { kind, dots } = library.shapes.get(String(number)) as FieldShape
  const value = flat[number] as string
  const found = raw.toString(kind === 'b' ? 'hex' : 'utf8', dots)
  if (found !== value)
    throw new UnpackError('BAD_LENGTH', [String(number)], at, 'the field where the lengths before it say')
  if (kind === 'n' && !/^\d*$/.test(value)) throw new UnpackError('BAD_DIGIT', [String(number)], at, 'digits')
  if (kind === 'x+n' && !/^[CD]\d*$/.test(value)) {
    throw new UnpackError('BAD_DIGIT', [String(number)], at, 'C or D and then digits')
  }
  return kind === 'b' ? value.toUpperCase() : value
}

/** The field that one of the library's messages names. They never hold a value. */
export function pathIn(said: string): readonly string[] {
  const match = /field (\d+(?:\.\d+)*)/i.exec(said)
  if (match?.[1] !== undefined) return match[1].split('.')
  return /mti|message type/.test(said) ? ['mti'] : []
}

export const whatItSays = (said: string) => `what the iso_8583 library takes; it says: ${said}`

function asUnpackError(error: unknown): UnpackError {
  if (error instanceof UnpackError) return error
  return new UnpackError('BAD_LENGTH', [], 0, 'a message that the iso_8583 library can read; it failed inside')
}
