// A MAC that the dialect does not make is named: its algorithm, its padding, what it covers, and how it stands in its field.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { iso87Binary } from '../../../src/codec/dialects/iso87-binary.js'
import { createKey } from '../../../src/crypto/keys/key.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { macVariants } from '../../../src/crypto/mac/mac-variants.js'
import { checkMac, macVerdictLine } from '../../../src/run/keys/signed-message.js'

const codec = compile(iso87Binary)
const bytes = Buffer.from('1A1B1C1D1E1F2A2B2C2D2E2F3A3B3C3D', 'hex')
const keys = createKeySet([createKey({ name: 'mak', usage: 'mak', algorithm: 'des', bytes })])
const message = {
  mti: '0200',
  fields: { '3': '000000', '4': '000000001200', '11': '000123', '41': 'TERM0001', '64': '00'.repeat(8) },
}
const blank = Buffer.from(codec.pack(message))
const covered = blank.subarray(0, -8)
const front = Buffer.from('6000030000', 'hex')
const uint16 = (value: number) => Buffer.from([value >> 8, value & 0xff])
const by = (name: string) =>
  macVariants(bytes).find((variant) => variant.name === name)?.mac ?? (() => new Uint8Array(8))
const signed = (mac: Uint8Array) => Buffer.concat([covered, mac.subarray(0, 8)])
const verdict = (body: Buffer) => macVerdictLine(checkMac(codec, body, keys, front))

describe('a wrong MAC is said to be', () => {
  const cases: readonly [name: string, body: Buffer, says: RegExp][] = [
    ['valid, where it is', signed(by('x9.19')(covered)), /^MAC valid \(key mak\)$/],
    ['of another padding', signed(by('x9.19-pad2')(covered)), /valid as x9.19-pad2 .* padding 2 .* with key mak$/],
    ['triple DES in every block', signed(by('3DES-CBC')(covered)), /valid as 3DES-CBC /],
    [
      'single DES',
      signed(by('x9.9 with the left half of the key')(covered)),
      /valid as x9.9 with the left half of the key/,
    ],
    ['of China UnionPay', signed(by('cup-ecb')(covered)), /valid as cup-ecb /],
    [
      'computed without the MTI',
      signed(by('x9.19')(covered.subarray(2))),
      /valid as x9.19 .*, computed without the MTI$/,
    ],
    [
      'computed with its own field as zeros',
      signed(by('x9.19')(blank)),
      /computed with the field of the MAC as zeros$/,
    ],
    [
      'computed with the TPDU',
      signed(by('x9.19')(Buffer.concat([front, covered]))),
      /with all that stands in front of the MTI$/,
    ],
    [
      'computed with a part of the TPDU',
      signed(by('x9.19')(Buffer.concat([front.subarray(2), covered]))),
      /computed with the last 3 bytes in front of the MTI$/,
    ],
    [
      'computed with the length in front of TPDU and message',
      signed(by('x9.19')(Buffer.concat([uint16(front.length + blank.length), front, covered]))),
      /computed with the length in front of the header, as framing binary2 writes it$/,
    ],
    [
      'computed with a length of four digits in front of the message',
      signed(by('x9.19')(Buffer.concat([Buffer.from(String(blank.length).padStart(4, '0')), covered]))),
      /computed with the length in front, as framing ascii4 writes it$/,
    ],
    [
      'cut to 32 bits',
      signed(Buffer.concat([by('x9.19-pad2')(covered).subarray(0, 4), Buffer.alloc(4)])),
      /the first half alone: 4 bytes/,
    ],
    [
      'of no known way',
      signed(Buffer.from('0123456789ABCDEF', 'hex')),
      /^MAC wrong: no known algorithm, padding or coverage/,
    ],
  ]
  for (const [name, body, says] of cases) test(name, () => expect(verdict(body)).toMatch(says))
})
