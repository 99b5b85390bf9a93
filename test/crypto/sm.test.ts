import { expect, test } from 'vitest'
import { CryptoError } from '../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../src/crypto/hex.js'
import { hasSm3, sm3 } from '../../src/crypto/sm3.js'
import { createSm4, createSm4CbcMac, hasSm4 } from '../../src/crypto/sm4.js'

// Some builds of Node have no SM algorithms: there only the last tests of this file exist.
if (hasSm4()) {
  test('SM4 enciphers and deciphers the example of GB/T 32907-2016 A.1', () => {
    const key = fromHex('0123456789ABCDEFFEDCBA9876543210')
    const sm4 = createSm4(key)
    expect(toHex(sm4.encrypt(key))).toBe('681EDF34D206965E86B3E94F536E4246')
    expect(toHex(sm4.decrypt(fromHex('681EDF34D206965E86B3E94F536E4246')))).toBe(toHex(key))
  })
}

const digests = [
  { name: 'A.1', text: 'abc', digest: '66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0' },
  { name: 'A.2', text: 'abcd'.repeat(16), digest: 'DEBE9FF92275B8A138604889C18E5A4D6FDB70E5387E5765293DCBA39C0C5732' },
]

for (const { name, text, digest } of hasSm3() ? digests : []) {
  test(`SM3 of the example of GB/T 32905-2016 ${name}`, () => expect(toHex(sm3(Buffer.from(text)))).toBe(digest))
}

test('SM4 and SM3 say clearly where OpenSSL lacks them', () => {
  const key = new Uint8Array(16)
  expect(hasSm4(['aes-128-cbc'])).toBe(false)
  expect(hasSm3(['sha256'])).toBe(false)
  expect(() => createSm4(key, [])).toThrow(CryptoError)
  expect(() => createSm4(key, [])).toThrow('this Node was built without SM4')
  expect(() => createSm4CbcMac(key, [])).toThrow('this Node was built without SM4')
  expect(() => sm3(key, [])).toThrow('this Node was built without SM3')
})

test('SM4 refuses a key that has not 16 bytes', () => {
  expect(() => createSm4(new Uint8Array(24), ['sm4-ecb', 'sm4-cbc'])).toThrow(
    'an SM4 key has 16 bytes, this one has 24',
  )
})
