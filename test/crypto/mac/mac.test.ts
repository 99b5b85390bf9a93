import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasSm4 } from '../../../src/crypto/ciphers/sm4.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { createMac, type MacAlgorithm, macAlgorithms } from '../../../src/crypto/mac/create-mac.js'
import { macMatches } from '../../../src/crypto/mac/mac.js'

const text = (value: string) => toHex(Buffer.from(value, 'latin1'))
const double = '0123456789ABCDEFFEDCBA9876543210'
const triple = '0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123'
const nist =
  '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710'
const nistTdes3 = '8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5'
const nistTdes2 = '4CF15134A2850DD58A3D10BA80570D38'
const nist128 = '2B7E151628AED2A6ABF7158809CF4F3C'
const nist192 = '8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B'
const nist256 = '603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4'
const cup0200 =
  '02003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C023031'

const vectors: readonly [title: string, algorithm: MacAlgorithm, key: string, data: string, mac: string][] = [
  [
    'ANSI X9.9, ISO 8731-1 example',
    'x9.9',
    '0123456789ABCDEF',
    text('7654321 Now is the time for '),
    'F1D30F6849312CA4',
  ],
  ['ANSI X9.9, whole blocks', 'x9.9', '0123456789ABCDEF', text('Now is the time for all '), '70A30640CC76DD8B'],
  [
    'ANSI X9.19, ISO 9797-1 algorithm 3 padding 1',
    'x9.19',
    double,
    text('Now is the time for all '),
    'A1C72E74EA3FA9B6',
  ],
  [
    'ANSI X9.19, ISO 9797-1 algorithm 3 padding 1, short block',
    'x9.19',
    double,
    text('Now is the time for it'),
    '2E2B1428CC78254F',
  ],
  [
    'ISO 9797-1 algorithm 3 padding 2 (checked with openssl)',
    'x9.19-pad2',
    double,
    text('Now is the time for all '),
    'E9086230CA3BE796',
  ],
  [
    'ISO 9797-1 algorithm 3 padding 2 (checked with openssl)',
    'x9.19-pad2',
    double,
    text('Now is the time for it'),
    '5A692CE64F404145',
  ],
  ['ISO 9797-1 algorithm 3 padding 2, no data (checked with openssl)', 'x9.19-pad2', double, '', 'F1FBCF2A56D19BA7'],
  ['CUP-ECB, a published 0200 from MTI to field 62', 'cup-ecb', '0723C80DB5F4CD3D', cup0200, text('B3A092AE')],
  [
    'CUP-ECB, the same with the key doubled',
    'cup-ecb-3des',
    '0723C80DB5F4CD3D0723C80DB5F4CD3D',
    cup0200,
    text('B3A092AE'),
  ],
  [
    'CUP-ECB with single DES (checked with openssl)',
    'cup-ecb',
    '0123456789ABCDEF',
    text('Now is the time for it'),
    text('68BAFD1F'),
  ],
  [
    'CUP-ECB with double length DES (checked with openssl)',
    'cup-ecb-3des',
    double,
    text('Now is the time for it'),
    text('0A874F34'),
  ],
  [
    'CUP-ECB with triple length DES (checked with openssl)',
    'cup-ecb',
    triple,
    text('Now is the time for it'),
    text('57A853CF'),
  ],
  ['CMAC with triple DES, SP 800-38B D.4', 'tdes-cmac', nistTdes3, '', 'B7A688E122FFAF95'],
  ['CMAC with triple DES, SP 800-38B D.4', 'tdes-cmac', nistTdes3, nist.slice(0, 16), '8E8F293136283797'],
  ['CMAC with triple DES, SP 800-38B D.4', 'tdes-cmac', nistTdes3, nist.slice(0, 40), '743DDBE0CE2DC2ED'],
  ['CMAC with triple DES of two keys, SP 800-38B D.5', 'tdes-cmac', nistTdes2, nist.slice(0, 40), '62DD1B471902BD4E'],
  ['AES-CMAC, RFC 4493 example 1', 'aes-cmac', nist128, '', 'BB1D6929E95937287FA37D129B756746'],
  ['AES-CMAC, RFC 4493 example 2', 'aes-cmac', nist128, nist.slice(0, 32), '070A16B46B4D4144F79BDD9DD04A287C'],
  ['AES-CMAC, RFC 4493 example 3', 'aes-cmac', nist128, nist.slice(0, 80), 'DFA66747DE9AE63030CA32611497C827'],
  ['AES-CMAC, RFC 4493 example 4', 'aes-cmac', nist128, nist, '51F0BEBF7E3B9D92FC49741779363CFE'],
  ['AES-CMAC 192, SP 800-38B D.2', 'aes-cmac', nist192, '', 'D17DDF46ADAACDE531CAC483DE7A9367'],
  ['AES-CMAC 192, SP 800-38B D.2', 'aes-cmac', nist192, nist.slice(0, 80), '8A1DE5BE2EB31AAD089A82E6EE908B0E'],
  ['AES-CMAC 256, SP 800-38B D.3', 'aes-cmac', nist256, nist.slice(0, 32), '28A7023F452E8F82BD4BF28D8C37C35C'],
  ['AES-CMAC 256, SP 800-38B D.3', 'aes-cmac', nist256, nist, 'E1992190549F6ED5696A2C056C315410'],
]

const sm4Vectors: typeof vectors = [
  [
    'SM4 CBC-MAC (checked with openssl)',
    'sm4-cbc-mac',
    double,
    text('Now is the time for it, and for more'),
    '1EE158308C7DE6E484D5C40C86A8A970',
  ],
  [
    'CUP-ECB with SM4 (checked with openssl)',
    'cup-ecb-sm4',
    double,
    text('Now is the time for it, and for more'),
    text('5DD3D0EE'),
  ],
]

for (const [title, algorithm, key, data, expected] of hasSm4() ? [...vectors, ...sm4Vectors] : vectors) {
  test(`${algorithm}: ${title}, ${data.length / 2} bytes`, () => {
    const mac = createMac(algorithm, fromHex(key))
    const bytes = fromHex(data)
    expect(toHex(mac(bytes))).toBe(expected)
    expect(toHex(bytes), 'covered bytes stay as they were').toBe(data)
  })
}

const keyFor: Record<MacAlgorithm, string> = {
  'cup-ecb': '0123456789ABCDEF',
  'cup-ecb-3des': double,
  'cup-ecb-sm4': double,
  'x9.9': '0123456789ABCDEF',
  'x9.19': double,
  'x9.19-pad2': double,
  'aes-cmac': nist128,
  'tdes-cmac': nistTdes2,
  'sm4-cbc-mac': double,
}

for (const algorithm of macAlgorithms.filter((name) => hasSm4() || !name.includes('sm4'))) {
  test(`${algorithm} of a message does not depend on the messages before it`, () => {
    const kept = createMac(algorithm, fromHex(keyFor[algorithm]))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(toHex(kept(bytes))).toBe(toHex(createMac(algorithm, fromHex(keyFor[algorithm]))(bytes)))
      }),
    )
  })

  test(`${algorithm} returns a MAC that a later message does not change`, () => {
    const mac = createMac(algorithm, fromHex(keyFor[algorithm]))
    const first = mac(fromHex('0200'))
    const before = toHex(first)
    mac(fromHex('0210'))
    expect(toHex(first)).toBe(before)
  })

  test(`${algorithm} changes when one bit of the message does`, () => {
    const mac = createMac(algorithm, fromHex(keyFor[algorithm]))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), (bytes, where) => {
        const bit = where % (bytes.length * 8)
        const changed = Uint8Array.from(bytes)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        expect(macMatches(mac(bytes), mac(changed))).toBe(false)
      }),
    )
  })
}

const wrongKeys: readonly [MacAlgorithm, number, string][] = [
  ['x9.9', 16, 'X9.9 takes a key of 8 bytes, this one has 16; 16 bytes are for X9.19'],
  ['x9.19', 8, 'X9.19 takes a key of 16 bytes, this one has 8; 8 bytes are for X9.9'],
  ['cup-ecb-3des', 8, 'cup-ecb-3des takes a key of 16 or 24 bytes, this one has 8; use cup-ecb'],
  ['tdes-cmac', 8, 'tdes-cmac takes a key of 16 or 24 bytes, this one has 8'],
  ['cup-ecb', 12, 'a DES key has 8, 16 or 24 bytes, this one has 12'],
  ['aes-cmac', 8, 'an AES key has 16, 24 or 32 bytes, this one has 8'],
]

for (const [algorithm, length, problem] of wrongKeys) {
  test(`${algorithm} refuses a key of ${length} bytes and says what it takes`, () => {
    expect(() => createMac(algorithm, new Uint8Array(length))).toThrow(new CryptoError('key-length', problem))
  })
}

describe('a received MAC matches', () => {
  const computed = fromHex('070A16B46B4D4144F79BDD9DD04A287C')
  const cases = [
    { name: 'when it is the whole MAC', received: '070A16B46B4D4144F79BDD9DD04A287C', matches: true },
    { name: 'when it is its first half', received: '070A16B46B4D4144', matches: true },
    { name: 'when it is its first 4 bytes', received: '070A16B4', matches: true },
    { name: 'not when it has 3 bytes', received: '070A16', matches: false },
    { name: 'not when it is empty', received: '', matches: false },
    { name: 'not when it is longer', received: '070A16B46B4D4144F79BDD9DD04A287C00', matches: false },
    { name: 'not when its last bit differs', received: '070A16B46B4D4145', matches: false },
  ]
  for (const { name, received, matches } of cases) {
    test(name, () => expect(macMatches(computed, fromHex(received))).toBe(matches))
  }
})
