// Fields byte by byte: what each format, encoding, prefix and padding looks like on the wire, and what is refused.

import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.js'
import { compile } from '../../src/codec/compile.js'
import type { Encodings, FieldDefinition } from '../../src/codec/dialect.js'
import type { FieldValue } from '../../src/codec/message.js'
import { PackError } from '../../src/codec/pack-error.js'
import { UnpackError } from '../../src/codec/unpack-error.js'
import { asciiEncodings, dialectOf } from './axes.js'

const encodings: Encodings = {
  ...asciiEncodings,
  mti: 'bcd',
  bitmap: { encoding: 'binary', bytes: 8, extends: 'byNeed' },
}
/** MTI 0200 and a bitmap with field 2 alone. */
const start = '0200' + '4000000000000000'

const codecOf = (definition: Omit<FieldDefinition, 'name'>) =>
  compile(dialectOf('case', encodings, { 2: { name: 'value', ...definition } }))
const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const hexOf = (text: string) => Buffer.from(text, 'latin1').toString('hex').toUpperCase()

type Case = readonly [name: string, definition: Omit<FieldDefinition, 'name'>, value: FieldValue, hex: string]

const bcd = { data: 'bcd' } as const
const left = { align: 'left', fill: '0' } as const
const right = { align: 'right', fill: '0' } as const
const leftF = { align: 'left', fill: 'F' } as const
const rightF = { align: 'right', fill: 'F' } as const

const cases: readonly Case[] = [
  ['fixed digits keep their zeros', { format: 'n 6' }, '000123', hexOf('000123')],
  ['fixed text loses the spaces that pad it', { format: 'ans 8' }, 'AB C', hexOf('AB C    ')],
  ['text of nothing but padding is empty', { format: 'an 3' }, '', hexOf('   ')],
  ['variable text keeps its spaces', { format: 'ans..9' }, 'AB ', hexOf('03AB ')],
  ['variable digits count digits', { format: 'n...19' }, '4111', hexOf('0044111')],
  ['an empty value has length 0', { format: 'ans..9' }, '', hexOf('00')],
  ['text padded on the left', { format: 'an 6', pad: { side: 'left', with: '0' } }, '12A', hexOf('00012A')],
  ['digits padded with spaces', { format: 'n 6', pad: { side: 'left', with: ' ' } }, '123', hexOf('   123')],
  ['packed digits, even', { format: 'n 4', ...bcd }, '0123', '0123'],
  ['packed digits, odd, right aligned', { format: 'n 3', ...bcd, odd: right }, '021', '0021'],
  ['packed digits, odd, left aligned', { format: 'n 3', ...bcd, odd: left }, '021', '0210'],
  ['packed digits, odd, filled with F', { format: 'n 3', ...bcd, odd: leftF }, '021', '021F'],
  ['packed digits, odd, F in front', { format: 'n 3', ...bcd, odd: rightF }, '021', 'F021'],
  ['variable packed digits count digits', { format: 'n..19', ...bcd }, '41111', `${hexOf('05')}411110`],
  [
    'packed digits that count bytes',
    { format: 'n..19', ...bcd, odd: leftF, prefix: { counts: 'bytes' } },
    '41111',
    `${hexOf('03')}41111F`,
  ],
  [
    'packed digits that count half bytes',
    { format: 'n..19', ...bcd, prefix: { counts: 'nibbles' } },
    '411110',
    `${hexOf('06')}411110`,
  ],
  ['a packed track has D for =', { format: 'z..37', ...bcd }, '4111=2512', `${hexOf('09')}4111D25120`],
  ['a track in ASCII has =', { format: 'z..37' }, '4111=2512', hexOf('094111=2512')],
  ['a track in ASCII may have D', { format: 'z..37' }, '4111D2512', hexOf('094111D2512')],
  ['packed hex digits', { format: 'an 5', ...bcd, odd: leftF }, '12ABC', '12ABCF'],
  ['a signed amount in ASCII', { format: 'x+n 8' }, 'D00001234', hexOf('D00001234')],
  ['a signed amount has its sign in a whole byte', { format: 'x+n 8', ...bcd }, 'D00001234', `${hexOf('D')}00001234`],
  ['bytes', { format: 'b 4', data: 'binary' }, '00FFA1B2', '00FFA1B2'],
  ['bytes in hex', { format: 'b 2', data: 'hex' }, 'A1B2', hexOf('A1B2')],
  ['bytes in EBCDIC hex', { format: 'b 2', data: 'ebcdic-hex' }, 'A1B2', 'C1F1C2F2'],
  ['bytes count bytes', { format: 'b...9', data: 'hex' }, 'A1B2', hexOf('002A1B2')],
  [
    'bytes in hex that count what is on the wire',
    { format: 'b..9', data: 'hex', prefix: { counts: 'bytes' } },
    'A1B2',
    hexOf('04A1B2'),
  ],
  ['EBCDIC 037', { format: 'ans 4', data: 'ebcdic037' }, 'A1[!', 'C1F1BA5A'],
  ['EBCDIC 500', { format: 'ans 4', data: 'ebcdic500' }, 'A1[!', 'C1F14A4F'],
  ['EBCDIC 1047', { format: 'ans 4', data: 'ebcdic1047' }, 'A1[^', 'C1F1AD5F'],
  ['EBCDIC spaces', { format: 'ans 4', data: 'ebcdic1047' }, 'A', 'C1404040'],
  ['Latin-1', { format: 'ans 3', data: 'latin1' }, 'é', 'E92020'],
  ['GBK counts bytes', { format: 'ans..9', data: 'gbk' }, '银联A', `${hexOf('05')}D2F8C1AA41`],
  ['GBK is padded by bytes', { format: 'ans 6', data: 'gbk' }, '银联', 'D2F8C1AA2020'],
  ['text as hex digits', { format: 'ans 2', data: 'hex' }, 'A1', hexOf('4131')],
  ['a prefix in BCD', { format: 'ans...99', prefix: { encoding: 'bcd' } }, 'AB', `0002${hexOf('AB')}`],
  ['a prefix in EBCDIC', { format: 'ans..99', prefix: { encoding: 'ebcdic500' } }, 'AB', `F0F2${hexOf('AB')}`],
  ['a prefix in binary', { format: 'ans...300', prefix: { encoding: 'binary' } }, 'AB', `0002${hexOf('AB')}`],
  [
    'a binary prefix of two digits is one byte',
    { format: 'ans..200', prefix: { encoding: 'binary' } },
    'AB',
    `02${hexOf('AB')}`,
  ],
  ['a prefix that counts itself', { format: 'ans..9', prefix: { inclusive: true } }, 'AB', hexOf('04AB')],
  ['a prefix of six digits', { format: 'ans......9' }, 'AB', hexOf('000002AB')],
  [
    'a filled field has a length and its whole width',
    { format: 'ans 6', filled: true, prefix: { size: 2 } },
    'AB',
    hexOf('02AB    '),
  ],
  ['a zoned number', { format: 'n 4', data: 'ebcdic1047', sign: 'zone' }, '-0123', 'F0F1F2D3'],
  ['text with what cannot be printed is verbatim', { format: 'ans 3' }, { hex: '410042' }, '410042'],
  ['letters in Latin-1 are not ASCII', { format: 'a 3' }, { hex: 'E92020' }, 'E92020'],
  ['lower-case hex is verbatim', { format: 'b 2', data: 'hex' }, { hex: hexOf('a1B2') }, hexOf('a1B2')],
  [
    'another fill is verbatim and keeps its length',
    { format: 'n..19', ...bcd, odd: left },
    { hex: '41111F', length: 5 },
    `${hexOf('05')}41111F`,
  ],
  ['another fill of fixed width is verbatim', { format: 'n 3', ...bcd, odd: left }, { hex: '021F' }, '021F'],
  ['an unknown sign is verbatim', { format: 'x+n 3' }, { hex: hexOf('+012') }, hexOf('+012')],
  ['half a GBK character is verbatim', { format: 'ans..9', data: 'gbk' }, { hex: '41D2' }, `${hexOf('02')}41D2`],
  [
    'a filled field with dirt behind its value',
    { format: 'ans 4', filled: true, prefix: { size: 1 } },
    { hex: hexOf('ABxx'), length: 2 },
    hexOf('2ABxx'),
  ],
]

describe('a field', () => {
  for (const [name, definition, value, hex] of cases) {
    const codec = codecOf(definition)
    const bytes = bytesOf(start + hex)

    test(`${name}: packs`, () => {
      expect(Buffer.from(codec.pack({ mti: '0200', fields: { 2: value } })).toString('hex')).toBe(bytes.toString('hex'))
    })

    test(`${name}: unpacks`, () => {
      expect(codec.unpack(bytes)).toEqual({ mti: '0200', fields: { 2: value } })
    })

    test(`${name}: is refused when it is cut anywhere, or goes on`, () => {
      for (let length = 0; length < bytes.length; length++) {
        expect(() => codec.unpack(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'TRUNCATED' }))
      }
      const longer = Buffer.concat([bytes, Buffer.from([0x20])])
      expect(() => codec.unpack(longer)).toThrow(expect.objectContaining({ code: 'TRAILING', offset: bytes.length }))
    })
  }

  const accepted: readonly Case[] = [
    ['short digits get zeros in front', { format: 'n 6' }, '123', hexOf('000123')],
    ['a short packed number gets zeros in front', { format: 'n 6', ...bcd }, '123', '000123'],
    ['a signed amount gets zeros behind its sign', { format: 'x+n 8' }, 'C12', hexOf('C00000012')],
    ['a D in a packed track is the separator', { format: 'z..37', ...bcd }, '4111D25', `${hexOf('07')}4111D250`],
    ['verbatim bytes need no canonical form', { format: 'n..19', ...bcd }, { hex: '4111' }, `${hexOf('04')}4111`],
    [
      'short bytes are filled where the field says so',
      { format: 'b 4', data: 'binary', pad: { side: 'right', with: '00' } },
      'A1',
      'A1000000',
    ],
  ]
  for (const [name, definition, value, hex] of accepted) {
    test(`packs: ${name}`, () => {
      const packed = codecOf(definition).pack({ mti: '0200', fields: { 2: value } })
      expect(Buffer.from(packed).toString('hex').toUpperCase()).toBe(start + hex)
    })
  }

  test('shows its digits when it is peeked at, whatever fills the spare half byte', () => {
    const codec = codecOf({ format: 'n..19', ...bcd, odd: left })
    expect(codec.peek(bytesOf(`${start}${hexOf('05')}41111F`)).text(2)).toBe('41111')
  })
})

describe('pack() refuses', () => {
  type Refusal = readonly [name: string, definition: Omit<FieldDefinition, 'name'>, value: unknown, code: string]
  const refusals: readonly Refusal[] = [
    ['too many digits', { format: 'n 6' }, '1234567', 'TOO_LONG'],
    ['too long variable text', { format: 'ans..3' }, 'ABCD', 'TOO_LONG'],
    ['letters among digits', { format: 'n 6' }, '12A456', 'WRONG_KIND'],
    ['letters among packed digits', { format: 'n 6', ...bcd }, '12A456', 'WRONG_KIND'],
    ['nothing for fixed digits', { format: 'n 6' }, '', 'WRONG_LENGTH'],
    ['lower-case hex', { format: 'b 2', data: 'binary' }, 'a1b2', 'WRONG_KIND'],
    ['half a byte', { format: 'b 2', data: 'binary' }, 'A1B', 'WRONG_KIND'],
    ['too few bytes', { format: 'b 2', data: 'binary' }, 'A1', 'WRONG_LENGTH'],
    ['text beyond its character set', { format: 'ans 4' }, '银', 'WRONG_KIND'],
    ['text that GBK has no character for', { format: 'ans 9', data: 'gbk' }, '\u{1F600}', 'WRONG_KIND'],
    ['a number', { format: 'n 6' }, 123456, 'WRONG_KIND'],
    ['null', { format: 'n 6' }, null, 'WRONG_KIND'],
    ['a list', { format: 'n 6' }, ['1'], 'WRONG_KIND'],
    ['nested values in a plain field', { format: 'n 6' }, { 1: '2' }, 'WRONG_KIND'],
    ['a signed amount without its sign', { format: 'x+n 4' }, '00001', 'WRONG_KIND'],
    ['verbatim bytes of another width', { format: 'n 6' }, { hex: '31' }, 'BAD_VERBATIM'],
    ['verbatim bytes in lower case', { format: 'n 1' }, { hex: 'ff' }, 'BAD_VERBATIM'],
    ['a length that does not fit its bytes', { format: 'n..19', ...bcd }, { hex: '41', length: 7 }, 'BAD_VERBATIM'],
    ['a length that is no whole number', { format: 'n..19', ...bcd }, { hex: '41', length: 1.5 }, 'BAD_VERBATIM'],
  ]
  for (const [name, definition, value, code] of refusals) {
    test(name, () => {
      const pack = () => codecOf(definition).pack({ mti: '0200', fields: { 2: value as FieldValue } })
      expect(pack).toThrow(PackError)
      expect(pack).toThrow(expect.objectContaining({ code, path: ['2'], fault: 'local' }))
    })
  }

  test('a field that the dialect has not', () => {
    const codec = codecOf({ format: 'n 6' })
    for (const key of ['1', '3', '02', '200', '-1', 'x', '1e0', '__proto__']) {
      const fields = JSON.parse(`{ ${JSON.stringify(key)}: "1" }`)
      expect(() => codec.pack({ mti: '0200', fields })).toThrow(expect.objectContaining({ code: 'UNKNOWN_FIELD' }))
    }
  })

  test('an MTI that is not four digits', () => {
    for (const mti of ['', '200', '02000', '02A0', undefined as unknown as string]) {
      expect(() => codecOf({ format: 'n 6' }).pack({ mti, fields: {} })).toThrow(
        expect.objectContaining({ code: 'BAD_MTI' }),
      )
    }
  })
})

describe('unpack() refuses', () => {
  type Refusal = readonly [
    name: string,
    definition: Omit<FieldDefinition, 'name'>,
    hex: string,
    error: { code: string; offset: number; path?: readonly string[] },
  ]
  const refusals: readonly Refusal[] = [
    ['a letter among digits', { format: 'n 6' }, hexOf('12A456'), { code: 'BAD_DIGIT', offset: 12 }],
    ['a letter among packed digits', { format: 'n 6', ...bcd }, '12A456', { code: 'BAD_DIGIT', offset: 11 }],
    ['a spare half byte that is neither 0 nor F', { format: 'n 3', ...bcd }, '7021', { code: 'BAD_DIGIT', offset: 10 }],
    [
      'a length beyond the format',
      { format: 'n..19' },
      hexOf('20') + hexOf('1'.repeat(20)),
      { code: 'BAD_LENGTH', offset: 10 },
    ],
    ['a length that is no number', { format: 'n..19' }, hexOf('A1'), { code: 'BAD_LENGTH', offset: 10 }],
    [
      'a packed length with a letter',
      { format: 'n..19', prefix: { encoding: 'bcd' } },
      '0A',
      { code: 'BAD_LENGTH', offset: 10 },
    ],
    [
      'a length that does not even count itself',
      { format: 'n..9', prefix: { inclusive: true } },
      hexOf('01'),
      { code: 'BAD_LENGTH', offset: 10 },
    ],
    [
      'half a byte of hex',
      { format: 'b..9', data: 'hex', prefix: { counts: 'bytes' } },
      hexOf('03A1B'),
      { code: 'BAD_LENGTH', offset: 10 },
    ],
    ['a value that is cut', { format: 'n..19' }, hexOf('0512'), { code: 'TRUNCATED', offset: 12 }],
  ]
  for (const [name, definition, hex, { code, offset }] of refusals) {
    test(name, () => {
      const unpack = () => codecOf(definition).unpack(bytesOf(start + hex))
      expect(unpack).toThrow(UnpackError)
      expect(unpack).toThrow(expect.objectContaining({ code, offset, path: ['2'], fault: 'remote' }))
    })
  }

  test('a field that the dialect has not', () => {
    const bytes = bytesOf(`0200 6000000000000000 ${hexOf('123456')}`)
    const unpack = () => codecOf({ format: 'n 6' }).unpack(bytes)
    expect(unpack).toThrow('field 3 at byte 16: expected only fields that the dialect defines')
    expect(unpack).toThrow(expect.objectContaining({ code: 'UNKNOWN_FIELD', path: ['3'] }))
  })

  test('an MTI that is no number', () => {
    expect(() => codecOf({ format: 'n 6' }).unpack(bytesOf('02A0'))).toThrow(
      expect.objectContaining({ code: 'BAD_DIGIT', path: ['mti'], offset: 0 }),
    )
  })

  test('and never says what the value was', () => {
    const codec = codecOf({ format: 'n 16' })
    const failures = [
      () => codec.unpack(bytesOf(start + hexOf('411111111111111X'))),
      () => codec.pack({ mti: '0200', fields: { 2: '4111111111111111111' } }),
      () => codec.pack({ mti: '0200', fields: { 2: '411111111111111X' } }),
    ]
    for (const fail of failures)
      expect(fail).toThrow(expect.not.objectContaining({ message: expect.stringContaining('4111') }))
  })
})

describe('inspect()', () => {
  const codec = compile(
    dialectOf('case', encodings, {
      2: { name: 'pan', format: 'n..19' },
      3: { name: 'code', format: 'n 6' },
      4: { name: 'amount', format: 'n 12' },
    }),
  )

  test('keeps the fields before the one that is cut', () => {
    const { message, error } = codec.inspect(
      bytesOf(`0200 7000000000000000 ${hexOf('0212')} ${hexOf('000000')} ${hexOf('12')}`),
    )
    expect(message).toEqual({ mti: '0200', fields: { 2: '12', 3: '000000' } })
    expect(error).toMatchObject({ code: 'TRUNCATED', path: ['4'] })
  })

  test('keeps a field that cannot be read as its bytes, and the fields after it', () => {
    const { message, error } = codec.inspect(
      bytesOf(`0200 7000000000000000 ${hexOf('021X')} ${hexOf('000000')} ${hexOf('000000000012')}`),
    )
    expect(message.fields).toEqual({ 2: { hex: hexOf('1X') }, 3: '000000', 4: '000000000012' })
    expect(error).toMatchObject({ code: 'BAD_DIGIT', path: ['2'] })
  })

  test('keeps the MTI of a message with a bitmap that is cut', () => {
    expect(codec.inspect(bytesOf('0200 70'))).toMatchObject({ message: { mti: '0200', fields: {} } })
  })
})

describe('compile() refuses', () => {
  const refusals: readonly (readonly [name: string, definition: Omit<FieldDefinition, 'name'>, problem: string])[] = [
    ['a format that it cannot read', { format: 'n19' as 'n 19' }, "has format 'n19'"],
    ['a kind in an encoding that cannot hold it', { format: 'ans 4', data: 'bcd' }, "kind ans in encoding 'bcd'"],
    ['bytes in EBCDIC', { format: 'b 4', data: 'ebcdic037' }, "kind b in encoding 'ebcdic037'"],
    ['text in binary', { format: 'an 4', data: 'binary' }, "kind an in encoding 'binary'"],
    ['a length that its prefix cannot say', { format: 'ans..999' }, 'length up to 999 in a prefix that ends at 99'],
    ['an inclusive length that its prefix cannot say', { format: 'ans..99', prefix: { inclusive: true } }, 'up to 101'],
    ['a prefix of seven digits', { format: 'ans..9', prefix: { size: 7 } }, 'size 7: expected 1 to 6'],
    ['a prefix of fixed width', { format: 'ans 9', prefix: { size: 2 } }, 'length prefix but the fixed format'],
    ['a filled field without a prefix', { format: 'ans 9', filled: true }, 'give prefix.size'],
    ['padding of variable text', { format: 'ans..9', pad: { side: 'right', with: ' ' } }, 'padding is for fixed width'],
    ['padding with two characters', { format: 'ans 9', pad: { side: 'right', with: 'ab' } }, "padded with 'ab'"],
    [
      'packed digits padded with spaces',
      { format: 'n 4', data: 'bcd', pad: { side: 'left', with: ' ' } },
      'expected 0',
    ],
    [
      'a signed amount with fields inside',
      { format: 'x+n 8', inside: { kind: 'positional', fields: {} } },
      'nothing can stand inside',
    ],
  ]
  for (const [name, definition, problem] of refusals) {
    test(`${name}, and names the field`, () => {
      expect(() => codecOf(definition)).toThrow(UsageError)
      expect(() => codecOf(definition)).toThrow('dialect case, field 2 (value)')
      expect(() => codecOf(definition)).toThrow(problem)
    })
  }

  test('field numbers that no bitmap has', () => {
    for (const key of ['0', '1', '193', '02', 'pan']) {
      const dialect = dialectOf('case', encodings, { [key]: { name: 'value', format: 'n 6' } })
      expect(() => compile(dialect)).toThrow(`dialect case has field '${key}'`)
    }
  })

  test('an MTI in an encoding that has no digits', () => {
    expect(() => compile(dialectOf('case', { ...encodings, mti: 'gbk' }, {}))).toThrow("MTI in 'gbk'")
  })
})
