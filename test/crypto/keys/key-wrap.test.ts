import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasSm4 } from '../../../src/crypto/ciphers/sm4.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { createKey, type KeyAlgorithm, type KeyUsage } from '../../../src/crypto/keys/key.js'
import { buildSignOnKeys, readSignOnKeys, unwrapKey, wrapKey } from '../../../src/crypto/keys/key-wrap.js'
import { bytesOf, doubleKey } from '../arbitraries.js'

const key = (usage: KeyUsage, bytes: Uint8Array | string, algorithm: KeyAlgorithm = 'des') =>
  createKey({ name: usage, usage, algorithm, bytes: typeof bytes === 'string' ? fromHex(bytes) : bytes })

const tmk = key('tmk', 'CA5D92598DCA48CE8A4C76361A9269E9')
const pik = '807A23AD32B36D457AE91FDF927570EA'
const mak = '5BB5C72CD00B7338'
const wrappedPik = '6701EAD6A9AD51E51AA406E2C27FCFA9'
const wrappedMak = 'B651F9E9BACE9AE1'

test('working keys come out of their wrapping under a TMK, a published CUP example', () => {
  expect(toHex(unwrapKey(tmk, fromHex(wrappedPik)))).toBe(pik)
  expect(toHex(unwrapKey(tmk, fromHex(wrappedMak)))).toBe(mak)
  expect(toHex(wrapKey(tmk, fromHex(pik)))).toBe(wrappedPik)
})

const single = 8
const layouts = [
  { bytes: 24, about: 'single length PIK and MAK', pik: single, mak: single },
  { bytes: 40, about: 'double length PIK, single length MAK filled with zeros', pik: 16, mak: single },
  { bytes: 40, about: 'double length PIK and MAK', pik: 16, mak: 16 },
  { bytes: 56, about: 'triple length PIK and MAK', pik: 24, mak: 24 },
  { bytes: 60, about: 'double length PIK and TDK, single length MAK', pik: 16, mak: single, tdk: 16 },
  { bytes: 84, about: 'triple length PIK and TDK, single length MAK', pik: 24, mak: single, tdk: 24 },
]

describe('DE62 of a CUP sign-on', () => {
  for (const layout of layouts) {
    test(`of ${layout.bytes} bytes carries ${layout.about}`, () => {
      fc.assert(
        fc.property(bytesOf(layout.pik), bytesOf(layout.mak), bytesOf(layout.tdk ?? 0), (pin, mac, track) => {
          const keys = { pik: key('pik', pin), mak: key('mak', mac) }
          const sent = layout.tdk === undefined ? keys : { ...keys, tdk: key('tdk', track) }
          const wire = buildSignOnKeys(tmk, sent)
          const received = readSignOnKeys(tmk, wire)
          expect(wire.length).toBe(layout.bytes)
          expect(toHex(received.pik.bytes)).toBe(toHex(pin))
          expect(toHex(received.mak.bytes)).toBe(toHex(mac))
          expect(received.tdk && toHex(received.tdk.bytes)).toBe(layout.tdk === undefined ? undefined : toHex(track))
        }),
        { numRuns: 20 },
      )
    })
  }

  test('of 40 bytes is read from its published parts', () => {
    const keys = readSignOnKeys(tmk, fromHex(`${wrappedPik}8D0A74B8${wrappedMak}${'00'.repeat(8)}AB7153CA`))
    expect(toHex(keys.pik.bytes)).toBe(pik)
    expect(toHex(keys.mak.bytes)).toBe(mak)
    expect(keys.tdk).toBeUndefined()
    expect(keys.pik).toMatchObject({ usage: 'pik', kcv: '8D0A74', test: false })
  })

  test('of 40 bytes is read when the host filled the MAK up before it wrapped it', () => {
    const filled = toHex(wrapKey(tmk, fromHex(`${mak}${'00'.repeat(8)}`)))
    const keys = readSignOnKeys(tmk, fromHex(`${wrappedPik}8D0A74B8${filled}AB7153CA`))
    expect(toHex(keys.mak.bytes)).toBe(mak)
  })

  test('of 57 bytes is read with check values of 3 bytes', () => {
    const part = `${wrappedPik}8D0A74`
    expect(toHex(readSignOnKeys(tmk, fromHex(part.repeat(3))).tdk?.bytes ?? new Uint8Array())).toBe(pik)
  })

  if (hasSm4())
    test('of 60 bytes carries SM4 keys under an SM4 master key', () => {
      fc.assert(
        fc.property(doubleKey, doubleKey, doubleKey, doubleKey, (master, pin, mac, track) => {
          const sm4Tmk = key('tmk', master, 'sm4')
          const sent = { pik: key('pik', pin, 'sm4'), mak: key('mak', mac, 'sm4'), tdk: key('tdk', track, 'sm4') }
          const received = readSignOnKeys(sm4Tmk, buildSignOnKeys(sm4Tmk, sent))
          expect([received.pik, received.mak, received.tdk].map((one) => one?.kcv)).toEqual([
            sent.pik.kcv,
            sent.mak.kcv,
            sent.tdk.kcv,
          ])
        }),
        { numRuns: 20 },
      )
    })

  test('is refused when a key has not its check value: the terminal has another master key', () => {
    const other = key('tmk', '0123456789ABCDEFFEDCBA9876543210')
    const wire = fromHex(`${wrappedPik}8D0A74B8${wrappedMak}${'00'.repeat(8)}AB7153CA`)
    expect(() => readSignOnKeys(other, wire)).toThrow(expect.objectContaining({ code: 'key-check' }))
    expect(() => readSignOnKeys(other, wire)).toThrow(/^key 'pik' has check value [0-9A-F]{6}, not the one/)
  })

  test('is refused at every other length, and never crashes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(() => readSignOnKeys(tmk, bytes)).toThrow(CryptoError)
      }),
    )
    expect(() => readSignOnKeys(tmk, new Uint8Array(25))).toThrow(
      'sign-on keys have 24, 40, 56, 57, 60, 84 bytes, these have 25',
    )
  })

  test('is not built for keys that no layout has room for', () => {
    const keys = { pik: key('pik', mak), mak: key('mak', mak), tdk: key('tdk', mak) }
    expect(() => buildSignOnKeys(tmk, keys)).toThrow('no CUP sign-on carries 3 keys of 8 bytes')
  })

  test('is not wrapped under an AES key', () => {
    expect(() => wrapKey(key('tmk', new Uint8Array(32), 'aes'), new Uint8Array(16))).toThrow("key 'tmk' is AES")
  })
})
