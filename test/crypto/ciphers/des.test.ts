import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createDes,
  createDesChain,
  hasOddParity,
  hasWeakPart,
  isSingleInDisguise,
  withOddParity,
} from '../../../src/crypto/ciphers/des.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { bytesOf, desKey } from '../arbitraries.js'

const vectors = [
  {
    name: 'single length, FIPS 81 table B1',
    key: '0123456789ABCDEF',
    clear: '4E6F772069732074',
    cipher: '3FA40E8A984D4815',
  },
  {
    name: 'triple length, NIST SP 800-67 appendix B.1',
    key: '0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123',
    clear: '5468652071756663 6B2062726F776E20 666F78206A756D70',
    cipher: 'A826FD8CE53B855F CCE21C8112256FE6 68D5C05DD9B6B900',
  },
]

for (const { name, key, clear, cipher } of vectors) {
  test(`DES in ECB enciphers and deciphers: ${name}`, () => {
    const des = createDes(fromHex(key))
    expect(toHex(des.encrypt(fromHex(clear.replaceAll(' ', ''))))).toBe(cipher.replaceAll(' ', ''))
    expect(toHex(des.decrypt(fromHex(cipher.replaceAll(' ', ''))))).toBe(clear.replaceAll(' ', ''))
  })
}

describe('DES', () => {
  test('deciphers what it enciphered, with any key', () => {
    fc.assert(
      fc.property(desKey, bytesOf(32), (key, bytes) => {
        const ecb = createDes(key)
        expect(toHex(ecb.decrypt(ecb.encrypt(bytes)))).toBe(toHex(bytes))
      }),
    )
  })

  test('chains every message from a zero vector, though it keeps one context for all of them', () => {
    fc.assert(
      fc.property(desKey, fc.array(bytesOf(24), { minLength: 1, maxLength: 5 }), (key, messages) => {
        const chain = createDesChain(key)
        const triple = Buffer.concat([key, key, key]).subarray(0, 24)
        for (const message of messages) {
          const cbc = createCipheriv('des-ede3-cbc', triple, new Uint8Array(8)).setAutoPadding(false)
          const expected = cbc.update(message).subarray(-8)
          expect(toHex(chain(Uint8Array.from(message)))).toBe(toHex(expected))
        }
      }),
    )
  })

  for (const length of [0, 7, 15, 17, 32]) {
    test(`refuses a key of ${length} bytes`, () => {
      expect(() => createDes(new Uint8Array(length))).toThrow(
        new CryptoError('key-length', `a DES key has 8, 16 or 24 bytes, this one has ${length}`),
      )
    })
  }

  test('refuses data that is not whole blocks', () => {
    const des = createDes(fromHex('0123456789ABCDEF'))
    expect(() => des.encrypt(new Uint8Array(9))).toThrow('9 bytes are not whole blocks of 8')
  })
})

describe('DES keys', () => {
  test('get odd parity without another change', () => {
    fc.assert(
      fc.property(desKey, (key) => {
        const odd = withOddParity(key)
        expect(hasOddParity(odd)).toBe(true)
        expect(toHex(odd.map((byte) => byte & 0xfe))).toBe(toHex(key.map((byte) => byte & 0xfe)))
      }),
    )
  })

  test('of even parity are seen', () => {
    expect(hasOddParity(fromHex('0123456789ABCDEE'))).toBe(false)
  })

  for (const weak of ['0101010101010101', '0000000000000000', 'FEE0FEE0FEF1FEF1', '0123456789ABCDEF1FE01FE00EF10EF1']) {
    test(`that hold a weak part are seen: ${weak}`, () => expect(hasWeakPart(fromHex(weak))).toBe(true))
  }

  test('that are sound are not called weak', () => {
    expect(hasWeakPart(fromHex('0123456789ABCDEFFEDCBA9876543210'))).toBe(false)
  })

  test('that repeat a part are single DES in disguise', () => {
    expect(isSingleInDisguise(fromHex('0123456789ABCDEF0123456789ABCDEF'))).toBe(true)
    expect(isSingleInDisguise(fromHex('0123456789ABCDEF'))).toBe(false)
    expect(isSingleInDisguise(fromHex('0123456789ABCDEFFEDCBA9876543210'))).toBe(false)
  })
})
