import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDes } from '../../src/crypto/ciphers/des.js'
import { CryptoError } from '../../src/crypto/crypto-error.js'
import { counterOf, stepsOf } from '../../src/crypto/dukpt-counter.js'
import { deriveIpek, deriveTransactionKey, dukptKey, nextTdesKsn } from '../../src/crypto/dukpt-tdes.js'
import { fromHex, toHex } from '../../src/crypto/hex.js'
import { createMacX9_19 } from '../../src/crypto/mac/mac-x9-19.js'
import { encodePinBlock } from '../../src/crypto/pin/pin-block.js'
import { bytesOf, doubleKey } from './arbitraries.js'

const bdk = fromHex('0123456789ABCDEFFEDCBA9876543210')
const ipek = fromHex('6AC292FAA1315B4D858AB3A3D7D5933A')
const data = Buffer.from('4012345678909D987')
const rule = { bits: 21, mostOnes: 10 }

test('the initial key comes from the base derivation key, ANSI X9.24-1:2009 A.4', () => {
  expect(toHex(deriveIpek(bdk, fromHex('FFFF9876543210E00000')))).toBe(toHex(ipek))
  expect(toHex(deriveIpek(bdk, fromHex('FFFF9876543210E00003'))), 'whatever the counter says').toBe(toHex(ipek))
})

const rows = [
  {
    ksn: 'FFFF9876543210E00001',
    key: '042666B49184CFA368DE9628D0397BC9',
    pin: '1B9C1845EB993A7A',
    macRequest: '9CCC78173FC4FB64',
    macResponse: '20364223C1FF00FA',
  },
  {
    ksn: 'FFFF9876543210E00002',
    key: 'C46551CEF9FD24B0AA9AD834130D3BC7',
    pin: '10A01C8D02C69107',
    macRequest: 'F608A9BCA6FFC311',
    macResponse: 'D1FCA6BEF05D24D2',
  },
  {
    ksn: 'FFFF9876543210E00003',
    key: '0DF3D9422ACA56E547676D07AD6BADFA',
    pin: '18DC07B94797B466',
    macRequest: '20B59A4FEAC937E3',
    macResponse: 'BAD4CC9CC2AE326C',
  },
]

for (const row of rows) {
  describe(`KSN ${row.ksn}, ANSI X9.24-1:2009 A.4`, () => {
    const key = deriveTransactionKey(ipek, fromHex(row.ksn))

    test('has its transaction key', () => expect(toHex(key)).toBe(row.key))

    test('enciphers a PIN', () => {
      const block = encodePinBlock({ format: 'iso-0', pin: '1234', pan: '4012345678909' })
      expect(toHex(createDes(dukptKey(key, 'pin')).encrypt(block))).toBe(row.pin)
    })

    test('makes the MACs of request and response', () => {
      expect(toHex(createMacX9_19(dukptKey(key, 'mac-request'))(data))).toBe(row.macRequest)
      expect(toHex(createMacX9_19(dukptKey(key, 'mac-response'))(data))).toBe(row.macResponse)
    })
  })
}

/** Key serial numbers of devices that have keys left: the counter's highest bit, of 21, is clear. */
const ksnWithKeysLeft = bytesOf(10).map((ksn) => ksn.map((byte, at) => (at === 7 ? byte & ~0x10 : byte)))

describe('TDES DUKPT', () => {
  test('gives terminal and host the same key', () => {
    fc.assert(
      fc.property(doubleKey, ksnWithKeysLeft, (base, ksn) => {
        const terminal = deriveTransactionKey(deriveIpek(base, nextTdesKsn(ksn)), ksn)
        const host = deriveTransactionKey(deriveIpek(base, ksn), ksn)
        expect(toHex(terminal)).toBe(toHex(host))
      }),
      { numRuns: 30 },
    )
  })

  test('never lets two uses share a key', () => {
    const key = deriveTransactionKey(ipek, fromHex('FFFF9876543210E00001'))
    const uses = ['pin', 'mac-request', 'mac-response'] as const
    expect(new Set(uses.map((use) => toHex(dukptKey(key, use)))).size).toBe(uses.length)
  })

  const next = [
    { name: 'counts on', from: 'FFFF9876543210E00001', to: 'FFFF9876543210E00002' },
    { name: 'counts to ten one bits', from: 'FFFF9876543210E003FE', to: 'FFFF9876543210E003FF' },
    { name: 'skips counters of eleven one bits', from: 'FFFF9876543210E007FE', to: 'FFFF9876543210E00800' },
    { name: 'counts into byte 8', from: 'FFFF9876543210E0FFFF', to: 'FFFF9876543210E10000' },
  ]
  for (const { name, from, to } of next) {
    test(`the next key serial number ${name}`, () => expect(toHex(nextTdesKsn(fromHex(from)))).toBe(to))
  }

  test('the counter always grows, never has more than ten one bits, and the rest of the number stays', () => {
    fc.assert(
      fc.property(bytesOf(7), fc.integer({ min: 0, max: 2 ** 20 }), (head, counter) => {
        const tail = Buffer.alloc(3)
        tail.writeUIntBE(counter, 0, 3)
        const ksn = Buffer.concat([head, tail])
        const after = nextTdesKsn(ksn)
        expect(counterOf(after, rule)).toBeGreaterThan(counter)
        expect(stepsOf(counterOf(after, rule), rule).length).toBeLessThanOrEqual(10)
        expect(toHex(after.subarray(0, 7))).toBe(toHex(head))
      }),
    )
  })

  const refused: readonly [string, () => unknown, RegExp][] = [
    ['a used-up device', () => nextTdesKsn(fromHex('FFFF9876543210FFF800')), /used up its keys/],
    ['a key serial number of 8 bytes', () => deriveIpek(bdk, new Uint8Array(8)), /10 bytes, this one has 8/],
    ['a base key of 8 bytes', () => deriveIpek(new Uint8Array(8), new Uint8Array(10)), /16 bytes, this one has 8/],
    ['an initial key of 24 bytes', () => deriveTransactionKey(new Uint8Array(24), new Uint8Array(10)), /has 24/],
  ]
  for (const [name, act, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(act).toThrow(CryptoError)
      expect(act).toThrow(message)
    })
  }
})
