// The built-in dialects: that they compile, that their tables are the standard's, and that what they say of messages and
// answers can be packed.

import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.js'
import { compilePlaceholders } from '../../src/base/placeholders.js'
import { compile } from '../../src/codec/compile.js'
import type { AnswerRule, Dialect, MessageDefinition, MessageValue } from '../../src/codec/dialect.js'
import { builtInDialect, builtInDialects } from '../../src/codec/dialects/index.js'
import { parseFormat } from '../../src/codec/fields/format.js'
import type { FieldValue, Message } from '../../src/codec/message.js'
import { familySamples } from './message-samples.js'

const messageValues: Record<string, string> = {
  stan: '000042',
  amount: '000000001234',
  'card.pan': '6222020000000000000',
  'card.expiry': '3012',
  'card.track2': '6222020000000000000=30121010000000000',
  'card.chipTrack2': '6222020000000000000=30121010000000000',
  ksn: 'FFFF9876543210E00001',
  'card.sequence': '001',
  terminal: '10000001',
  merchant: '100000000000001',
  batch: '000001',
  currency: '156',
  rrn: '632600000042',
  operator: '01',
  mac: '0123456789ABCDEF',
  pinBlock: '0123456789ABCDEF',
  'chip.application': 'A0000000031010',
  'chip.applicationBytes': '07',
  'chip.counter': '0001',
  'chip.cryptogram': '0123456789ABCDEF',
  'chip.number': '00000001',
}
const answerValues: Record<string, string> = {
  code: '00',
  rrn: '632600000042',
  authCode: '000001',
  balance: '000001000000',
  currency: '156',
  batch: '000001',
  keyScheme: '003',
  workingKeys: '00'.repeat(40),
}

/** Each field of totals as wide as the dialect's parts of it, digits of 1; the net with its sign. */
function totalsOf({ rules: { ledger } }: Dialect): Record<string, string> {
  const widths = new Map<number, number>()
  for (const { field, digits, total } of ledger?.totals.parts ?? [])
    widths.set(field, (widths.get(field) ?? 0) + (total === 'net' ? -digits : digits))
  const texts = [...widths].map(([field, width]) => [
    `totals.${field}`,
    width < 0 ? `D${'1'.repeat(-width)}` : '1'.repeat(width),
  ])
  return Object.fromEntries(texts)
}
const wallMs = Date.UTC(2026, 10, 22, 20, 30, 15)

function fill(
  texts: Readonly<Record<string, MessageValue>>,
  values: Record<string, string>,
): Record<string, FieldValue> {
  const filled: Record<string, FieldValue> = {}
  for (const [field, text] of Object.entries(texts)) {
    if (typeof text !== 'string') {
      filled[field] = fill(text as Readonly<Record<string, MessageValue>>, values)
      continue
    }
    const filler = compilePlaceholders(String(text), Object.keys(values))
    filled[field] = filler === undefined ? String(text) : filler((name) => values[name] as string, wallMs)
  }
  return filled
}

function filledMessage(dialect: Dialect, name: string): Message {
  const { mti, fields } = dialect.messages[name] as MessageDefinition
  const samples = familySamples(dialect, name, messageValues, wallMs)
  return { mti, fields: fill(fields, { ...messageValues, ...samples }) }
}

const filledAnswer = (dialect: Dialect, rule: AnswerRule) =>
  fill(
    { ...rule.set, ...rule.setWhenApproved },
    { ...answerValues, ...totalsOf(dialect), code: dialect.rules.codes.approved },
  )

/** The first rule that fits, by MTI prefix and field prefix, which is all that built-in rules use. */
function ruleFor(dialect: Dialect, { mti, fields }: Message): AnswerRule | undefined {
  const fits = (value: unknown, patterns: string | readonly string[]) =>
    typeof value === 'string' && [patterns].flat().some((pattern) => value.startsWith(pattern.replace('*', '')))
  return dialect.rules.answers.find(({ request }) =>
    Object.entries(request).every(([key, patterns]) => fits(key === 'mti' ? mti : fields[key], patterns)),
  )
}

test('a built-in dialect is found by its name', () => {
  expect(builtInDialect('cup-pos').rules.currency).toBe('156')
  expect(new Set(builtInDialects.map(({ name }) => name)).size).toBe(builtInDialects.length)
})

test('an unknown dialect is refused with the nearest name', () => {
  expect(() => builtInDialect('iso87-asci')).toThrow(UsageError)
  expect(() => builtInDialect('iso87-asci')).toThrow("unknown dialect 'iso87-asci' (did you mean 'iso87-ascii'?)")
})

/** Fields that hold card data or keys in some network. */
const sensitive = [2, 34, 35, 36, 45, 48, 52, 53, 55, 62, 63, 102, 103, 125, 127]

for (const dialect of builtInDialects) {
  describe(`${dialect.name}:`, () => {
    const codec = compile(dialect)
    const { rules, messages, fields } = dialect

    test('is plain data', () => {
      expect(JSON.parse(JSON.stringify(dialect))).toEqual(dialect)
    })

    test('gives every field a name of its own, and every field that may be secret a mask rule', () => {
      const names = Object.values(fields).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      for (const field of sensitive) {
        if (fields[field] !== undefined) expect(`${field} ${fields[field].mask}`).toMatch(/(pan|all|tlv|none)$/)
      }
    })

    for (const name of Object.keys(messages)) {
      test(`${name} packs, comes back the same, and is answered`, () => {
        const message = filledMessage(dialect, name)
        expect(codec.unpack(codec.pack(message))).toEqual(message)
        expect(ruleFor(dialect, message)).toBeDefined()
      })
    }

    test('has the messages that its rules name, and the five that every built-in dialect has', () => {
      expect(Object.keys(messages)).toEqual(
        expect.arrayContaining(['signOn', 'signOff', 'echo', 'sale', 'balance', rules.signOn, rules.echo]),
      )
    })

    for (const [index, rule] of rules.answers.entries()) {
      test(`answer rule ${index + 1} says the code, echoes what answers are matched by, and packs`, () => {
        expect(rule.set[rules.responseCode]).toBe('{code}')
        expect(rule.echoed).toEqual(expect.arrayContaining([...rules.matchBy, 42]))
        expect(new Set(rule.echoed).size).toBe(rule.echoed.length)
        for (const field of rule.echoed) expect(fields).toHaveProperty(String(field))
        const message: Message = { mti: '0210', fields: filledAnswer(dialect, rule) }
        expect(codec.unpack(codec.pack(message))).toEqual(message)
      })
    }

    test('answers a balance inquiry with a balance, and a sale without', () => {
      const answerOf = (name: string) => {
        const message = filledMessage(dialect, name)
        return filledAnswer(dialect, ruleFor(dialect, message) as AnswerRule)
      }
      expect(answerOf('balance')[54]).toMatch(/^\d{2}021562?C000001000000$/)
      expect(answerOf('sale')[54]).toBeUndefined()
      expect(answerOf('sale')[38]).toBe('000001')
    })

    test('every code fits the response code field, approves or not, and never both decides and asks to try again', () => {
      const codes = [
        ...rules.approved,
        ...rules.retry,
        ...Object.values(rules.codes),
        ...Object.keys(rules.meanings ?? {}),
      ]
      for (const code of codes) codec.pack({ mti: '0210', fields: { [rules.responseCode]: code } })
      expect(rules.approved).toContain(rules.codes.approved)
      expect(rules.approved.filter((code) => rules.retry.includes(code))).toEqual([])
      for (const code of Object.values(rules.codes)) expect(rules.meanings).toHaveProperty([code])
    })
  })
}

/** Widths of fields 2 to 128 in the packagers in use: bytes in ASCII, after L for each digit of a length. */
const widths87 =
  'LL19 6 12 12 12 10 8 8 8 6 6 4 4 4 4 4 4 3 3 3 3 3 3 2 2 1 9 9 9 9 LL11 LL11 LL28 LL37 LLL104 12 6 2 3 8 15 40 LL25 ' +
  `LL76 ${'LLL999 '.repeat(3)}3 3 3 16 16 LLL120 ${'LLL999 '.repeat(9)}16 2 1 2 3 3 3 4 4 6 ${'10 '.repeat(8)}` +
  `12 12 12 12 16 16 16 16 42 1 2 5 7 42 16 17 25 LL11 LL11 LL17 LL28 LL28 LLL100 ${'LLL999 '.repeat(23)}16`
const widths93 =
  'LL19 6 12 12 12 10 8 8 8 6 12 4 4 6 4 4 4 3 3 3 12 3 3 4 4 1 6 3 24 LL99 LL11 LL11 LL28 LL37 LLL104 12 6 3 3 8 15 ' +
  'LL99 LL99 LL76 LLL204 LLL999 LLL999 3 3 3 16 LL48 LLL120 LLL255 LL35 3 LL11 ' +
  `${'LLL999 '.repeat(5)}16 16 LLL204 2 3 3 3 8 LLL999 6 ${'10 '.repeat(12)}16 16 16 16 10 3 3 LL11 LL11 LL99 LLL999 ` +
  `17 25 LL11 LL11 LL17 LL28 LL28 LLL100 16 16 10 10 LL84 LL84 ${'LLL999 '.repeat(17)}16`

const tables = [
  { name: 'iso87-ascii', widths: widths87 },
  { name: 'iso93-ascii', widths: widths93 },
]
for (const { name, widths } of tables) {
  test(`${name} has all fields of the standard, as wide as in the packagers in use`, () => {
    const { fields } = builtInDialect(name)
    const found = Object.values(fields).map(({ format, data }) => {
      const { kind, length, dots } = parseFormat(format, name)
      if (dots > 0) return 'L'.repeat(dots) + length
      return String(kind === 'b' && data === undefined ? 2 * length : kind === 'x+n' ? length + 1 : length)
    })
    expect(Object.keys(fields)).toEqual(Array.from({ length: 127 }, (_, index) => String(index + 2)))
    expect(found).toEqual(widths.split(' '))
  })
}

interface ByHand {
  readonly dialect: string
  readonly what: string
  readonly message: Message
  readonly parts: readonly string[]
}

const ascii = (text: string) => Buffer.from(text, 'ascii').toString('hex').toUpperCase()

const byHand: readonly ByHand[] = [
  {
    dialect: 'iso87-ascii',
    what: 'one bitmap in hexadecimal digits, lengths in digits, binary in hexadecimal digits',
    message: {
      mti: '0200',
      fields: { 2: '4111111111111111', 3: '000000', 28: 'D00000012', 41: 'T1', 52: '0123456789ABCDEF' },
    },
    parts: [
      '0200',
      '6000001000801000',
      '164111111111111111',
      '000000',
      'D00000012',
      'T1      ',
      '0123456789ABCDEF',
    ].map(ascii),
  },
  {
    dialect: 'iso87-ascii',
    what: 'two bitmaps where a field is above 64',
    message: { mti: '0800', fields: { 11: '000001', 70: '301' } },
    parts: ['0800', '80200000000000000400000000000000', '000001', '301'].map(ascii),
  },
  {
    dialect: 'iso87-binary',
    what: 'packed digits: fixed ones right aligned, variable ones left aligned; track 3 in ASCII',
    message: {
      mti: '0200',
      fields: {
        2: '41111111111111119',
        22: '021',
        28: 'D00000012',
        35: '4111=301',
        36: '123',
        49: '156',
        55: '9F2701',
      },
    },
    parts: [
      '0200',
      '4000041030008200',
      '17411111111111111190',
      '0021',
      '4400000012',
      '084111D301',
      `0003${ascii('123')}`,
      ascii('156'),
      '00039F2701',
    ],
  },
  {
    dialect: 'iso93-ascii',
    what: 'variable binary as it is, fixed binary in hexadecimal digits',
    message: {
      mti: '1200',
      fields: { 12: '261122203015', 39: '000', 53: 'A1B2', 55: { '9F27': '80' }, 64: '0011223344556677' },
    },
    parts: [
      ...['1200', '0010000002000A01', '261122203015', '000'].map(ascii),
      `${ascii('02')}A1B2`,
      `${ascii('004')}9F270180`,
      ascii('0011223344556677'),
    ],
  },
  {
    dialect: 'iso93-binary',
    what: 'packed digits, all left aligned; both tracks in ASCII',
    message: { mti: '1804', fields: { 11: '000001', 24: '801', 35: '41=3', 41: 'T1' } },
    parts: ['1804', '0020010020800000', '000001', '8010', `04${ascii('41=3')}`, ascii('T1      ')],
  },
  {
    dialect: 'iso_8583',
    what: 'a binary bitmap of 128 bits, values as they are, and a bitmap inside field 127',
    message: { mti: '0200', fields: { 3: '000000', 64: 'AABBCCDD', 127: { 2: '0000000042' } } },
    parts: [
      ascii('0200'),
      'A0000000000000010000000000000002',
      ascii('000000'),
      'AABBCCDD',
      ascii('000020'),
      '4000000000000000',
      ascii('100000000042'),
    ],
  },
  {
    dialect: 'cup-pos',
    what: 'an odd PAN left aligned, 22 left aligned, 23 right aligned, GBK text, tagged chip data',
    message: {
      mti: '0200',
      fields: { 2: '6222020000000000000', 22: '051', 23: '001', 43: '银联', 48: '123', 55: { '9F27': '80' } },
    },
    parts: [
      '0200',
      '4000060000210200',
      '1962220200000000000000',
      '0510',
      '0001',
      `D2F8C1AA${'20'.repeat(36)}`,
      '00031230',
      '00049F270180',
    ],
  },
]

for (const { dialect, what, message, parts } of byHand) {
  test(`${dialect} packed by hand: ${what}`, () => {
    const codec = compile(builtInDialect(dialect))
    const hex = parts.join('')
    expect(Buffer.from(codec.pack(message)).toString('hex').toUpperCase()).toBe(hex)
    expect(codec.unpack(Buffer.from(hex, 'hex'))).toEqual(message)
  })
}
