// A MAC that the dialect does not make is named: its algorithm, its padding, what it covers, and how it stands in its field. The MACs
// were computed with openssl, not with what is tested here.

import { describe, expect, test } from 'vitest'
import type { Codec } from '../../../src/codec/codec.js'
import { compile } from '../../../src/codec/compile.js'
import type { Dialect } from '../../../src/codec/dialect.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { hasSm4 } from '../../../src/crypto/ciphers/sm4.js'
import { createKey, type KeyAlgorithm } from '../../../src/crypto/keys/key.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { createMac } from '../../../src/crypto/mac/create-mac.js'
import { checkMac, macVerdictLine } from '../../../src/run/keys/signed-message.js'

const binary = compile(builtInDialect('iso87-binary'))
const long = '1A1B1C1D1E1F2A2B2C2D2E2F3A3B3C3D4C4D4E4F5A5B5C5D'
const keyOf = (bytes: number, algorithm: KeyAlgorithm = 'des') =>
  createKey({ name: 'mak', usage: 'mak', algorithm, bytes: Buffer.from(long, 'hex').subarray(0, bytes) })
const message = {
  mti: '0200',
  fields: { '3': '000000', '4': '000000001200', '11': '000123', '41': 'TERM0001', '64': '00'.repeat(8) },
}
const blank = Buffer.from(binary.pack(message))
const covered = blank.subarray(0, -8)
const front = Buffer.from('6000030000', 'hex')
const uint16 = (value: number) => Buffer.from([value >> 8, value & 0xff])

const verdictOf = (body: Uint8Array, key = keyOf(16), codec: Codec = binary) =>
  macVerdictLine(checkMac(codec, body, createKeySet([key]), front))
const held = (mac: string | Uint8Array) =>
  Buffer.concat([covered, typeof mac === 'string' ? Buffer.from(mac, 'hex') : mac])

test('the message is the one whose MACs stand below', () => {
  expect(covered.toString('hex')).toBe('020030200000008000010000000000000012000001235445524d30303031')
})

const algorithms: readonly [name: string, key: ReturnType<typeof keyOf>, mac: string][] = [
  ['x9.19-pad2', keyOf(16), '5AF87FB3DF3510DE'],
  ['x9.19 with padding 3', keyOf(16), 'A5290E8AF8805899'],
  ['x9.9 with padding 2', keyOf(8), 'E72595B69E512D9C'],
  ['x9.9 with padding 3', keyOf(8), '13CE70F3E307B76D'],
  ['x9.9 with the left half of the key', keyOf(16), '767D05FFD90BAE62'],
  ['x9.9 with the left half of the key with padding 2', keyOf(24), 'E72595B69E512D9C'],
  ['x9.19 with the first 16 bytes of the key', keyOf(24), '274FCD8BF0B9D478'],
  ['3DES-CBC', keyOf(16), 'D47A1EDC8340B093'],
  ['3DES-CBC with padding 2', keyOf(16), '72955B6950B573BC'],
  ['3DES-CBC with padding 3', keyOf(16), 'AB4F566594B982C1'],
  ['3DES-CBC', keyOf(24), '9064720C0E53BAB8'],
  ['3DES-CBC with padding 2', keyOf(24), 'ED1C83566A81DF9F'],
  ['AES-CBC', keyOf(16, 'aes'), '4D2C31BC1A1103EB'],
  ['AES-CBC with padding 2', keyOf(16, 'aes'), '2194B0C4D6BA8BD8'],
  ['tdes-cmac', keyOf(16), '76D327653D62E3D9'],
  ['tdes-cmac', keyOf(24), 'B6E658AE8B03C233'],
  ['HMAC-SHA256', keyOf(16), '9EFB929EA837F3A9'],
  ['cup-ecb', keyOf(8), '4430393731373844'],
  ['cup-ecb', keyOf(16), '3839374633394632'],
  ['cup-ecb with the left half of the key', keyOf(16), '4430393731373844'],
]
const sm4Algorithms: typeof algorithms = [
  ['SM4-CBC with padding 2', keyOf(16, 'aes'), 'BFB07745DCF28E8F'],
  ['SM4-CBC with padding 3', keyOf(16, 'aes'), '8BF8D384157200A4'],
  ['SM4-CMAC', keyOf(16, 'aes'), '9505C88A969C470E'],
  ['cup-ecb-sm4', keyOf(16, 'aes'), '4435384542334635'],
]

describe('the algorithm and padding are named', () => {
  test.each(hasSm4() ? [...algorithms, ...sm4Algorithms] : algorithms)('%s', (name, key, mac) => {
    expect(verdictOf(held(mac), key)).toMatch(
      new RegExp(`^MAC wrong for this dialect: valid as ${name} \\(.*\\) with key mak`),
    )
  })

  test('with the rule that a dialect needs for it, or what the key file says', () => {
    expect(verdictOf(held('5AF87FB3DF3510DE'))).toMatch(/; the rule is security.mac.algorithm: \{ des: x9.19-pad2 \}$/)
    expect(verdictOf(held('E8B5778FBF3F43C1'))).toMatch(/; key mak has algorithm: des in the key file, and not aes$/)
    expect(verdictOf(held('D47A1EDC8340B093'))).toMatch(/with key mak$/)
  })

  test('a valid one is valid, and one of no known way is said to be', () => {
    expect(verdictOf(held('274FCD8BF0B9D478'))).toBe('MAC valid (key mak)')
    expect(verdictOf(held('0123456789ABCDEF'))).toMatch(/^MAC wrong: no known algorithm, padding or coverage/)
  })
})

describe('what it covers is named', () => {
  const mac = createMac('x9.19', keyOf(16).bytes)
  const digits = covered.toString('hex')
  const coverages: readonly [bytes: Buffer, says: RegExp][] = [
    [covered.subarray(2), /valid as x9.19 .*, computed without the MTI$/],
    [covered.subarray(10), /computed without MTI and bitmap$/],
    [blank, /computed with the field of the MAC as zeros$/],
    [Buffer.concat([front, covered]), /with all that stands in front of the MTI$/],
    [Buffer.concat([front.subarray(2), covered]), /computed with the last 3 bytes in front of the MTI$/],
    [
      Buffer.concat([uint16(front.length + blank.length), front, covered]),
      /computed with the length in front of the header, as framing binary2 writes it$/,
    ],
    [
      Buffer.concat([Buffer.from(String(blank.length).padStart(4, '0')), covered]),
      /computed with the length in front, as framing ascii4 writes it$/,
    ],
    [Buffer.from(digits.toUpperCase()), /computed over the hex digits of the message$/],
    [Buffer.from(digits), /computed over the lower-case hex digits of the message$/],
  ]
  test.each(coverages)('case %#', (bytes, says) => expect(verdictOf(held(mac(bytes)))).toMatch(says))
})

describe('how it stands in its field is named', () => {
  const forms: readonly [field: string, says: RegExp, key?: ReturnType<typeof keyOf>][] = [
    ['274FCD8B00000000', /only the first 4 bytes stand in the field, then 4 bytes of filler$/],
    ['274FCD8B20202020', /only the first 4 bytes stand in the field, then 4 bytes of filler$/],
    ['274FCD8BFFFFFFFF', /only the first 4 bytes stand in the field, then 4 bytes of filler$/],
    ['274FCD8B30303030', /only the first 4 bytes stand in the field, then 4 bytes of filler$/],
    ['00000000274FCD8B', /only the first 4 bytes stand in the field, behind 4 bytes of filler$/],
    ['F0B9D47800000000', /only the last 4 bytes stand in the field, then 4 bytes of filler$/],
    [Buffer.from('274FCD8B').toString('hex'), /the first 4 bytes stand in the field as hex digits$/],
    [Buffer.from('274fcd8b').toString('hex'), /the first 4 bytes stand in the field as lower-case hex digits$/],
    [Buffer.from('F0B9D478').toString('hex'), /the last 4 bytes stand in the field as hex digits$/],
    ['510E3CC3EDFBAE79', /aes-cmac .* the last 8 bytes stand in the field$/, keyOf(16, 'aes')],
    ['897F39F200000000', /cup-ecb in bytes .* only the first 4 bytes stand in the field, then 4 bytes of filler$/],
  ]
  test.each(forms)('%s', (field, says, key) => expect(verdictOf(held(field), key)).toMatch(says))

  test.runIf(hasSm4())('the halves of 16 bytes, folded', () => {
    expect(verdictOf(held('1D6AE8E9D5C1280F'), keyOf(16, 'aes'))).toMatch(/sm4-cbc-mac .* two halves are put together/)
  })
})

/** Dialects whose binary fields are hex digits on the wire: there the MAC has 16 characters. */
describe('a MAC that is hex digits on the wire', () => {
  const ebcdic: Dialect = {
    ...builtInDialect('iso87-ascii'),
    name: 'in-ebcdic',
    encodings: {
      ...builtInDialect('iso87-ascii').encodings,
      ...{ mti: 'ebcdic037', length: 'ebcdic037', digits: 'ebcdic037', text: 'ebcdic037', bytes: 'ebcdic-hex' },
      ...{ track: 'ebcdic037', bitmap: { encoding: 'ebcdic-hex', bytes: 8, extends: 'byNeed' } },
    },
  }
  const codecs = [builtInDialect('iso87-ascii'), builtInDialect('iso93-ascii'), ebcdic].map((dialect) =>
    compile(dialect),
  )

  describe.each(codecs.map((codec) => [codec.dialect.name, codec] as const))('%s', (_, codec) => {
    const fields = { ...message.fields, '11': '000123' }
    const mti = codec.dialect.name.startsWith('iso93') ? '1200' : '0200'
    const packed = (mac: string) => Buffer.from(codec.pack({ mti, fields: { ...fields, '64': mac } }))
    const bytes = packed('00'.repeat(8)).subarray(0, -16)
    const hex = (algorithm: 'x9.19' | 'x9.19-pad2', over = bytes) =>
      Buffer.from(createMac(algorithm, keyOf(16).bytes)(over))
        .toString('hex')
        .toUpperCase()
    const verdict = (body: Uint8Array) => verdictOf(body, keyOf(16), codec)

    test('is named as one of bytes is', () => {
      expect(verdict(packed(hex('x9.19')))).toBe('MAC valid (key mak)')
      expect(verdict(packed(hex('x9.19-pad2')))).toMatch(/valid as x9.19-pad2 /)
      const mtiBytes = 4
      expect(verdict(packed(hex('x9.19', bytes.subarray(mtiBytes))))).toMatch(/computed without the MTI$/)
      expect(verdict(packed(`${hex('x9.19').slice(0, 8)}00000000`))).toMatch(
        /first 4 bytes stand .* 4 bytes of filler$/,
      )
    })

    test('is told from one in lower case', () => {
      const upper = packed(hex('x9.19'))
      const lower = Buffer.from(upper)
      for (let at = bytes.length; at < lower.length; at++) {
        const byte = lower[at] as number
        if (byte >= 0x41 && byte <= 0x46) lower[at] = byte + 0x20
        if (byte >= 0xc1 && byte <= 0xc6) lower[at] = byte - 0x40
      }
      expect(lower).not.toEqual(upper)
      expect(verdict(lower)).toMatch(/valid as x9.19 .*, written in lower-case hex digits$/)
    })
  })
})
