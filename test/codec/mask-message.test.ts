// Messages as they may be shown: by the rules of the dialect, by number where it has none, and card numbers everywhere.

import { describe, expect, test } from 'vitest'
import type { FieldDefinition } from '../../src/codec/dialect.js'
import { maskInspected, maskMessage } from '../../src/codec/mask-message.js'
import { doubtOf } from '../../src/codec/masks/doubt.js'
import type { FieldValue } from '../../src/codec/message.js'
import { asciiEncodings, dialectOf } from './axes.js'

const text: FieldDefinition = { name: 'text', format: 'ans...999' }
const subfields: Readonly<Record<string, FieldDefinition>> = {
  1: { name: 'CVV2_VALUE', format: 'ans 3' },
  2: { name: 'cardNumber', format: 'n 16' },
  3: { name: 'trackTwo', format: 'ans 4' },
  4: { name: 'keyboard', format: 'ans 4' },
}
const dialect = dialectOf('mask', asciiEncodings, {
  2: { ...text, mask: 'pan' },
  35: text,
  44: { ...text, mask: 'all' },
  48: { ...text, mask: 'none' },
  52: text,
  55: { ...text, mask: 'tlv', inside: { kind: 'ber-tlv' } },
  57: { name: 'digits', format: 'n...99' },
  58: { ...text, layout: ['mti', 'n 6', 'MMDDhhmmss', 'n 11', 'n 11'] },
  60: { ...text, inside: { kind: 'positional', fields: { 1: { ...text, mask: 'all' }, 2: text } } },
  61: text,
  62: text,
  63: { ...text, mask: 'none', inside: { kind: 'positional', fields: subfields } },
  64: { name: 'mac', format: 'b 8' },
})
const pan = '4111111111111111'

const originalOf = (mti: string, stan: string, at: string) => `${mti}${stan}${at}${'00048021001'.repeat(2)}`

const cases: readonly (readonly [name: string, field: number, value: FieldValue, masked: FieldValue])[] = [
  ['a card number shows its ends', 2, pan, '411111******1111'],
  ['a card number that is verbatim shows nothing', 2, { hex: '4111', length: 3 }, { hex: '****', length: 3 }],
  ['a field that is masked by number shows nothing', 35, `${pan}=2512`, '*'.repeat(21)],
  ['a field that is masked whole shows nothing', 44, 'abc', '***'],
  ['a field that is not masked is shown', 48, 'amounts', 'amounts'],
  ['a card number in a field that is not masked is masked', 48, `x${pan}`, 'x411111******1111'],
  ['a PIN block shows nothing', 52, 'A1B2C3D4E5F60718', '*'.repeat(16)],
  ['tags are shown without their values', 55, { '5A': pan, order: ['5A'] }, { '5A': '*'.repeat(16), order: ['5A'] }],
  ['subfields have their own rules', 60, { 1: '22', 2: `${pan}` }, { 1: '**', 2: '*'.repeat(16) }],
  ['verbatim bytes show nothing', 61, { hex: `00${pan}` }, { hex: '*'.repeat(18) }],
  ['free text that is not declared safe shows nothing', 61, 'words', '*****'],
  ['digits show all but card numbers', 57, `0000${pan}`, '0000411111******1111'],
  [
    'an original transaction is shown',
    58,
    originalOf('0200', '412345', '1127001935'),
    originalOf('0200', '412345', '1127001935'),
  ],
  ['a card number in the place of an original transaction is none', 58, `${'0'.repeat(26)}${pan}`, '*'.repeat(42)],
  ['an original transaction on no day is none', 58, originalOf('0200', '412345', '4127001935'), '*'.repeat(42)],
  ['a MAC is shown', 64, '0123456789ABCDEF', '0123456789ABCDEF'],
  ['a MAC of digits alone, in which a card number begins amid a byte', 64, '1122334455667788', '1122334455667788'],
  ['a card number in the place of a MAC is not', 64, pan, '*'.repeat(16)],
  ['no MAC in the place of a MAC is not', 64, { hex: '0123', length: 2 }, { hex: '****', length: 2 }],
  [
    'sub-fields that are called secrets show nothing',
    63,
    { 1: '123', 2: '4111111111111112', 3: '4111', 4: 'usua' },
    { 1: '***', 2: '411111******1112', 3: '****', 4: 'usua' },
  ],
  ['text that is none is not shown', 48, 'abc\u0000\u0011', '*****'],
  ['an unknown field is masked by number', 125, 'abc', '***'],
]

describe('maskMessage()', () => {
  for (const [name, field, value, masked] of cases) {
    test(name, () => {
      const message = { mti: '0200', fields: { [field]: value } }
      expect(maskMessage(dialect, message)).toEqual({ mti: '0200', fields: { [field]: masked } })
      expect(message.fields[field]).toEqual(value)
    })
  }

  test('shows lengths alone where a dialect may be the wrong one', () => {
    const misread = { mti: '0200', fields: { 2: '52008282', 48: 'amounts' } }
    expect(maskMessage(dialect, misread).fields).toEqual({ 2: '********', 48: '*******' })
    expect(doubtOf(dialect, misread)).toBe('field 2 is no card number')
  })

  test('hides the card of the message where it reaches over the border of two fields', () => {
    const fields = { 2: pan, 48: 'x411111111', 57: '1111111' }
    expect(maskMessage(dialect, { mti: '0200', fields }).fields).toMatchObject({ 48: '**********', 57: '*******' })
  })
})

test('maskInspected() shows of what was not read whole its MTI and how long the values are', () => {
  const message = { mti: '0200', fields: { 57: '000123', 48: { hex: '4111' } } }
  const shape = { mti: '0200', fields: { 57: '******', 48: { hex: '****' } } }
  expect(maskInspected(dialect, { message, error: new Error('cut') })).toEqual(shape)
})
