// Small dialects that together use every property a field can have. They are no network's: they are there for the tests.

import type {
  BitmapDefinition,
  DataEncoding,
  Dialect,
  DialectRules,
  Encodings,
  FieldDefinition,
  Format,
  Inside,
  LengthPrefix,
  PrefixEncoding,
} from '../../src/codec/dialect.js'

export const noRules: DialectRules = {
  matchBy: [11],
  mustEqual: [],
  responseCode: 39,
  approved: ['00'],
  retry: [],
  codes: {
    approved: '00',
    formatError: '30',
    notSupported: '40',
    macError: 'A0',
    duplicate: '94',
    originalNotFound: '25',
    issuerDown: '91',
    malfunction: '96',
  },
  answers: [],
  reversal: '0420',
  currency: '156',
}

export const asciiEncodings: Encodings = {
  mti: 'ascii',
  bitmap: { encoding: 'hex', bytes: 8, extends: 'byNeed' },
  length: 'ascii',
  digits: 'ascii',
  track: 'ascii',
  text: 'ascii',
  bytes: 'hex',
  oddFixed: { align: 'right', fill: '0' },
  oddVariable: { align: 'left', fill: '0' },
}

export const binaryEncodings: Encodings = {
  ...asciiEncodings,
  mti: 'bcd',
  bitmap: { encoding: 'binary', bytes: 8, extends: 'byNeed' },
  length: 'bcd',
  digits: 'bcd',
  track: 'bcd',
  bytes: 'binary',
}

const ebcdicEncodings: Encodings = {
  ...asciiEncodings,
  mti: 'ebcdic1047',
  bitmap: { encoding: 'ebcdic-hex', bytes: 8, extends: 'byNeed' },
  length: 'ebcdic1047',
  digits: 'ebcdic1047',
  track: 'ebcdic1047',
  text: 'ebcdic1047',
  bytes: 'ebcdic-hex',
}

export function dialectOf(
  name: string,
  encodings: Encodings,
  fields: Readonly<Record<string, FieldDefinition>>,
): Dialect {
  const rules = noRules
  return { name, about: 'For tests.', framing: 'none', envelope: {}, encodings, fields, rules, messages: {} }
}

const characterSets: readonly DataEncoding[] = ['ascii', 'latin1', 'gbk', 'ebcdic037', 'ebcdic500', 'ebcdic1047', 'hex']
const prefixes: readonly PrefixEncoding[] = ['ascii', 'bcd', 'ebcdic037', 'ebcdic500', 'ebcdic1047', 'binary', 'hex']
const counts: readonly LengthPrefix['counts'][] = ['units', 'bytes', 'nibbles']

function* textFields(): Generator<FieldDefinition> {
  for (const data of characterSets) {
    for (const format of [
      'a 3',
      'an 6',
      'anp 7',
      'ans 9',
      'ans..20',
      'as...30',
      'ns..9',
      's.4',
      'n 5',
      'n..11',
      'z..37',
      'x+n 8',
    ] as const) {
      yield { name: `${data} ${format}`, format, data }
    }
  }
  yield { name: 'left padded', format: 'an 8', pad: { side: 'left', with: '0' } }
  yield { name: 'blank digits', format: 'n 8', data: 'ascii', pad: { side: 'left', with: ' ' } }
  yield { name: 'right blank digits', format: 'n 8', data: 'ascii', pad: { side: 'right', with: ' ' } }
  yield { name: 'unpadded', format: 'n 4', pad: { side: 'none', with: '' } }
  yield { name: 'odd padding', format: 'a 6', pad: { side: 'right', with: '*' } }
  yield { name: 'zoned', format: 'n 7', data: 'ebcdic1047', sign: 'zone' }
}

function* packedFields(): Generator<FieldDefinition> {
  for (const align of ['left', 'right'] as const) {
    for (const fill of ['0', 'F'] as const) {
      const odd = { align, fill }
      for (const format of ['n 3', 'n 6', 'x+n 7', 'x+n 8', 'an 5', 'z 5'] as const) {
        yield { name: `packed ${format}`, format, data: 'bcd', odd }
      }
      for (const count of counts) {
        for (const format of ['n..19', 'z..37', 'an..9'] as const) {
          yield { name: `packed ${format}`, format, data: 'bcd', odd, prefix: { counts: count, size: 3 } }
        }
      }
    }
  }
}

function* prefixedFields(): Generator<FieldDefinition> {
  for (const encoding of prefixes) {
    for (const count of counts) {
      for (const inclusive of [false, true]) {
        const prefix = { encoding, counts: count, inclusive, size: 3 }
        yield { name: 'text', format: 'ans...60', data: 'ascii', prefix }
        yield { name: 'bytes', format: 'b...30', data: 'hex', prefix }
      }
    }
  }
  for (const size of [1, 2, 3, 4, 5, 6]) {
    const dots = '.'.repeat(size)
    for (const encoding of ['ascii', 'bcd', 'binary'] as const) {
      yield { name: `size ${size}`, format: `b${dots}9` as Format, data: 'binary', prefix: { encoding } }
    }
  }
}

function* filledFields(): Generator<FieldDefinition> {
  const prefix = { encoding: 'ascii', size: 2 } as const
  yield { name: 'filled text', format: 'ans 20', filled: true, prefix }
  yield { name: 'filled left', format: 'ans 20', filled: true, prefix, pad: { side: 'left', with: ' ' } }
  yield { name: 'filled digits', format: 'n..11', data: 'ascii', filled: true, pad: { side: 'right', with: ' ' } }
  yield { name: 'filled packed', format: 'n..11', data: 'bcd', filled: true, pad: { side: 'right', with: '0' } }
  yield { name: 'filled bytes', format: 'b..10', data: 'binary', filled: true, pad: { side: 'right', with: '00' } }
  yield {
    name: 'filled by bytes',
    format: 'ans 9',
    filled: true,
    prefix: { ...prefix, counts: 'bytes', inclusive: true },
  }
  yield { name: 'ends at a token', format: 'ans...60', data: 'ascii', terminator: '1C' }
  yield { name: 'padded bytes', format: 'b 8', data: 'binary', pad: { side: 'right', with: '00' } }
}

const positions: Readonly<Record<string, FieldDefinition>> = {
  1: { name: 'type', format: 'n 2' },
  2: { name: 'batch', format: 'n 6' },
  3: { name: 'code', format: 'n 3' },
  4: { name: 'rest', format: 'n.5' },
}
const bits: Readonly<Record<string, FieldDefinition>> = {
  1: { name: 'first', format: 'an 2' },
  2: { name: 'second', format: 'n..12' },
  3: { name: 'third', format: 'ans..20' },
  64: { name: 'last', format: 'b 4' },
}
const known: Readonly<Record<string, FieldDefinition>> = {
  '01': { name: 'one', format: 'ans..20' },
  '02': { name: 'two', format: 'ans 4' },
}
const length = { encoding: 'ascii', size: 3, counts: 'bytes', inclusive: false } as const

/** Each family of content in text, in packed digits, in bytes and in hex. */
function* nestedFields(): Generator<FieldDefinition> {
  const positional: Inside = { kind: 'positional', fields: positions }
  const bitmap: BitmapDefinition = { encoding: 'binary', bytes: 8, extends: 'fixed' }
  yield { name: 'positional text', format: 'ans...99', inside: positional }
  yield { name: 'positional ebcdic', format: 'ans...99', data: 'ebcdic500', inside: positional }
  yield { name: 'positional packed', format: 'n...99', data: 'bcd', inside: positional }
  yield {
    name: 'positional packed right',
    format: 'n...99',
    data: 'bcd',
    odd: { align: 'right', fill: 'F' },
    inside: positional,
  }
  yield { name: 'positional hex', format: 'ans...99', data: 'hex', inside: positional }
  yield {
    name: 'positional with header',
    format: 'b...99',
    inside: { kind: 'positional', header: 2, fields: positions },
  }
  for (const data of ['binary', 'hex', 'ebcdic-hex'] as const) {
    yield { name: `bits ${data}`, format: 'b...200', data, inside: { kind: 'bitmap', bitmap, fields: bits } }
    yield { name: `chip ${data}`, format: 'b...999', data, inside: { kind: 'ber-tlv' } }
    yield {
      name: `tags ${data}`,
      format: 'b...999',
      data,
      inside: { kind: 'tlv', tag: { encoding: 'hex', size: 2 }, length: { ...length, encoding: 'binary', size: 1 } },
    }
  }
  yield {
    name: 'bits by need',
    format: 'b...200',
    data: 'binary',
    inside: {
      kind: 'bitmap',
      bitmap: { encoding: 'hex', bytes: 4, extends: 'byNeed' },
      fields: { 2: bits[2] as FieldDefinition, 34: bits[3] as FieldDefinition },
    },
  }
  for (const encoding of ['ascii', 'bcd', 'ebcdic1047'] as const) {
    const inside: Inside = {
      kind: 'tlv',
      tag: { encoding, size: 2 },
      length: { ...length, encoding, inclusive: true },
      fields: known,
    }
    yield { name: `tags ${encoding}`, format: 'ans...999', data: encoding === 'bcd' ? 'ascii' : encoding, inside }
  }
  yield {
    name: 'length first',
    format: 'ans...999',
    inside: { kind: 'tlv', tag: { encoding: 'ascii', size: 2 }, length, lengthFirst: true, fields: known },
  }
  yield {
    name: 'nested twice',
    format: 'b...999',
    data: 'binary',
    inside: {
      kind: 'bitmap',
      bitmap,
      fields: {
        2: { name: 'chip', format: 'b...200', inside: { kind: 'ber-tlv' } },
        3: { name: 'parts', format: 'ans..40', inside: positional },
      },
    },
  }
}

function numbered(definitions: Iterable<FieldDefinition>): Readonly<Record<string, FieldDefinition>> {
  const fields: Record<string, FieldDefinition> = {}
  let number = 2
  for (const definition of definitions) {
    // Bits 1 and 65 say that another bitmap follows.
    if (number === 65) number++
    fields[number++] = definition
  }
  return fields
}

const long: BitmapDefinition = { encoding: 'binary', bytes: 24, extends: 'fixed' }

/** One dialect for each group of properties, with different bitmaps and defaults. */
export const axes: readonly Dialect[] = [
  dialectOf('text', asciiEncodings, numbered(textFields())),
  dialectOf('packed', binaryEncodings, numbered(packedFields())),
  dialectOf('prefixes', { ...binaryEncodings, bitmap: long }, numbered(prefixedFields())),
  dialectOf(
    'filled',
    { ...asciiEncodings, bitmap: { encoding: 'binary', bytes: 16, extends: 'fixed' } },
    numbered(filledFields()),
  ),
  dialectOf('nested-ascii', asciiEncodings, numbered(nestedFields())),
  dialectOf('nested-binary', binaryEncodings, numbered(nestedFields())),
  dialectOf(
    'ebcdic',
    ebcdicEncodings,
    numbered([...filledFields(), ...nestedFields(), { name: 'bytes', format: 'b 8' }]),
  ),
  dialectOf(
    'always-long',
    { ...asciiEncodings, mti: 'binary', bitmap: { encoding: 'hex', bytes: 8, extends: 'always', parts: 2 } },
    numbered(filledFields()),
  ),
]
