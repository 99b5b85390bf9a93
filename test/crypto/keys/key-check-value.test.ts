import { expect, test } from 'vitest'
import { hasSm4 } from '../../../src/crypto/ciphers/sm4.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { kcvAes, kcvAesLegacy, kcvDes, kcvSm4 } from '../../../src/crypto/keys/key-check-value.js'

const nist256 = '603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4'
const sm4Row = [
  'SM4, 4 bytes (checked with openssl)',
  (key: Uint8Array) => kcvSm4(key),
  '0123456789ABCDEFFEDCBA9876543210',
  '2677F46B',
] as const

const rows: readonly (readonly [string, (key: Uint8Array) => Uint8Array, string, string])[] = [
  [
    'DES of double length, 4 bytes as CUP sends them',
    (key) => kcvDes(key, 4),
    '807A23AD32B36D457AE91FDF927570EA',
    '8D0A74B8',
  ],
  ['DES of single length, 4 bytes as CUP sends them', (key) => kcvDes(key, 4), '5BB5C72CD00B7338', 'AB7153CA'],
  ['DES, 3 bytes as most hosts send them', (key) => kcvDes(key), '0123456789ABCDEFFEDCBA9876543210', '08D7B4'],
  [
    'AES-128 by CMAC, ANSI X9.24-1 (checked with openssl)',
    (key) => kcvAes(key),
    '2B7E151628AED2A6ABF7158809CF4F3C',
    '7AD386C376',
  ],
  ['AES-256 by CMAC, ANSI X9.24-1 (checked with openssl)', (key) => kcvAes(key), nist256, '1A0B2DF267'],
  [
    'AES-128 as older machines do it (checked with openssl)',
    (key) => kcvAesLegacy(key),
    '2B7E151628AED2A6ABF7158809CF4F3C',
    '7DF76B',
  ],
  ['AES-256 as older machines do it (checked with openssl)', (key) => kcvAesLegacy(key), nist256, 'E568F6'],
  ...(hasSm4() ? [sm4Row] : []),
]

for (const [name, kcv, key, expected] of rows) {
  test(`key check value: ${name}`, () => expect(toHex(kcv(fromHex(key)))).toBe(expected))
}
