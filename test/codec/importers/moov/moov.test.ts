// moov specs, in the names of today and in older ones, against bytes written by hand.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../../src/codec/compile.js'
import { importDialect } from '../../../../src/codec/importers/import-dialect.js'
import type { FieldValue } from '../../../../src/codec/message.js'

const text = (value: string) => Buffer.from(value, 'latin1').toString('hex').toUpperCase()

const mti = { type: 'String', length: 4, description: 'Message Type Indicator', enc: 'ASCII', prefix: 'ASCII.Fixed' }
const bitmap = { type: 'Bitmap', length: 8, description: 'Bitmap', enc: 'HexToASCII', prefix: 'Hex.Fixed' }

/** Tabs, as moov writes its files. */
const spec = (fields: object) =>
  JSON.stringify({ name: 'Test', fields: { 0: mti, 1: bitmap, ...fields } }, undefined, '\t')

const cases: readonly { name: string; field: object; value: FieldValue; bytes: string }[] = [
  {
    name: 'text after two digits',
    field: { type: 'String', length: 19, enc: 'ASCII', prefix: 'ASCII.LL' },
    value: 'ABC',
    bytes: text('03ABC'),
  },
  {
    name: 'digits padded with zeros',
    field: { type: 'Numeric', length: 6, enc: 'ASCII', prefix: 'ASCII.Fixed', padding: { type: 'Left', pad: '0' } },
    value: '000042',
    bytes: text('000042'),
  },
  {
    name: 'packed digits, whose length counts digits',
    field: { type: 'Numeric', length: 19, enc: 'BCD', prefix: 'BCD.LL' },
    value: '123',
    bytes: '030123',
  },
  {
    name: 'packed digits to the left',
    field: { type: 'Numeric', length: 19, enc: 'LBCD', prefix: 'BCD.LL' },
    value: '123',
    bytes: '031230',
  },
  {
    name: 'bytes after a binary length',
    field: { type: 'Binary', length: 255, enc: 'Binary', prefix: 'Binary.L' },
    value: 'FF00',
    bytes: '02FF00',
  },
  {
    name: 'bytes as hexadecimal text',
    field: { type: 'String', length: 8, enc: 'HexToASCII', prefix: 'Hex.Fixed' },
    value: '0123456789ABCDEF',
    bytes: text('0123456789ABCDEF'),
  },
  {
    name: 'bytes after a hexadecimal length',
    field: { type: 'Hex', length: 99, enc: 'Binary', prefix: 'Hex.L' },
    value: '00112233445566778899',
    bytes: `${text('0A')}00112233445566778899`,
  },
  {
    name: 'EBCDIC',
    field: { type: 'String', length: 9, enc: 'EBCDIC', prefix: 'EBCDIC.LL' },
    value: 'A1',
    bytes: 'F0F2C1F1',
  },
  {
    name: 'track 2 in half bytes',
    field: { type: 'Track2', length: 37, enc: 'ASCIIToHex', prefix: 'Binary.L' },
    value: '12345=7',
    bytes: '0712345D7F',
  },
  {
    name: 'positional sub-fields, in the order of their numbers',
    field: {
      type: 'Composite',
      length: 99,
      prefix: 'ASCII.LL',
      tag: { sort: 'StringsByInt' },
      subfields: {
        10: { type: 'String', length: 2, enc: 'ASCII', prefix: 'ASCII.Fixed' },
        2: { type: 'Numeric', length: 2, enc: 'BCD', prefix: 'BCD.Fixed' },
      },
    },
    value: { 2: '12', 10: 'AB' },
    bytes: `${text('03')}12${text('AB')}`,
  },
  {
    name: 'tagged sub-fields, padded tags',
    field: {
      type: 'Composite',
      length: 999,
      prefix: 'ASCII.LLL',
      tag: { length: 2, enc: 'ASCII', padding: { type: 'Left', pad: '0' }, sort: 'StringsByInt' },
      subfields: {
        1: { type: 'String', length: 9, enc: 'ASCII', prefix: 'ASCII.LL' },
        3: { type: 'String', length: 9, enc: 'ASCII', prefix: 'ASCII.LLL' },
      },
    },
    value: { '01': 'A', '03': 'B' },
    bytes: text('011' + '0101A' + '03001B'),
  },
  {
    name: 'BER-TLV',
    field: {
      type: 'Composite',
      length: 999,
      prefix: 'ASCII.LLL',
      tag: { enc: 'BerTLVTag', sort: 'StringsByHex' },
      subfields: { '9F26': { type: 'Hex', enc: 'Binary', prefix: 'BerTLV' } },
    },
    value: { '9F26': '01' },
    bytes: `${text('004')}9F260101`,
  },
  {
    name: 'sub-fields behind a bitmap that does not grow',
    field: {
      type: 'Composite',
      length: 255,
      prefix: 'Binary.L',
      bitmap: { type: 'Bitmap', length: 8, enc: 'Binary', prefix: 'Hex.Fixed', disableautoexpand: true },
      subfields: { 1: { type: 'String', length: 1, enc: 'ASCII', prefix: 'ASCII.Fixed' } },
    },
    value: { 1: 'A' },
    bytes: `098000000000000000${text('A')}`,
  },
]

describe('a field of a moov spec:', () => {
  for (const { name, field, value, bytes } of cases) {
    test(`${name}, both ways`, () => {
      const codec = compile(importDialect(spec({ 60: field }), 'spec.json'))
      const ahead = text('0800' + '0000000000000010')
      expect(
        Buffer.from(codec.pack({ mti: '0800', fields: { 60: value } }))
          .toString('hex')
          .toUpperCase(),
      ).toBe(ahead + bytes)
      expect(codec.unpack(Buffer.from(ahead + bytes, 'hex')).fields['60']).toEqual(value)
    })
  }
})

describe('older names', () => {
  const older = JSON.stringify({
    name: 'ISO 8583 v1987 ASCII',
    fields: {
      Field000: {
        type: 'field.String',
        length: 4,
        description: 'MTI',
        enc: 'encoding.asciiEncoder',
        prefix: 'prefix.asciiFixedPrefixer',
        prefix_length: 0,
      },
      Field001: {
        type: 'field.Bitmap',
        length: 16,
        description: 'Bitmap',
        enc: 'encoding.hexEncoder',
        prefix: 'prefix.hexFixedPrefixer',
        prefix_length: 0,
      },
      Field002: {
        type: 'field.String',
        length: 19,
        description: 'PAN',
        enc: 'encoding.asciiEncoder',
        prefix: 'prefix.asciiVarPrefixer',
        prefix_length: 2,
      },
      Field003: {
        type: 'field.Numeric',
        length: 6,
        description: 'PC',
        enc: 'hexEncoder',
        prefix: 'ASCII.fixed',
        padding: { type: 'padding.leftPadder', pad: 48 },
      },
      Field004: {
        type: 'Numeric',
        length: 6,
        description: 'A',
        enc: 'asciiEncoder',
        prefix: 'ASCII.fixed',
        padding: { type: 'padding.leftPadder', pad: 48 },
      },
    },
  })

  test('mean what they meant', () => {
    const { fields, encodings } = importDialect(older, 'old.json')
    expect(encodings.bitmap).toEqual({ encoding: 'hex', bytes: 8, extends: 'byNeed' })
    expect(fields['2']).toEqual({ name: 'PAN', format: 'ans..19' })
    expect(fields['3']).toEqual({ name: 'PC', format: 'b 6', pad: { side: 'left', with: '30' } })
    expect(fields['4']).toEqual({ name: 'A', format: 'n 6' })
  })
})

test('the same spec in YAML is the same dialect', () => {
  const yaml = [
    'name: Test',
    'fields:',
    '  0: { type: String, length: 4, enc: ASCII, prefix: ASCII.Fixed }',
    '  1: { type: Bitmap, enc: HexToASCII, prefix: Hex.Fixed }',
    '  2: { type: String, length: 19, description: PAN, enc: ASCII, prefix: ASCII.LL }',
  ].join('\n')
  const json = spec({ 2: { type: 'String', length: 19, description: 'PAN', enc: 'ASCII', prefix: 'ASCII.LL' } })
  expect(importDialect(yaml, 'a.yaml')).toEqual(importDialect(json, 'a.yaml'))
})

const refused = [
  {
    name: 'an unknown type',
    fields: { 3: { type: 'Strin', length: 6, enc: 'ASCII', prefix: 'ASCII.Fixed' } },
    says: "field 3: has an unknown type 'Strin' (did you mean 'String'?)",
  },
  {
    name: 'an unknown encoding',
    fields: { 3: { type: 'String', length: 6, enc: 'ASCI', prefix: 'ASCII.Fixed' } },
    says: "field 3: has an unknown enc 'ASCI' (did you mean 'ASCII'?)",
  },
  {
    name: 'an unknown prefix',
    fields: { 3: { type: 'String', length: 6, enc: 'ASCII', prefix: 'ASCII.LLX' } },
    says: "field 3: has an unknown prefix 'ASCII.LLX'",
  },
  {
    name: 'an unknown key',
    fields: { 3: { type: 'String', lenght: 6, enc: 'ASCII', prefix: 'ASCII.Fixed' } },
    says: "field 3: has an unknown key 'lenght' (did you mean 'length'?)",
  },
  {
    name: 'a field beyond every bitmap',
    fields: { 200: { type: 'String', length: 6, enc: 'ASCII', prefix: 'ASCII.Fixed' } },
    says: "'200' is not a field number",
  },
]

describe('is refused by line:', () => {
  for (const { name, fields, says } of refused) {
    test(name, () => {
      expect(() => importDialect(spec(fields), 'spec.json')).toThrow(says)
      expect(() => importDialect(spec(fields), 'spec.json')).toThrow(/^spec\.json:\d+:\d+ /)
    })
  }

  test('an ancient file that is not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"fields": {\n"2": {"Describe": "n..19 '),
      Buffer.from([0x96]),
      Buffer.from('"}}}'),
    ])
    expect(() => importDialect(bytes.toString('utf8'), 'old.json')).toThrow('old.json:2 is not valid UTF-8')
  })

  test('an ancient file with formats in Describe', () => {
    expect(() => importDialect('{"fields": {"2": {"Describe": "n..19"}}}', 'old.json')).toThrow(/^old\.json:1:/)
  })
})
