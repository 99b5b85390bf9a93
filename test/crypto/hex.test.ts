import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted } from '../../src/base/text/counted.js'
import { CryptoError } from '../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../src/crypto/hex.js'

test('hex gives all bytes back, in either case', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect([...fromHex(toHex(bytes))]).toEqual([...bytes])
      expect([...fromHex(toHex(bytes).toLowerCase())]).toEqual([...bytes])
    }),
  )
})

test('a view into a larger buffer gives only its own bytes', () => {
  expect(toHex(fromHex('0102030405').subarray(1, 3))).toBe('0203')
})

for (const text of ['0', '0G', '00 00', '0x00', '0'.repeat(1_000_001)]) {
  test(`text of ${text.length} characters that is no hex is refused and not quoted`, () => {
    expect(() => fromHex(text, 'key')).toThrow(
      new CryptoError('hex', `the key (${counted(text.length, 'character')}) is not hex of an even length`),
    )
  })
}
