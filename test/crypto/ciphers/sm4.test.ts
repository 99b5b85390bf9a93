import { expect, test } from 'vitest'
import { createSm4, hasSm4 } from '../../../src/crypto/ciphers/sm4.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { createSm4CbcMac } from '../../../src/crypto/mac/mac-sm4.js'

// Some builds of Node have no SM4: there only the last tests of this file exist.
if (hasSm4()) {
  test('SM4 enciphers and deciphers the example of GB/T 32907-2016 A.1', () => {
    const key = fromHex('0123456789ABCDEFFEDCBA9876543210')
    const sm4 = createSm4(key)
    expect(toHex(sm4.encrypt(key))).toBe('681EDF34D206965E86B3E94F536E4246')
    expect(toHex(sm4.decrypt(fromHex('681EDF34D206965E86B3E94F536E4246')))).toBe(toHex(key))
  })
}

test('SM4 says clearly where OpenSSL lacks it', () => {
  const key = new Uint8Array(16)
  expect(hasSm4(['aes-128-cbc'])).toBe(false)
  expect(() => createSm4(key, [])).toThrow(CryptoError)
  expect(() => createSm4(key, [])).toThrow('this Node was built without SM4')
  expect(() => createSm4CbcMac(key, [])).toThrow('this Node was built without SM4')
})

test('SM4 refuses a key that has not 16 bytes', () => {
  expect(() => createSm4(new Uint8Array(24), ['sm4-ecb', 'sm4-cbc'])).toThrow(
    'an SM4 key has 16 bytes, this one has 24',
  )
})
