// Values inside fields: subfields one after another, behind a bitmap, as BER-TLV and as tags with lengths.

import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { FieldDefinition, Inside } from '../../src/codec/dialect.js'
import { type FieldValue, isVerbatim } from '../../src/codec/message.js'
import { binaryEncodings, dialectOf } from './axes.js'

/** MTI 0200, field 2 alone. Lengths and digits are packed, text is ASCII, bytes are raw. */
const start = '02004000000000000000'
const bytesAt = start.length / 2

const codecOf = (definition: Omit<FieldDefinition, 'name'>) =>
  compile(dialectOf('case', binaryEncodings, { 2: { name: 'value', ...definition } }))
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex').toUpperCase()
const packedHex = (codec: ReturnType<typeof codecOf>, value: FieldValue) =>
  Buffer.from(codec.pack({ mti: '0200', fields: { 2: value } }))
    .toString('hex')
    .toUpperCase()
const unpacked = (codec: ReturnType<typeof codecOf>, hex: string) =>
  codec.unpack(Buffer.from(start + hex.replaceAll(' ', ''), 'hex')).fields[2]

const parts: Inside = {
  kind: 'positional',
  fields: {
    1: { name: 'type', format: 'n 2' },
    2: { name: 'batch', format: 'n 6' },
    3: { name: 'code', format: 'n 3' },
    4: { name: 'capability', format: 'n 1' },
  },
}
const postilion: Inside = {
  kind: 'bitmap',
  bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' },
  fields: {
    2: { name: 'switchKey', format: 'ans..32', prefix: { encoding: 'ascii' } },
    25: {
      name: 'chip',
      format: 'b....99',
      inside: {
        kind: 'bitmap',
        bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' },
        fields: { 2: { name: 'amount', format: 'n 12', data: 'ascii' } },
      },
    },
  },
}
const visa: Inside = {
  kind: 'bitmap',
  bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' },
  fields: { 1: { name: 'indicator', format: 'an 1' }, 2: { name: 'id', format: 'n 15' } },
}
const pds: Inside = {
  kind: 'tlv',
  tag: { encoding: 'ascii', size: 4 },
  length: { encoding: 'ascii', size: 3, counts: 'units', inclusive: false },
}
const cup62: Inside = {
  kind: 'tlv',
  tag: { encoding: 'hex', size: 2 },
  length: { encoding: 'binary', size: 1, counts: 'bytes', inclusive: false },
  fields: { '5F01': { name: 'card', format: 'ans..30' } },
}
const tables: Inside = {
  kind: 'tlv',
  tag: { encoding: 'ascii', size: 2 },
  length: { encoding: 'bcd', size: 4, counts: 'bytes', inclusive: false },
  lengthFirst: true,
}
const berTlv: Inside = { kind: 'ber-tlv' }

type Case = readonly [name: string, definition: Omit<FieldDefinition, 'name'>, value: FieldValue, hex: string]

const cases: readonly Case[] = [
  [
    'subfields of packed digits are digits',
    { format: 'n...17', inside: parts },
    { 1: '22', 2: '000001', 3: '003' },
    '0011 220000010030',
  ],
  ['the last subfields may be missing', { format: 'n...17', inside: parts }, { 1: '22' }, '0002 22'],
  ['no subfield at all', { format: 'n...17', inside: parts }, {}, '0000'],
  [
    'subfields of text are text',
    { format: 'ans...17', inside: parts },
    { 1: '22', 2: '000001' },
    `0008 ${ascii('22000001')}`,
  ],
  [
    "subfields of bytes have the dialect's encodings",
    { format: 'b...17', inside: parts },
    { 1: '22', 2: '000001' },
    '0004 22000001',
  ],
  ['subfields of EBCDIC text', { format: 'ans...17', data: 'ebcdic037', inside: parts }, { 1: '22' }, '0002 F2F2'],
  [
    'other fill keeps the field verbatim',
    { format: 'n...17', inside: parts },
    { hex: '22000001003F', length: 11 },
    '0011 22000001003F',
  ],
  [
    'subfields behind a bitmap',
    { format: 'b......999', inside: postilion },
    { 2: '0042' },
    `000014 4000000000000000 ${ascii('040042')}`,
  ],
  [
    'a bitmap within a bitmap',
    { format: 'b......999', inside: postilion },
    { 25: { 2: '000000000100' } },
    `000030 0000008000000000 0020 4000000000000000 ${ascii('000000000100')}`,
  ],
  ['bit 1 may be a field', { format: 'b..99', inside: visa }, { 1: 'Y' }, `09 8000000000000000 ${ascii('Y')}`],
  [
    'BER-TLV in the order of its tags',
    { format: 'b...255', inside: berTlv },
    { '82': '5C00', '9F26': '0123456789ABCDEF' },
    '0015 82025C00 9F26080123456789ABCDEF',
  ],
  [
    'BER-TLV in another order names it',
    { format: 'b...255', inside: berTlv },
    { '82': '5C00', '9F27': '80', order: ['9F27', '82'] },
    '0008 9F270180 82025C00',
  ],
  [
    'a tag of three bytes and a long value',
    { format: 'b...999', inside: berTlv },
    { DF8101: 'AB'.repeat(200) },
    `0205 DF810181C8${'AB'.repeat(200)}`,
  ],
  ['a template nests', { format: 'b...255', inside: berTlv }, { E1: { '9F27': '80' } }, '0006 E1049F270180'],
  ['a template that does not parse is hex', { format: 'b...255', inside: berTlv }, { E1: '9F2705' }, '0005 E1039F2705'],
  [
    'a repeated tag has all its values',
    { format: 'b...255', inside: berTlv },
    { '9F27': ['80', '40'] },
    '0008 9F2701809F270140',
  ],
  [
    'a length of more bytes than it needs stands in the order of tags',
    { format: 'b...255', inside: berTlv },
    { '82': '5C00', '9F26': '0123456789ABCDEF', order: ['82820002', '9F26'] },
    '0017 828200025C00 9F26080123456789ABCDEF',
  ],
  [
    'long lengths of a template, of what is in it and of a repeated tag',
    { format: 'b...255', inside: berTlv },
    { 71: { '9F18': '0001', order: ['9F188102'] }, 86: ['01', '02'], order: ['718106', '868101', '86'] },
    '0016 718106 9F1881020001 86810101 860102',
  ],
  [
    'zeros before, between and behind tags are no tags',
    { format: 'b...255', inside: berTlv },
    { '5F34': '01', '9F57': '0840', order: ['00', '5F34', '0000', '9F57', '00'] },
    '0013 00 5F340101 0000 9F57020840 00',
  ],
  [
    'several FF between tags are no tags',
    { format: 'b...255', inside: berTlv },
    { '9F27': '80', '95': '0000000000', order: ['FFFF', '9F27', 'FFFFFF', '95', 'FF'] },
    '0017 FFFF 9F270180 FFFFFF 95050000000000 FF',
  ],
  [
    'one FF is no tag where the rest would be none',
    { format: 'b...255', inside: berTlv },
    { '9F27': '80', '95': '0000000000', order: ['9F27', 'FF', '00', '95'] },
    '0013 9F270180 FF00 95050000000000',
  ],
  ['one FF begins a tag', { format: 'b...255', inside: berTlv }, { FF8105: '01' }, '0005 FF81050101'],
  [
    'repeated tags apart from each other',
    { format: 'b...255', inside: berTlv },
    { 86: ['01', '02'], '9F36': '0001', order: ['86', '9F36', '86'] },
    '0011 860101 9F36020001 860102',
  ],
  ['tags without a value', { format: 'b...255', inside: berTlv }, { '9F34': '', DF04: '' }, '0006 9F3400 DF0400'],
  ['BER-TLV in hex', { format: 'b...255', data: 'hex', inside: berTlv }, { '9F27': '80' }, `0004 ${ascii('9F270180')}`],
  [
    'text tags',
    { format: 'ans...999', inside: pds },
    { '0023': 'NA ', '0158': 'X' },
    `0018 ${ascii('0023003NA 0158001X')}`,
  ],
  [
    'tables, each with its length in front',
    { format: 'b...999', inside: tables },
    { SP: '01ZZZ', TA: { hex: '00000000' } },
    `0017 0007${ascii('SP01ZZZ')} 0006${ascii('TA')}00000000`,
  ],
  [
    'binary tags, known and unknown',
    { format: 'b...999', inside: cup62 },
    { '5F01': 'AB', '5F02': '0102' },
    `0010 5F0102${ascii('AB')} 5F02020102`,
  ],
]

test('a tag that was read with a long length keeps that form with another value', () => {
  const codec = codecOf({ format: 'b...999', inside: berTlv })
  const hex = (value: string) => packedHex(codec, { '82': value, order: ['828102'] }).slice(start.length)
  expect(hex('5C')).toBe('00048281015C')
  expect(hex('5C'.repeat(200))).toBe(`02038281C8${'5C'.repeat(200)}`)
  expect(hex('5C'.repeat(300))).toBe(`03048282012C${'5C'.repeat(300)}`)
})

describe('a field with', () => {
  for (const [name, definition, value, hex] of cases) {
    const codec = codecOf(definition)
    test(`${name}: packs`, () => expect(packedHex(codec, value)).toBe(start + hex.replaceAll(' ', '')))
    test(`${name}: unpacks`, () => expect(unpacked(codec, hex)).toEqual(value))
  }

  test('nested values takes its whole content as a string, and shows it so when it is peeked at', () => {
    const digits = codecOf({ format: 'n...17', inside: parts })
    const hex = packedHex(digits, '22000001003')
    expect(hex).toBe(`${start}0011220000010030`)
    expect(digits.peek(Buffer.from(hex, 'hex')).text(2)).toBe('22000001003')
    const chip = codecOf({ format: 'b...255', inside: berTlv })
    expect(packedHex(chip, '9F270180')).toBe(`${start}00049F270180`)
  })
})

describe('unpack() refuses', () => {
  type Refusal = readonly [
    name: string,
    definition: Omit<FieldDefinition, 'name'>,
    hex: string,
    error: { code: string; path: readonly string[]; offset: number },
  ]
  const refusals: readonly Refusal[] = [
    [
      'a tag that is cut',
      { format: 'b...255', inside: berTlv },
      '0001 9F',
      { code: 'BAD_TAG', path: ['2'], offset: 2 },
    ],
    [
      'a tag of five bytes',
      { format: 'b...255', inside: berTlv },
      '0006 9F8181818100',
      { code: 'BAD_TAG', path: ['2'], offset: 2 },
    ],
    [
      'a value that is cut',
      { format: 'b...255', inside: berTlv },
      '0005 9F26080102',
      { code: 'TRUNCATED', path: ['2', '9F26'], offset: 5 },
    ],
    [
      'an indefinite length',
      { format: 'b...255', inside: berTlv },
      '0004 82800000',
      { code: 'BAD_LENGTH', path: ['2', '82'], offset: 3 },
    ],
    [
      'a value that is cut, in hex',
      { format: 'b...255', data: 'hex', inside: berTlv },
      `0003 ${ascii('820501')}`,
      { code: 'TRUNCATED', path: ['2', '82'], offset: 6 },
    ],
    [
      'a subfield that is cut',
      { format: 'n...17', inside: parts },
      '0005 220000',
      { code: 'TRUNCATED', path: ['2', '2'], offset: 3 },
    ],
    [
      'more than its subfields',
      { format: 'n...17', inside: parts },
      '0014 22000001003512',
      { code: 'TRAILING', path: ['2'], offset: 8 },
    ],
    [
      'an unknown bit',
      { format: 'b..99', inside: visa },
      '08 2000000000000000',
      { code: 'UNKNOWN_FIELD', path: ['2', '3'], offset: 1 },
    ],
    [
      'a cut bitmap',
      { format: 'b..99', inside: visa },
      '02 8000',
      { code: 'TRUNCATED', path: ['2', 'bitmap'], offset: 1 },
    ],
    [
      'a text tag that is cut',
      { format: 'ans...999', inside: pds },
      `0003 ${ascii('002')}`,
      { code: 'BAD_TAG', path: ['2'], offset: 2 },
    ],
  ]
  for (const [name, definition, hex, error] of refusals) {
    test(`${name}, with its path`, () => {
      const codec = codecOf(definition)
      const expected = expect.objectContaining({ ...error, offset: error.offset + bytesAt })
      expect(() => unpacked(codec, hex)).toThrow(expected)
      const bytes = Buffer.from(start + hex.replaceAll(' ', ''), 'hex')
      const { message } = codec.inspect(bytes)
      expect(isVerbatim(message.fields[2] as FieldValue)).toBe(true)
      expect(codec.pack(message)).toEqual(bytes)
    })
  }
})

describe('pack() refuses', () => {
  type Refusal = readonly [
    name: string,
    definition: Omit<FieldDefinition, 'name'>,
    value: unknown,
    path: readonly string[],
    code: string,
  ]
  const refusals: readonly Refusal[] = [
    [
      'a gap between subfields',
      { format: 'n...17', inside: parts },
      { 1: '22', 3: '003' },
      ['2', '2'],
      'MISSING_FIELD',
    ],
    ['an unknown subfield', { format: 'n...17', inside: parts }, { 1: '22', 9: '0' }, ['2', '9'], 'UNKNOWN_FIELD'],
    ['a wrong subfield', { format: 'n...17', inside: parts }, { 1: 'XX' }, ['2', '1'], 'WRONG_KIND'],
    ['an unknown bit', { format: 'b..99', inside: visa }, { 3: '1' }, ['2', '3'], 'UNKNOWN_FIELD'],
    ['a tag that is none', { format: 'b...255', inside: berTlv }, { '9F': '00' }, ['2', '9F'], 'UNKNOWN_FIELD'],
    ['a tag in lower case', { format: 'b...255', inside: berTlv }, { '9f26': '00' }, ['2', '9f26'], 'UNKNOWN_FIELD'],
    [
      "a tag's value that is no hex",
      { format: 'b...255', inside: berTlv },
      { '9F26': 'XY' },
      ['2', '9F26'],
      'WRONG_KIND',
    ],
    [
      'an order that leaves a tag out',
      { format: 'b...255', inside: berTlv },
      { '82': '00', '84': '00', order: ['82'] },
      ['2', 'order'],
      'WRONG_KIND',
    ],
    [
      'an order with a length of no tag',
      { format: 'b...255', inside: berTlv },
      { '82': '00', order: ['848101'] },
      ['2', 'order'],
      'WRONG_KIND',
    ],
    ['more than the field holds', { format: 'b...4', inside: berTlv }, { '82': '0102030405' }, ['2'], 'TOO_LONG'],
    [
      'a text tag of another size',
      { format: 'ans...999', inside: pds },
      { '00023': 'X' },
      ['2', '00023'],
      'UNKNOWN_FIELD',
    ],
    ['a list', { format: 'b...255', inside: berTlv }, ['82'], ['2'], 'WRONG_KIND'],
  ]
  for (const [name, definition, value, path, code] of refusals) {
    test(`${name}, with its path`, () => {
      expect(() => packedHex(codecOf(definition), value as FieldValue)).toThrow(expect.objectContaining({ path, code }))
    })
  }

  test('templates within templates without end', () => {
    let value: FieldValue = { '9F27': '80' }
    for (let depth = 0; depth < 20; depth++) value = { E1: value }
    expect(() => packedHex(codecOf({ format: 'b...255', inside: berTlv }), value)).toThrow('at most 8 templates')
  })
})

test('templates within templates are read without end of memory or stack', () => {
  let content = '9F270180'
  while (content.length < 1900) {
    const size = content.length / 2
    content = `E1${size < 128 ? '' : size < 256 ? '81' : '82'}${size
      .toString(16)
      .toUpperCase()
      .padStart(size < 256 ? 2 : 4, '0')}${content}`
  }
  const codec = codecOf({ format: 'b....9999', inside: berTlv })
  const hex = String(content.length / 2).padStart(4, '0') + content
  const value = unpacked(codec, hex) as FieldValue
  expect(packedHex(codec, value)).toBe(start + hex)
})
