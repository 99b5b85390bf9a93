import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CryptoError } from '../../src/crypto/crypto-error.js'
import {
  type AesDukptUsage,
  aesDukptUsages,
  deriveInitialKey,
  deriveIntermediateKey,
  deriveWorkingKey,
  nextAesKsn,
} from '../../src/crypto/dukpt-aes.js'
import { fromHex, toHex } from '../../src/crypto/hex.js'
import { aesKey, bytesOf } from './arbitraries.js'

const bdk = fromHex('FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1')
const initialKeyId = fromHex('1234567890123456')
const initialKeys = {
  128: '1273671EA26AC29AFA4D1084127652A1',
  192: '5B6DEE2B5B7FABFFA32591F35BF8F23DD9329AE85131E584',
  256: 'CE9CE0C101D1138F97FB6CAD4DF045A7083D4EAE2D35A31789D01CCF0949550F',
} as const

for (const bits of [128, 192, 256] as const) {
  test(`the initial key of AES-${bits}, ANSI X9.24-3:2017 test vectors`, () => {
    expect(toHex(deriveInitialKey(bdk.subarray(0, bits / 8), initialKeyId))).toBe(initialKeys[bits])
  })
}

const intermediate: readonly [128 | 256, string, string][] = [
  [128, '00000001', '4F21B565BAD9835E112B6465635EAE44'],
  [128, '00000002', '2F34D68DE10F68D38091A73B9E7C437C'],
  [128, '00000008', '718EE6CF0B27E53D5F7AF99C4D8146A2'],
  [128, 'FFFF0000', 'F6BA59389BD14A9855BE9727E7C52E3C'],
  [256, '00000001', '54AC2B32B145EA4A554CB8BC44B17467063A799856B1CCC2A138D36E8DBF78B3'],
  [256, '00000002', '5DD5A0253842BBBE1D7C0DA27021412C6F1FAB53FB928DEAE56DA06090A9DE97'],
  [256, 'FFFF0000', '6D6DB7AAAE8B3EA90E57A39E4BBA71E173B21B446B30A78D64BFC6A8806C55EE'],
]

for (const [bits, counter, expected] of intermediate) {
  test(`the intermediate key of AES-${bits} at counter ${counter}, ANSI X9.24-3:2017 test vectors`, () => {
    const ksn = fromHex(`1234567890123456${counter}`)
    expect(toHex(deriveIntermediateKey(fromHex(initialKeys[bits]), ksn))).toBe(expected)
  })
}

const working: readonly [128 | 256, string, AesDukptUsage, string][] = [
  [128, '00000001', 'pin-encryption', 'AF8CB133A78F8DC2D1359F18527593FB'],
  [128, '00000001', 'mac-generation', 'A2DC23DE6FDE0824A2BC321E08E4B8B7'],
  [128, '00000001', 'mac-verification', 'DBB463945B286C07CD3AD82EE96FD9C9'],
  [128, '00000001', 'mac-both-ways', '85675439D18D7F1158BD8E3EAA3D502B'],
  [128, '00000001', 'data-encryption', 'A35C412EFD41FDB98B69797C02DCD08F'],
  [128, '00000001', 'data-decryption', '16292C6EA8F64C5420A0584BFBC577BE'],
  [128, '00000001', 'data-both-ways', 'A308E080DD15A1B741F1721BF67DE11C'],
  [128, '00000001', 'key-encryption', '36A724B7BEFA5A25F5E7B5782A4554A2'],
  [128, '00000002', 'pin-encryption', 'D30BDC73EC9714B000BEC66BDB7B6D09'],
  [128, '00000008', 'pin-encryption', '4D9DF3FBEE3448FC3E676D04320A90F5'],
  [256, '00000001', 'pin-encryption', '8C1AB7BEE973829E30242E0BBBDD4946D540C98FC1B5BDCF94790001A23FD502'],
  [256, '00000001', 'mac-generation', '61DABDF4B340CF461EE860B1D1AB55357142BD2D6977306859CF49AEFE8F1549'],
  [256, '00000001', 'data-encryption', '71EB36C9A6B7F801D1D1700C29741FC5A5C4E9B45D742DA7AF6992B8AA29AF58'],
]

for (const [bits, counter, usage, expected] of working) {
  test(`the ${usage} key of AES-${bits} at counter ${counter}, ANSI X9.24-3:2017 test vectors`, () => {
    const ksn = fromHex(`1234567890123456${counter}`)
    expect(toHex(deriveWorkingKey({ initialKey: fromHex(initialKeys[bits]), ksn, usage }))).toBe(expected)
  })
}

describe('AES DUKPT', () => {
  test('gives every usage a key of its own, as long as the initial key', () => {
    fc.assert(
      fc.property(aesKey, bytesOf(8), fc.integer({ min: 1, max: 0xffff }), (base, id, counter) => {
        const initialKey = deriveInitialKey(base, id)
        const tail = Buffer.alloc(4)
        tail.writeUInt32BE(counter)
        const ksn = Buffer.concat([id, tail])
        const keys = (Object.keys(aesDukptUsages) as AesDukptUsage[]).map((usage) =>
          deriveWorkingKey({ initialKey, ksn, usage }),
        )
        expect(new Set(keys.map(toHex)).size).toBe(keys.length)
        expect(keys.every((key) => key.length === base.length)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('derives weaker keys and TDES keys from a stronger initial key', () => {
    const input = {
      initialKey: fromHex(initialKeys[256]),
      ksn: fromHex('123456789012345600000001'),
      usage: 'pin-encryption',
    } as const
    const lengths = (['tdes-128', 'tdes-192', 'aes-128', 'aes-192', 'aes-256'] as const).map(
      (type) => deriveWorkingKey({ ...input, type }).length,
    )
    expect(lengths).toEqual([16, 24, 16, 24, 32])
  })

  const next = [
    { name: 'counts on', from: '123456789012345600000001', to: '123456789012345600000002' },
    { name: 'skips counters of 17 one bits', from: '12345678901234560001FFFE', to: '123456789012345600020000' },
    { name: 'reaches the last one', from: '1234567890123456FFFE8000', to: '1234567890123456FFFF0000' },
  ]
  for (const { name, from, to } of next) {
    test(`the next key serial number ${name}`, () => expect(toHex(nextAesKsn(fromHex(from)))).toBe(to))
  }

  const initialKey = fromHex(initialKeys[128])
  const ksn = fromHex('123456789012345600000001')
  const refused: readonly [string, () => unknown, RegExp][] = [
    ['a used-up device', () => nextAesKsn(fromHex('1234567890123456FFFF0000')), /used up its keys/],
    ['a key serial number of 10 bytes', () => nextAesKsn(new Uint8Array(10)), /12 bytes, this one has 10/],
    ['an initial key id of 5 bytes', () => deriveInitialKey(bdk, new Uint8Array(5)), /8 bytes, this one has 5/],
    ['a base key of 20 bytes', () => deriveInitialKey(new Uint8Array(20), initialKeyId), /this one has 20/],
    [
      'a stronger key from a weaker one',
      () => deriveWorkingKey({ initialKey, ksn, usage: 'pin-encryption', type: 'aes-256' }),
      /an aes-256 key cannot come from an aes-128 key/,
    ],
  ]
  for (const [name, act, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(act).toThrow(CryptoError)
      expect(act).toThrow(message)
    })
  }
})
