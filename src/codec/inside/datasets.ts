// Datasets inside a field (ISO 8583-1:2003 and 2023, §4.4.4): identifier 1 byte, length 2 bytes, content. Identifiers 01 to 70
// hold BER-TLV, 71 to FE elements behind a bitmap of their own. A dataset that cannot be read is kept as its bytes.
//
// The bitmap (DBM): 16 bits, of which the first says that 8 more follow, and so on; the last bit of the last part says that
// TLV follows the elements. All other bits are elements, counted from 1.

import { counted } from '../../base/text/counted.js'
import type { FieldDefinition, Inside } from '../dialect.js'
import type { FieldCodec, FieldContext } from '../fields/field-codec.js'
import type { FieldValue } from '../message.js'
import { isVerbatim } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { berTlv } from './ber-tlv.js'
import { asFields, type ContentCodec, orderOf, withOrder } from './content.js'
import type { CompileField } from './tlv.js'

type DatasetsInside = Extract<Inside, { kind: 'datasets' }>

/** Bytes of identifier and length. */
const headBytes = 3
const lastTlvDataset = 0x70
const firstPartBits = 16
const nextPartBits = 8
/** Bits of the longest bitmap that is read: more elements than any dataset has. */
const mostBits = 256

/** Throws UsageError for an element that cannot be compiled. */
export function datasets(inside: DatasetsInside, context: FieldContext, compileField: CompileField): ContentCodec {
  const { path } = context
  const elements = new Map<number, FieldCodec>()
  for (const [key, definition] of Object.entries(inside.fields ?? {}) as [string, FieldDefinition][]) {
    elements.set(
      Number(key),
      compileField(definition, { ...context, where: `${context.where}.${key}`, path: [...path, key] }),
    )
  }
  const elementCodec = bitmapped(elements)
  const contentOf = (id: number) => (id <= lastTlvDataset ? berTlv([...path, hexOf(id)]) : elementCodec)

  return {
    read(source, start, end) {
      const fields: Record<string, FieldValue> = {}
      const order: string[] = []
      for (let at = start; at < end; ) {
        const { id, contentAt, next } = headAt(source, at, end, path)
        const key = hexOf(id)
        if (fields[key] !== undefined) throw new UnpackError('BAD_TAG', [...path, key], at, 'each dataset at most once')
        fields[key] = readContent(contentOf(id), source, contentAt, next)
        order.push(key)
        at = next
      }
      return withOrder(fields, order)
    },
    write(target, start, value) {
      let at = start
      for (const key of orderOf(value, path)) {
        if (!/^[0-9A-F]{2}$/.test(key) || key === '00' || key === 'FF')
          throw new PackError('UNKNOWN_FIELD', [...path, key], 'a dataset identifier of two hex digits, 01 to FE')
        const end = writeContent(contentOf(Number.parseInt(key, 16)), target, at + headBytes, {
          value: value[key] as FieldValue,
          path: [...path, key],
        })
        const length = end - at - headBytes
        if (length === 0 || length > 0xffff)
          throw new PackError('WRONG_LENGTH', [...path, key], `1 to 65535 bytes of content, got ${length}`)
        target[at] = Number.parseInt(key, 16)
        target[at + 1] = length >> 8
        target[at + 2] = length & 0xff
        at = end
      }
      return at
    },
  }
}

const hexOf = (id: number) => id.toString(16).toUpperCase().padStart(2, '0')

function headAt(source: Source, at: number, end: number, path: readonly string[]) {
  const { bytes } = source
  if (at + headBytes > end) throw new UnpackError('TRUNCATED', path, at, 'a dataset: identifier 1 byte, length 2 bytes')
  const id = bytes[at] as number
  const contentAt = at + headBytes
  const next = contentAt + (((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number))
  if (next > end || next === contentAt)
    throw new UnpackError(
      'BAD_LENGTH',
      [...path, hexOf(id)],
      at + 1,
      `a dataset of 1 to ${counted(end - contentAt, 'byte')}`,
    )
  return { id, contentAt, next }
}

/** As its bytes where it is none that is known. */
function readContent(content: ContentCodec, source: Source, at: number, end: number): FieldValue {
  try {
    return content.read(source, at, end)
  } catch (error) {
    if (error instanceof UnpackError) return { hex: source.hexUpper(at, end) }
    throw error
  }
}

function writeContent(
  content: ContentCodec,
  target: Uint8Array,
  at: number,
  { value, path }: { readonly value: FieldValue; readonly path: readonly string[] },
): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isVerbatim(value))
    return content.write(target, at, asFields(value, path))
  const bytes = Buffer.from(value.hex, 'hex')
  if (2 * bytes.length !== value.hex.length) throw new PackError('BAD_VERBATIM', path, 'an even number of hex digits')
  for (const [index, byte] of bytes.entries()) target[at + index] = byte
  return at + bytes.length
}

/** Elements by their numbers behind the bitmap. */
function bitmapped(elements: ReadonlyMap<number, FieldCodec>): ContentCodec {
  return {
    read(source, start, end) {
      const { numbers, next } = readBitmap(source.bytes, start, end)
      const fields: Record<string, FieldValue> = {}
      let at = next
      for (const number of numbers) {
        const codec = elements.get(number)
        if (codec === undefined)
          throw new UnpackError('UNKNOWN_FIELD', [String(number)], at, 'an element that is known')
        const elementEnd = codec.skip(source.bytes, at, end)
        fields[number] = codec.read(source, at, elementEnd)
        at = elementEnd
      }
      if (at !== end) throw new UnpackError('TRAILING', [], at, 'the end of the dataset')
      return fields
    },
    write(target, start, value) {
      const numbers = Object.keys(value)
        .filter((key) => key !== 'order')
        .map(Number)
        .sort((a, b) => a - b)
      const unknown = numbers.find((number) => !elements.has(number))
      if (unknown !== undefined) throw new PackError('UNKNOWN_FIELD', [String(unknown)], 'an element that is known')
      let at = writeBitmap(target, start, numbers)
      for (const number of numbers)
        at = (elements.get(number) as FieldCodec).write(target, at, value[String(number)] as FieldValue)
      return at
    },
  }
}

function readBitmap(bytes: Uint8Array, start: number, end: number): { numbers: readonly number[]; next: number } {
  const isSet = (bit: number) => ((bytes[start + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0
  let bits = firstPartBits
  for (let part = 0; isSet(part); part = bits - nextPartBits) {
    bits += nextPartBits
    if (bits > mostBits) break
  }
  const next = start + bits / 8
  if (next > end) throw new UnpackError('TRUNCATED', ['bitmap'], start, 'a bitmap of two bytes or more')
  if (isSet(bits - 1)) throw new UnpackError('BAD_BITMAP', ['bitmap'], next, 'no TLV behind the elements')
  const numbers = elementBits(bits).flatMap((bit, index) => (isSet(bit) ? [index + 1] : []))
  return { numbers, next }
}

function writeBitmap(target: Uint8Array, start: number, numbers: readonly number[]): number {
  const highest = numbers.at(-1) ?? 0
  let bits = firstPartBits
  while (elementBits(bits).length < highest) bits += nextPartBits
  for (let byte = 0; byte < bits / 8; byte++) target[start + byte] = 0
  const set = (bit: number) => {
    const at = start + (bit >> 3)
    target[at] = (target[at] ?? 0) | (0x80 >> (bit & 7))
  }
  for (let end = firstPartBits; end < bits; end += nextPartBits) set(end === firstPartBits ? 0 : end - nextPartBits)
  const places = elementBits(bits)
  for (const number of numbers) set(places[number - 1] as number)
  return start + bits / 8
}

/** The bits that are elements, of a bitmap of so many: all but the first of each part and the very last. */
function elementBits(bits: number): readonly number[] {
  const isFirst = (bit: number) => bit === 0 || (bit >= firstPartBits && bit % nextPartBits === 0)
  return Array.from({ length: bits - 1 }, (_, bit) => bit).filter((bit) => !isFirst(bit))
}
