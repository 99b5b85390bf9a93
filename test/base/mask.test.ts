// Masking of texts: no card number is left, wherever it stands.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskPan, maskText, maskTexts } from '../../src/base/mask.js'
import { passesLuhn } from '../../src/base/text/card-number.js'

const pan = '4111111111111111'
const asciiHex = Buffer.from(pan, 'latin1').toString('hex')

/** A sentence of ours, in which pairs of hex digits stand between words by chance. */
const ownSentence =
  'answer with class 12, DE11 041111111111, DE41 00000003: no exchange is in flight on this connection'

test('numbers of a sentence are no hex of a card, and hex of one kind is, with ends of lines in it', () => {
  expect(maskText(ownSentence)).toBe(ownSentence)
  const pairs = asciiHex.match(/../g) ?? []
  for (const separator of [' ', ':', ', ', '  ', '\n', '-'])
    expect(maskText(`before ${pairs.join(separator)} behind`), separator).toContain('*')
  expect(maskText(`0000: ${pairs.slice(0, 8).join(' ')}\n0008: ${pairs.slice(8).join(' ')}`)).toContain('*')
})

const cases: readonly (readonly [name: string, text: string, masked: string])[] = [
  ['a card number', pan, '411111******1111'],
  ['a card number of 19 digits', '6222020000000000000', '622202*********0000'],
  ['in a sentence', `card ${pan} was declined`, 'card 411111******1111 was declined'],
  ['in a track', `${pan}=2512101`, `411111${'*'.repeat(18)}`],
  ['packed, with a spare half byte', '3782822463100050', '378282*****00050'],
  ['with a few zeros in front', `00${pan}`, '00411111******1111'],
  ['packed, with zeros in front', `0000${pan}`, '0000411111******1111'],
  ['in the hex of its ASCII digits', asciiHex, `${asciiHex.slice(0, 7)}${'*'.repeat(21)}${asciiHex.slice(28)}`],
  ['with a length in front', `16${pan}`, '1641111*******1111'],
  ['with a tag in front', `5A08${pan}`, '*'.repeat(20)],
  ['with a digit behind', `${pan}2`, '411111******11112'],
  ['in groups', '4111 1111 1111 1111', '4111 11******* 1111'],
  ['in groups of its own', '411111-11111111-11', '411111-******11-11'],
  ['a key', 'key 0123456789ABCDEFFEDCBA9876543210', `key ${'*'.repeat(32)}`],
  ['a date and a time', '2026-11-27 00:19:35.123456', '2026-11-27 00:19:35.123456'],
  ['a date and a time in digits alone', '20261127001935123', '20261127001935123'],
  ['an address and a rate', '127.0.0.1:54321 at 3000/s', '127.0.0.1:54321 at 3000/s'],
  ['digits that are no card number', '4111111111111110', '4111111111111110'],
  ['an amount', '000000001234', '000000001234'],
  ['nothing', '', ''],
]

describe('maskText()', () => {
  for (const [name, text, masked] of cases) test(`masks ${name}`, () => expect(maskText(text)).toBe(masked))

  test('masks the hex of EBCDIC digits', () => expect(maskText(pan.replace(/./g, 'F$&'))).toBe('*'.repeat(32)))

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

test('maskTexts() leaves figures with a fraction alone, whose digits may pass for a card', () => {
  const figures = { intendedAt: 4111.111111111111, at: 4111111111111111 }
  expect(maskTexts(figures)).toEqual({ intendedAt: 4111.111111111111, at: '411111******1111' })
})
