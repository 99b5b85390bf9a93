// Bitmaps: which fields a message has. Bit n of the first byte's high end on is field n; an indicator bit is no field.

import { UsageError } from '../../base/errors.js'
import { counted, stillLeft } from '../../base/text/counted.js'
import type { BitmapDefinition } from '../dialect.js'
import { hexDigits } from '../encodings/hex.js'
import { UnpackError } from '../unpack-error.js'

/** Most fields of any message: three bitmaps of 8 bytes (ISO 8583-1 §4.4.2). */
export const mostFields = 192

/** The highest field that two bitmaps announce. */
export const lastOfTwo = 128

/** Field numbers in ascending order; the array is reused, so only the first `count` count. */
export interface FieldList {
  readonly numbers: Uint8Array
  count: number
}

export function createFieldList(): FieldList {
  return { numbers: new Uint8Array(mostFields), count: 0 }
}

export interface BitmapCodec {
  readonly maxBytes: number
  /** Fills `list`; returns the end. Throws UnpackError. */
  read(bytes: Uint8Array, at: number, end: number, list: FieldList): number
  /** Writes the bits of `list`, which is ascending; returns the end. */
  write(target: Uint8Array, at: number, list: FieldList): number
}

export interface BitmapPlan {
  readonly definition: BitmapDefinition
  /** Numbers of the fields that there are. */
  readonly fields: readonly number[]
  readonly path: readonly string[]
  readonly where: string
}

/** Throws UsageError for fields that the bitmap has no bit for, or that stand where an indicator does. */
export function compileBitmap(plan: BitmapPlan): BitmapCodec {
  if (plan.definition.thirdIn === undefined) return compileParts(plan)
  const two = compileParts({ ...plan, fields: plan.fields.filter((field) => field <= lastOfTwo) })
  return {
    ...two,
    write(target, at, list) {
      const { count, numbers } = list
      while (list.count > 0 && (numbers[list.count - 1] as number) > lastOfTwo) list.count--
      const end = two.write(target, at, list)
      list.count = count
      return end
    },
  }
}

function compileParts(plan: BitmapPlan): BitmapCodec {
  const { definition, fields, where } = plan
  const { encoding, bytes, extends: extension } = definition
  const highest = Math.max(1, ...fields)
  if (!Number.isInteger(bytes) || bytes < 1 || bytes * 8 > mostFields) {
    throw new UsageError(`has a bitmap of ${counted(bytes, 'byte')}: expected 1 to ${mostFields / 8}`, { where })
  }
  const parts = partsOf(definition, highest)
  if (highest > mostFields || highest > parts * bytes * 8) {
    throw new UsageError(`has field ${highest}, for which its bitmap of ${counted(bytes, 'byte')} has no bit`, {
      where,
    })
  }
  const indicators = extension === 'fixed' ? fixedIndicators(bytes, fields) : partIndicators(bytes, parts)
  for (const bit of indicators) {
    if (extension !== 'fixed' && fields.includes(bit)) {
      throw new UsageError(`field ${bit} cannot be used: in this bitmap, bit ${bit} announces another bitmap`, {
        where,
      })
    }
  }
  const wire = encoding === 'binary' ? binaryWire : hexWire(encoding)
  return {
    maxBytes: parts * bytes * wire.factor,
    read: bitmapReader({ bytes, parts, wire, indicators, path: [...plan.path, 'bitmap'] }),
    write: bitmapWriter({ bytes, parts, wire, indicators, extension }),
  }
}

/** A fixed bitmap is one part of any length. */
function partsOf({ bytes, extends: extension, parts }: BitmapDefinition, highest: number): number {
  if (extension === 'fixed') return 1
  return extension === 'always' ? (parts ?? 2) : Math.ceil(highest / (8 * bytes))
}

/** The bits 1 and 65 of a fixed bitmap that are ignored when read, because no field has that number: they may be set or not. */
function fixedIndicators(bytes: number, fields: readonly number[]): readonly number[] {
  return [1, 65].filter((bit) => bytes * 8 >= bit + 64 && !fields.includes(bit))
}

function partIndicators(bytes: number, parts: number): readonly number[] {
  return Array.from({ length: parts - 1 }, (_, part) => part * bytes * 8 + 1)
}

/** How bytes of a bitmap stand on the wire. */
interface Wire {
  readonly factor: 1 | 2
  /** -1 when there is no hex digit. */
  get(bytes: Uint8Array, at: number): number
  put(target: Uint8Array, at: number, byte: number): void
}

const binaryWire: Wire = {
  factor: 1,
  get: (bytes, at) => bytes[at] as number,
  put: (target, at, byte) => {
    target[at] = byte
  },
}

function hexWire(name: 'hex' | 'ebcdic-hex'): Wire {
  const { byteOf, valueFrom } = hexDigits(name)
  const values = Int8Array.from(valueFrom)
  // Lower case is read, because hosts write it; it is not the form that is written.
  for (let value = 10; value < 16; value++) {
    const byte = byteOf[value] as number
    values[name === 'hex' ? byte | 0x20 : byte & 0xbf] = value
  }
  return {
    factor: 2,
    get(bytes, at) {
      const high = values[bytes[at] as number] as number
      const low = values[bytes[at + 1] as number] as number
      return high < 0 || low < 0 ? -1 : (high << 4) | low
    },
    put(target, at, byte) {
      target[at] = byteOf[byte >> 4] as number
      target[at + 1] = byteOf[byte & 15] as number
    },
  }
}

interface Layout {
  readonly bytes: number
  readonly parts: number
  readonly wire: Wire
  readonly indicators: readonly number[]
}

function bitmapReader({ bytes: partBytes, parts, wire, indicators, path }: Layout & { path: readonly string[] }) {
  const size = partBytes * wire.factor
  const masks = indicatorMasks(parts * partBytes, indicators)
  return (bytes: Uint8Array, start: number, end: number, list: FieldList): number => {
    const { numbers } = list
    let at = start
    let count = 0
    let index = 0
    for (let part = 0; part < parts; part++) {
      if (at + size > end)
        throw new UnpackError('TRUNCATED', path, at, `${counted(size, 'byte')}, ${stillLeft(end - at)}`)
      const first = wire.get(bytes, at)
      for (const stop = at + size; at < stop; at += wire.factor, index++) {
        let byte = wire.get(bytes, at)
        if (byte < 0) throw new UnpackError('BAD_BITMAP', path, at, 'hex digits')
        byte &= masks[index] as number
        while (byte !== 0) {
          const bit = Math.clz32(byte) - 24
          numbers[count++] = index * 8 + bit + 1
          byte &= ~(0x80 >> bit)
        }
      }
      if ((first & 0x80) === 0) break
    }
    list.count = count
    return at
  }
}

/** For each byte the bits that are fields. */
function indicatorMasks(length: number, indicators: readonly number[]): Uint8Array {
  const masks = new Uint8Array(length).fill(0xff)
  for (const bit of indicators) masks[(bit - 1) >> 3] = 0x7f
  return masks
}

function bitmapWriter(layout: Layout & { extension: BitmapDefinition['extends'] }) {
  const { bytes: partBytes, parts, wire, indicators, extension } = layout
  const bits = new Uint8Array(parts * partBytes)
  const reach = extension === 'fixed' ? 64 : partBytes * 8
  const isLong = extension !== 'byNeed'
  const isAlways = extension === 'always'
  return (target: Uint8Array, at: number, { numbers, count }: FieldList): number => {
    const highest = count === 0 ? 1 : (numbers[count - 1] as number)
    const length = isLong ? bits.length : Math.ceil(highest / reach) * partBytes
    bits.fill(0)
    for (let index = 0; index < count; index++) {
      const bit = (numbers[index] as number) - 1
      bits[bit >> 3] = (bits[bit >> 3] as number) | (0x80 >> (bit & 7))
    }
    for (const bit of indicators) {
      if (isAlways || highest >= bit + reach) bits[(bit - 1) >> 3] = (bits[(bit - 1) >> 3] as number) | 0x80
    }
    for (let index = 0; index < length; index++) wire.put(target, at + index * wire.factor, bits[index] as number)
    return at + length * wire.factor
  }
}
