// Messages of the kinds that users of other tools have reported: each was once read wrongly by somebody.

import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../src/codec/dialects/iso87-binary.js'
import type { FieldValue } from '../../src/codec/message.js'
import { isochron } from './fake-io.js'

const packed = (dialect: Dialect, mti: string, fields: Readonly<Record<string, FieldValue>>) =>
  Buffer.from(compile(dialect).pack({ mti, fields }))
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const withEncodings = (changed: Partial<Dialect['encodings']>): Dialect => ({
  ...iso87Binary,
  encodings: { ...iso87Binary.encodings, ...changed },
})

const echo = { '11': '000123', '41': 'TERM0001' }
const sale = { '2': '371449635398431', '3': '000000', '4': '000000001200', ...echo }
const isoHeader = Buffer.from('ISO026000070')
const withEtx = (body: Buffer) => {
  const frame = Buffer.concat([Buffer.alloc(2), isoHeader, body, Buffer.from([3])])
  frame.writeUInt16BE(frame.length - 2)
  return frame
}

describe('doctor reads hex digits as bytes, and says of', () => {
  type Case = readonly [name: string, input: Buffer, says: readonly RegExp[], not: readonly RegExp[], dialect?: string]
  const cases: readonly Case[] = [
    [
      'a base24 frame with its header',
      withEtx(packed(iso87Ascii, '0800', { '7': '1126101500', ...echo, '70': '301' })),
      [/ base24 +a header of 12 characters/],
      [],
      'iso87-ascii',
    ],
    [
      'packed digits behind a length that counts hex digits',
      Buffer.from(
        `005660000300000100${hexOf(packed(iso87Binary, '0800', { ...echo, '42': 'MERCHANT0000001' }))}`,
        'hex',
      ),
      [/the length in front \(binary2\) says 86 where \d+ bytes follow/],
      [/as raw bytes/, /ascii4/],
    ],
    [
      'a card of 15 digits with the spare half byte in front',
      packed(withEncodings({ oddVariable: { align: 'right', fill: '0' } }), '0200', sale),
      [/encodings\.oddVariable: \{ align: right/],
      [/as raw bytes/],
      'iso87-binary',
    ],
    [
      'a card whose length counts bytes',
      Buffer.from(hexOf(packed(iso87Binary, '0200', sale)).replace('15371449635398431', '08371449635398431'), 'hex'),
      [/counts: bytes/],
      [/as raw bytes/],
    ],
    [
      'a track with a zero in front of its card',
      packed(iso87Binary, '0200', { '3': '000000', '11': '000123', '35': '04111111111111111=2812122011143804400' }),
      [/ iso87-binary /],
      [/^100 %/m],
      'iso87-binary',
    ],
  ]
  for (const [name, input, says, not, dialect] of cases) {
    test(name, async () => {
      const { stdout } = await isochron(
        ['doctor', ...(dialect === undefined ? [] : ['--dialect', dialect])],
        hexOf(input),
      )
      for (const each of says) expect(stdout).toMatch(each)
      for (const each of not) expect(stdout).not.toMatch(each)
    })
  }
})

describe('decode', () => {
  test('says where the wrong dialect stops, and blames no length in front', async () => {
    const body = packed(withEncodings({ length: 'binary' }), '0100', { ...sale, '48': 'ABCD', '49': '840' })
    const { stdout, stderr, code } = await isochron(['decode', '--dialect', 'iso87-binary'], hexOf(body))
    expect(stdout).toMatch(/^mti +0100$/m)
    expect(`${stdout}${stderr}`).not.toContain('announces')
    expect(code).toBe(2)
  })

  const digits: readonly [name: string, fields: Readonly<Record<string, string>>][] = [
    ['an even count of digits', { '11': '000123', '54': '0000000000' }],
    ['an odd count of digits', { '11': '000123', '22': '021' }],
  ]
  for (const ending of ['', '\n', '\r\n']) {
    test.each(digits)(`reads text that is %s, then ${JSON.stringify(ending)}`, async (_, fields) => {
      const text = packed(iso87Ascii, '0810', { ...fields, '39': '00' }).toString('latin1')
      expect(text).toMatch(/^\d+$/)
      const { stdout, code } = await isochron(
        ['decode', '--json', '--unmask', '--dialect', 'iso87-ascii'],
        `${text}${ending}`,
      )
      expect(JSON.parse(stdout)).toEqual({ mti: '0810', fields: { ...fields, '39': '00' } })
      expect(code).toBe(0)
    })
  }

  test('with a third bitmap in field 65, which the dialect does not have, says so', async () => {
    const text = `0200A0200000000000008400000000000000${'000000'}${'000123'}${'4000000000000000'}301XX`
    const { stderr, code } = await isochron(['decode', '--dialect', 'iso87-ascii'], hexOf(Buffer.from(text)))
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('if field 65 is a third bitmap, say so: encodings.bitmap.thirdIn: 65'),
    ])
  })

  test('of lines that hold no message says so, exit 2', async () => {
    const lines = 'offered 320  approved 320\ntimely within 3s: 98 %\n'
    const { stderr, code } = await isochron(['decode', '--dialect', 'iso87-ascii'], lines)
    expect([code, stderr]).toEqual([2, expect.stringContaining('no message: this is text for people')])
  })

  test('reads chip data with padding, repeated and empty tags, and every field behind it', async () => {
    const chip = '005F2A020156 0000 860301 0203 8603040506 9F3400 9A03260105 000000'.replaceAll(' ', '')
    const fields = { '3': '000000', '11': '000123', '55': chip, '60': '22000001', '64': '4233413039324145' }
    const { stdout, code } = await isochron(
      ['decode', '--json', '--unmask', '--dialect', 'cup-pos'],
      hexOf(packed(cupPos, '0200', fields)),
    )
    expect(JSON.parse(stdout).fields).toMatchObject({
      '55': { '5F2A': '0156', '86': ['010203', '040506'], '9F34': '', '9A': '260105' },
      '60': '22000001',
      '64': '4233413039324145',
    })
    expect(code).toBe(0)
  })
})
