// Masking of texts: no card number is left, wherever it stands.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskPan, maskText, passesLuhn } from '../../src/base/mask.js'

const pan = '4111111111111111'
const asciiHex = Buffer.from(pan, 'latin1').toString('hex')

const cases: readonly (readonly [name: string, text: string, masked: string])[] = [
  ['a card number', pan, '411111******1111'],
  ['a card number of 19 digits', '6222020000000000000', '622202*********0000'],
  ['in a sentence', `card ${pan} was declined`, 'card 411111******1111 was declined'],
  ['in a track', `${pan}=2512101`, '411111******1111=2512101'],
  ['packed, with a spare half byte', '3782822463100050', '378282*****00050'],
  ['with a few zeros in front', `00${pan}`, '00411111******1111'],
  ['packed, with zeros in front', `0000${pan}`, '0000411111******1111'],
  [
    'in the hex of its ASCII digits',
    `5A10${asciiHex}FF`,
    `5A10${asciiHex.slice(0, 12)}${'*'.repeat(12)}${asciiHex.slice(24)}FF`,
  ],
  ['digits that are no card number', '4111111111111112', '4111111111111112'],
  ['an amount', '000000001234', '000000001234'],
  ['nothing', '', ''],
]

describe('maskText()', () => {
  for (const [name, text, masked] of cases) test(`masks ${name}`, () => expect(maskText(text)).toBe(masked))

  test('masks the hex of EBCDIC digits', () => {
    const hex = pan.replace(/./g, 'F$&')
    expect(maskText(hex)).toBe(`${hex.slice(0, 12)}${'*'.repeat(12)}${hex.slice(24)}`)
  })

  test('leaves no card number between so many other digits that the run is longer than any', () => {
    const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength })
    fc.assert(
      fc.property(digits(20), digits(20), (before, after) => {
        fc.pre(before.length + after.length > 3)
        const at = before.length
        expect(maskText(before + pan + after).slice(at + 6, at + 12)).toBe('******')
      }),
    )
  })
})

test('maskPan() shows the first six and the last four digits, and nothing of what is too short', () => {
  expect(maskPan(pan)).toBe('411111******1111')
  expect(maskPan('123456789012')).toBe('************')
})

test('passesLuhn() knows right check digits from wrong ones', () => {
  expect(passesLuhn('79927398713')).toBe(true)
  expect(passesLuhn('79927398710')).toBe(false)
})
