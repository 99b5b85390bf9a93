import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/base/random.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { decodePinBlock, encodePinBlock, type PinBlockFormat } from '../../../src/crypto/pin/pin-block.js'
import { decipherPinBlock4, encipherPinBlock4 } from '../../../src/crypto/pin/pin-block-4.js'
import { aesKey, pan, pin } from '../arbitraries.js'

// Draws the highest value every time: F digits and FF bytes.
const highest = { below: (limit: number) => limit - 1 }
const random = createRandom('pin blocks')

const vectors: readonly [PinBlockFormat, string, string, string][] = [
  ['iso-0', '1234', '5555555551234567', '041261AAAAEDCBA9'],
  ['iso-0', '123456', '1234567890123456', '0612713176FEDCBA'],
  ['iso-1', '1234', '', '141234FFFFFFFFFF'],
  ['iso-2', '1234', '', '241234FFFFFFFFFF'],
  ['iso-3', '1234', '5555555551234567', '341261AAAAEDCBA9'],
  ['cup-no-pan', '123456', '', '06123456FFFFFFFF'],
]

for (const [format, clear, card, block] of vectors) {
  test(`${format} (${format === 'cup-no-pan' ? 'CUP, DE53 digit 1' : 'ISO 9564-1'}) of a PIN of ${clear.length} digits`, () => {
    const input = { format, pan: card, random: highest }
    expect(toHex(encodePinBlock({ ...input, pin: clear }))).toBe(block)
    expect(decodePinBlock({ ...input, block: fromHex(block) })).toBe(clear)
  })
}

test('iso-3 fills up from A, and a filler below A is no iso-3 (ISO 9564-1)', () => {
  const card = '5555555551234567'
  expect(toHex(encodePinBlock({ format: 'iso-3', pin: '1234', pan: card, random: { below: () => 0 } }))).toBe(
    '341261FFFFB89EFC',
  )
  expect(() => decodePinBlock({ format: 'iso-3', pan: card, block: fromHex('341261FFFFB89ECF') })).toThrow('no iso-3')
})

test('iso-4 (ISO 9564-1:2017) of a PIN of 4 digits and a PAN of 19, AES-128', () => {
  const key = fromHex('00112233445566778899AABBCCDDEEFF')
  const card = '1234567890123456789'
  const block = encipherPinBlock4({ key, pin: '1234', pan: card, random: highest })
  expect(toHex(block)).toBe('28B41FDDD29B743E93124BD8E32D921E')
  expect(decipherPinBlock4({ key, block, pan: card })).toBe('1234')
})

describe('every PIN comes back out of its block', () => {
  for (const format of ['iso-0', 'iso-1', 'iso-2', 'iso-3', 'cup-no-pan'] as const) {
    test(format, () => {
      fc.assert(
        fc.property(pin, pan, (clear, card) => {
          const block = encodePinBlock({ format, pin: clear, pan: card, random })
          expect(decodePinBlock({ format, block, pan: card })).toBe(clear)
        }),
      )
    })
  }

  test('iso-4', () => {
    fc.assert(
      fc.property(aesKey, pin, pan, (key, clear, card) => {
        const block = encipherPinBlock4({ key, pin: clear, pan: card, random })
        expect(decipherPinBlock4({ key, block, pan: card })).toBe(clear)
      }),
    )
  })

  test('iso-4 blocks of one PIN differ, because they are filled at random', () => {
    const input = { key: new Uint8Array(16), pin: '1234', pan: '4000000000000002', random }
    expect(toHex(encipherPinBlock4(input))).not.toBe(toHex(encipherPinBlock4(input)))
  })
})

describe('a PIN block is refused without a word about what is in it', () => {
  const cases: readonly [string, () => unknown, CryptoError['code'], RegExp][] = [
    ['a PIN of 3 digits', () => encodePinBlock({ format: 'iso-2', pin: '123' }), 'pin', /^a PIN has 4 to 12 digits$/],
    [
      'a PIN of 13 digits',
      () => encodePinBlock({ format: 'iso-2', pin: '1234567890123' }),
      'pin',
      /^a PIN has 4 to 12 digits$/,
    ],
    [
      'a PIN with a letter',
      () => encodePinBlock({ format: 'iso-2', pin: '12E4' }),
      'pin',
      /^a PIN has 4 to 12 digits$/,
    ],
    ['format 0 without a PAN', () => encodePinBlock({ format: 'iso-0', pin: '1234' }), 'pan', /none was given/],
    [
      'a PAN with a letter',
      () => encodePinBlock({ format: 'iso-0', pin: '1234', pan: '400000000000000X' }),
      'pan',
      /16 characters/,
    ],
    [
      'format 3 without random digits',
      () => encodePinBlock({ format: 'iso-3', pin: '1234', pan: '4000000000000002' }),
      'data-length',
      /random/,
    ],
    ['a block of 7 bytes', () => decodePinBlock({ format: 'iso-2', block: new Uint8Array(7) }), 'data-length', /has 7/],
    [
      'another format',
      () => decodePinBlock({ format: 'iso-0', pan: '5555555551234567', block: fromHex('241234FFFFFFFFFF') }),
      'pin-block',
      /no iso-0/,
    ],
    [
      'another PAN',
      () => decodePinBlock({ format: 'iso-0', pan: '4000000000000002', block: fromHex('041261AAAAEDCBA9') }),
      'pin-block',
      /another key, PAN/,
    ],
    [
      'a length digit of 15',
      () => decodePinBlock({ format: 'iso-2', block: fromHex('2F12345678901234') }),
      'pin-block',
      /no iso-2/,
    ],
    [
      'a short iso-4 block',
      () => decipherPinBlock4({ key: new Uint8Array(16), block: new Uint8Array(8), pan: '4000000000000002' }),
      'data-length',
      /16 bytes/,
    ],
    [
      'an iso-4 block of another key',
      () =>
        decipherPinBlock4({
          key: new Uint8Array(16),
          block: fromHex('28B41FDDD29B743E93124BD8E32D921E'),
          pan: '1234567890123456789',
        }),
      'pin-block',
      /no iso-4/,
    ],
  ]
  for (const [name, act, code, message] of cases) {
    test(name, () => {
      expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
      expect(act).toThrow(CryptoError)
    })
  }

  test('random blocks give a PIN or a typed error, nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.constantFrom('iso-0', 'iso-1', 'iso-2', 'iso-3'),
        (block, format) => {
          try {
            expect(decodePinBlock({ format: format as PinBlockFormat, block, pan: '4000000000000002' })).toMatch(
              /^\d{4,12}$/,
            )
          } catch (error) {
            expect(error).toMatchObject({ name: 'CryptoError', code: 'pin-block' })
          }
        },
      ),
    )
  })
})
