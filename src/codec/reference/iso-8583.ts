// The npm library iso_8583 behind our interface: the oracle of the conformance tests, and `--codec iso_8583`.
// Slow, because the library packs and unpacks whole messages for everything; right, because its results are checked.

import type { Answerer, AnswerPlan, Codec, Peek, Template } from '../codec.js'
import type { Dialect } from '../dialect.js'
import type { FieldValue, Message } from '../message.js'
import { PackError } from '../pack-error.js'
import { iso8583Library } from './library.js'
import { toLibrary } from './library-fields.js'
import { type LibraryDialect, libraryDialect } from './library-formats.js'
import { type LibraryReading, pathIn, readWithLibrary, whatItSays } from './library-reader.js'

/** Throws UsageError that says why, for a dialect that the library cannot speak. */
export function referenceCodec(dialect: Dialect): Codec {
  const library = libraryDialect(dialect)
  // Missing, it is told before anything is read.
  iso8583Library()
  const read = (bytes: Uint8Array): LibraryReading => {
    const reading = readWithLibrary(library, bytes)
    if (reading.error !== undefined) throw reading.error
    return reading
  }
  return {
    dialect,
    name: 'iso_8583',
    pack: (message) => packWithLibrary(library, message),
    unpack: (bytes) => messageOf(read(bytes)),
    inspect(bytes) {
      const { error, ...reading } = readWithLibrary(library, bytes)
      return { message: messageOf(reading), ...(error === undefined ? {} : { error }) }
    },
    template: (message, slots) => createTemplate(library, message, slots),
    peek: (bytes) => peekOf(read(bytes)),
    peekOn(bytes) {
      const reading = readWithLibrary(library, bytes)
      return { peek: peekOf(reading), error: reading.error }
    },
    answerer: (plan) => createAnswerer(library, plan),
  }
}

const messageOf = ({ mti, fields }: LibraryReading): Message => ({ mti, fields })

function packWithLibrary(library: LibraryDialect, message: Message): Uint8Array {
  if (message.bitmap !== undefined)
    throw new PackError('BAD_BITMAP', ['bitmap'], 'none: the iso_8583 library makes its own')
  for (const number of Object.keys(message.fields)) widest(library, Number(number))
  const flat = toLibrary(message)
  let packed: unknown
  try {
    packed = new (iso8583Library())(flat, library.formats).getRawMessage()
  } catch {
    throw new PackError('WRONG_KIND', [], 'a message that the iso_8583 library can pack; it failed inside')
  }
  // On failure the library returns an object, or its own bitmap as an Uint8Array.
  if (Buffer.isBuffer(packed)) return packed
  const said = String((packed as { error?: unknown }).error ?? 'nothing')
  const path = pathIn(said)
  throw new PackError(path[0] === 'mti' ? 'BAD_MTI' : 'WRONG_KIND', path, whatItSays(said))
}

/** Most bytes that a field can take. Throws PackError for one that the dialect has not. */
function widest(library: LibraryDialect, field: number): number {
  const shape = library.shapes.get(String(field))
  if (shape === undefined) throw new PackError('UNKNOWN_FIELD', [String(field)], 'a field of the dialect')
  return shape.dots + shape.bytes
}

const headBytes = (library: LibraryDialect) => 4 + library.bitmapBytes

function createTemplate(library: LibraryDialect, message: Message, slots: readonly number[]): Template {
  const fixed = Object.fromEntries(Object.entries(message.fields).filter(([number]) => !slots.includes(Number(number))))
  // The library refuses field 127 without fields that may be slots, so such a message is first packed when it is whole.
  const isAlone = fixed[127] === undefined
  const fixedBytes = isAlone
    ? packWithLibrary(library, { ...message, fields: fixed }).length
    : headBytes(library) + sum(Object.keys(fixed).map((number) => widest(library, Number(number))))
  return {
    maxBytes: fixedBytes + sum(slots.map((slot) => widest(library, slot))),
    write(target, at, values) {
      const fields: Record<string, FieldValue> = { ...fixed }
      for (const [index, slot] of slots.entries()) fields[slot] = values[index] as string
      return put(packWithLibrary(library, { ...message, fields }), target, at)
    },
  }
}

function peekOf({ mti, fields, raw }: LibraryReading): Peek {
  return {
    mti,
    has: (field) => raw.has(field),
    text(field) {
      const value = fields[field]
      return typeof value === 'string' ? value : undefined
    },
    raw: (field) => raw.get(field),
  }
}

function createAnswerer(library: LibraryDialect, { mti, echoed, set }: AnswerPlan): Answerer {
  const setBytes = sum(set.map((field) => widest(library, field)))
  const copied = echoed.filter((field) => !set.includes(field))
  for (const field of copied) widest(library, field)
  return {
    maxBytes: (requestBytes) => headBytes(library) + requestBytes + setBytes,
    write(request, values, target, at) {
      const fields: Record<string, FieldValue> = {}
      for (const field of copied) {
        const value = echoedValue(library, request, field)
        if (value !== undefined) fields[field] = value
      }
      for (const [index, field] of set.entries()) {
        const value = values[index]
        if (value !== undefined) fields[field] = value
      }
      return put(packWithLibrary(library, { mti, fields }), target, at)
    },
  }
}

/** A nested field is read once more, as the only field of a message. */
function echoedValue(library: LibraryDialect, request: Peek, field: number): FieldValue | undefined {
  const raw = request.raw(field)
  if (raw === undefined) return undefined
  const text = request.text(field)
  if (text !== undefined) return text
  const bitmap = Buffer.alloc(16)
  bitmap[0] = 0x80
  bitmap[(field - 1) >> 3] = (bitmap[(field - 1) >> 3] as number) | (0x80 >> ((field - 1) & 7))
  const head = library.bitmapEncoding === 'hex' ? bitmap : Buffer.from(bitmap.toString('hex').toUpperCase())
  return readWithLibrary(library, Buffer.concat([Buffer.from(request.mti), head, raw])).fields[field]
}

function put(packed: Uint8Array, target: Uint8Array, at: number): number {
  target.set(packed, at)
  return at + packed.length
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0)
