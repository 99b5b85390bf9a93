import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decipherTrack, encipherTrack } from '../../../src/crypto/card/track-cipher.js'
import { createDes } from '../../../src/crypto/ciphers/des.js'
import { fromHex } from '../../../src/crypto/hex.js'
import { digitsOf } from '../arbitraries.js'

const tdk = createDes(fromHex('89ABCDEF0123456776543210FEDCBA98'))

const rows = [
  {
    name: 'an odd track: 16 digits before its last one (checked with openssl)',
    track: '6225881234567890=30121010000012345678',
    enciphered: '6225881234567890D3012AE7DA363F24A4D78',
  },
  {
    name: 'an even track: 16 digits before its last two (checked with openssl)',
    track: '6225881234567890=3012101000001234567',
    enciphered: '6225881234567890D3FA4FD5D1659FE3A767',
  },
]

describe('CUP track encryption (60.3 = 004)', () => {
  for (const { name, track, enciphered } of rows) {
    test(name, () => {
      expect(encipherTrack(tdk, track)).toBe(enciphered)
      expect(decipherTrack(tdk, enciphered)).toBe(track.replace('=', 'D'))
    })
  }

  test('gives every track back, at its length', () => {
    fc.assert(
      fc.property(digitsOf(18, 104), (track) => {
        const enciphered = encipherTrack(tdk, track)
        expect(enciphered.length).toBe(track.length)
        expect(decipherTrack(tdk, enciphered)).toBe(track)
      }),
    )
  })

  test('refuses a track that is too short, or no track, without quoting it', () => {
    expect(() => encipherTrack(tdk, '622588=3012')).toThrow('a track of 11 characters is too short')
    expect(() => encipherTrack(tdk, '6225881234567890^301210100000')).toThrow('digits and a separator only')
  })
})
