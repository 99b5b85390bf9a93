// Messages as they may be shown: by the rules of the dialect, by number where it has none, and card numbers everywhere.

import { describe, expect, test } from 'vitest'
import type { FieldDefinition } from '../../src/codec/dialect.js'
import { maskMessage } from '../../src/codec/mask-message.js'
import type { FieldValue } from '../../src/codec/message.js'
import { asciiEncodings, dialectOf } from './axes.js'

const text: FieldDefinition = { name: 'text', format: 'ans...999' }
const dialect = dialectOf('mask', asciiEncodings, {
  2: { ...text, mask: 'pan' },
  35: text,
  44: { ...text, mask: 'all' },
  48: { ...text, mask: 'none' },
  52: text,
  55: { ...text, mask: 'tlv', inside: { kind: 'ber-tlv' } },
  60: { ...text, inside: { kind: 'positional', fields: { 1: { ...text, mask: 'all' }, 2: text } } },
  61: text,
  62: text,
})
const pan = '4111111111111111'

const cases: readonly (readonly [name: string, field: number, value: FieldValue, masked: FieldValue])[] = [
  ['a card number shows its ends', 2, pan, '411111******1111'],
  ['a card number that is verbatim shows nothing', 2, { hex: '4111', length: 3 }, { hex: '****', length: 3 }],
  ['a field that is masked by number shows nothing', 35, `${pan}=2512`, '*'.repeat(21)],
  ['a field that is masked whole shows nothing', 44, 'abc', '***'],
  ['a field that is not masked is shown', 48, 'amounts', 'amounts'],
  ['a card number in a field that is not masked is masked', 48, `x${pan}`, 'x411111******1111'],
  ['a PIN block shows nothing', 52, 'A1B2C3D4E5F60718', '*'.repeat(16)],
  ['tags are shown without their values', 55, { '5A': pan, order: ['5A'] }, { '5A': '*'.repeat(16), order: ['5A'] }],
  ['subfields have their own rules', 60, { 1: '22', 2: `${pan}` }, { 1: '**', 2: '411111******1111' }],
  ['a card number in verbatim bytes is masked', 61, { hex: `00${pan}` }, { hex: '00411111******1111' }],
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
})
