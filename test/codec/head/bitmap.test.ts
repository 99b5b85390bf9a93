// Bitmaps: which bits are set and read, in one, two and three parts, and the forms that are read but not written.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import type { BitmapDefinition, Encodings, FieldDefinition } from '../../../src/codec/dialect.js'
import { asciiEncodings, dialectOf } from '../axes.js'

const digit: FieldDefinition = { name: 'digit', format: 'n 1' }

function codecOf(bitmap: BitmapDefinition, fields: readonly number[]) {
  const encodings: Encodings = { ...asciiEncodings, mti: 'bcd', bitmap }
  return compile(dialectOf('bits', encodings, Object.fromEntries(fields.map((field) => [field, digit]))))
}
const message = (fields: readonly number[]) => ({
  mti: '0200',
  fields: Object.fromEntries(fields.map((field) => [field, String(field % 10)])),
})
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex').toUpperCase()

const byNeed: BitmapDefinition = { encoding: 'binary', bytes: 8, extends: 'byNeed' }
const fixed16: BitmapDefinition = { encoding: 'binary', bytes: 16, extends: 'fixed' }
const zeros = (bytes: number) => '00'.repeat(bytes)

const cases: readonly { name: string; bitmap: BitmapDefinition; known: number[]; fields: number[]; hex: string }[] = [
  { name: 'no field', bitmap: byNeed, known: [2], fields: [], hex: zeros(8) },
  { name: 'the first part alone', bitmap: byNeed, known: [2, 64, 65], fields: [2, 64], hex: '4000000000000001' },
  {
    name: 'a second part by need',
    bitmap: byNeed,
    known: [2, 65, 128],
    fields: [2, 65, 128],
    hex: 'C000000000000000 8000000000000001',
  },
  {
    name: 'a third part by need',
    bitmap: byNeed,
    known: [2, 66, 129, 192],
    fields: [2, 192],
    hex: 'C000000000000000 8000000000000000 0000000000000001',
  },
  {
    name: 'field 65 is a field where there is no third part',
    bitmap: byNeed,
    known: [65],
    fields: [65],
    hex: '8000000000000000 8000000000000000',
  },
  {
    name: 'hex',
    bitmap: { ...byNeed, encoding: 'hex' },
    known: [2, 7, 12],
    fields: [2, 7, 12],
    hex: ascii('4210000000000000'),
  },
  {
    name: 'EBCDIC hex',
    bitmap: { ...byNeed, encoding: 'ebcdic-hex' },
    known: [3, 5, 7],
    fields: [3, 5, 7],
    hex: `F2C1${'F0'.repeat(14)}`,
  },
  { name: 'fixed 16 bytes, low fields', bitmap: fixed16, known: [2, 128], fields: [2], hex: `40${zeros(15)}` },
  { name: 'fixed 16 bytes, high fields', bitmap: fixed16, known: [2, 128], fields: [2, 128], hex: `C0${zeros(14)}01` },
  {
    name: 'fixed 24 bytes',
    bitmap: { ...fixed16, bytes: 24 },
    known: [2, 192],
    fields: [2, 192],
    hex: `C0${zeros(7)}80${zeros(14)}01`,
  },
]

describe('a bitmap', () => {
  for (const { name, bitmap, known, fields, hex } of cases) {
    const codec = codecOf(bitmap, known)
    const bytes = Buffer.from(
      `0200${hex.replaceAll(' ', '')}${ascii(fields.map((field) => field % 10).join(''))}`,
      'hex',
    )

    test(`${name}: is written`, () => {
      expect(Buffer.from(codec.pack(message(fields))).toString('hex')).toBe(bytes.toString('hex'))
    })
    test(`${name}: is read`, () => {
      expect(codec.unpack(bytes)).toEqual(message(fields))
    })
  }

  const unusual: readonly { name: string; bitmap: BitmapDefinition; known: number[]; fields: number[]; hex: string }[] =
    [
      {
        name: 'a fixed bitmap whose first bit is not set',
        bitmap: fixed16,
        known: [2, 128],
        fields: [128],
        hex: `${zeros(15)}01`,
      },
      {
        name: 'a fixed bitmap whose first bit is set for nothing',
        bitmap: fixed16,
        known: [2, 128],
        fields: [2],
        hex: `C0${zeros(15)}`,
      },
      { name: 'an empty second part', bitmap: byNeed, known: [2, 128], fields: [2], hex: `C0${zeros(15)}` },
      {
        name: 'lower-case hex',
        bitmap: { ...byNeed, encoding: 'hex' },
        known: [3, 5, 7],
        fields: [3, 5, 7],
        hex: ascii('2a00000000000000'),
      },
    ]
  for (const { name, bitmap, known, fields, hex } of unusual) {
    test(`keeps its bytes in the message: ${name}`, () => {
      const codec = codecOf(bitmap, known)
      const bytes = Buffer.from(`0200${hex}${ascii(fields.map((field) => field % 10).join(''))}`, 'hex')
      const unpacked = codec.unpack(bytes)
      expect(unpacked).toEqual({ ...message(fields), bitmap: hex })
      expect(Buffer.from(codec.pack(unpacked)).toString('hex')).toBe(bytes.toString('hex'))
    })
  }

  test('that does not name the fields of its message is not packed', () => {
    const codec = codecOf(byNeed, [2, 3])
    for (const bitmap of ['2000000000000000', '40', '', 'xx', '400000000000000000']) {
      expect(() => codec.pack({ ...message([2]), bitmap })).toThrow(expect.objectContaining({ code: 'BAD_BITMAP' }))
    }
  })

  test('that is no hex is refused', () => {
    const bytes = Buffer.from(`0200${ascii('40000000000000G0')}`, 'hex')
    expect(() => codecOf({ ...byNeed, encoding: 'hex' }, [2]).unpack(bytes)).toThrow(
      expect.objectContaining({ code: 'BAD_BITMAP', offset: 16, path: ['bitmap'] }),
    )
  })

  test('says that bit 1 is unknown where the dialect has no field beyond 64', () => {
    const bytes = Buffer.from(`0200C0${zeros(15)}31`, 'hex')
    expect(() => codecOf(byNeed, [2]).unpack(bytes)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FIELD', path: ['1'] }),
    )
  })

  test('is refused for fields that it has no bit for', () => {
    expect(() => codecOf({ ...fixed16, bytes: 8 }, [65])).toThrow(
      'dialect bits has field 65, for which its bitmap of 8 bytes has no bit',
    )
    expect(() => codecOf({ ...fixed16, bytes: 25 }, [2])).toThrow('a bitmap of 25 bytes')
    expect(() => codecOf(byNeed, [65, 130])).toThrow(
      'field 65 cannot be used: in this bitmap, bit 65 announces another bitmap',
    )
  })
})
