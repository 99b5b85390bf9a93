// Our codec against the iso_8583 library, byte for byte, over generated messages: whatever the library sends, ours sends, and
// what it accepts, ours reads the same.

import fc from 'fast-check'
import Iso8583Message from 'iso_8583'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import { iso8583 } from '../../src/codec/dialects/iso-8583.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { referenceCodec } from '../../src/codec/reference/iso-8583.js'
import { generatedMessage } from './generated-message.js'

const ours = compile(iso8583)
const reference = referenceCodec(iso8583)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('our codec with the dialect iso_8583', () => {
  test('packs every message to the bytes of the library', () => {
    fc.assert(
      fc.property(generatedMessage, (message) => {
        expect(hex(ours.pack(message))).toBe(hex(reference.pack(message)))
      }),
      { numRuns: 300 },
    )
  })

  test('unpacks what the library packed to the same fields as the library', () => {
    fc.assert(
      fc.property(generatedMessage, (message) => {
        const bytes = reference.pack(message)
        expect(ours.unpack(bytes)).toEqual(message)
        expect(reference.unpack(bytes)).toEqual(message)
      }),
      { numRuns: 300 },
    )
  })

  test('sees the same fields when it peeks', () => {
    fc.assert(
      fc.property(generatedMessage, (message) => {
        const bytes = ours.pack(message)
        const [mine, theirs] = [ours.peek(bytes), reference.peek(bytes)]
        for (let field = 2; field <= 128; field++) {
          if (field !== 127) expect(mine.text(field)).toBe(theirs.text(field))
          expect(mine.raw(field)).toEqual(theirs.raw(field) && Buffer.from(theirs.raw(field) as Uint8Array))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('fills a template and an answer to the same bytes', () => {
    const plan = { mti: '0210', echoed: [2, 3, 4, 11, 41, 127], set: [38, 39] }
    fc.assert(
      fc.property(generatedMessage, (message) => {
        const written = [ours, reference].map((codec) => {
          const template = codec.template(message, [4, 11])
          const request = new Uint8Array(template.maxBytes)
          const end = template.write(request, 0, ['000000000250', '000042'])
          const answerer = codec.answerer(plan)
          const answer = new Uint8Array(answerer.maxBytes(end))
          const answerEnd = answerer.write(codec.peek(request.subarray(0, end)), ['000001', '00'], answer, 0)
          return [hex(request.subarray(0, end)), hex(answer.subarray(0, answerEnd))]
        })
        expect(written[0]).toEqual(written[1])
      }),
      { numRuns: 100 },
    )
  })

  test('accepts a message of 64 bits, as the library does', () => {
    const short = Buffer.from(`0200${'\x30'}${'\0'.repeat(7)}000000000000000100`, 'latin1')
    const fields = { 3: '000000', 4: '000000000100' }
    expect(new Iso8583Message().getIsoJSON(short, { lenHeader: false })).toEqual({ 0: '0200', ...fields })
    // Ours also says that this is not the bitmap that it would write.
    expect(ours.unpack(short)).toEqual({ mti: '0200', bitmap: '3000000000000000', fields })
    expect(reference.unpack(short)).toEqual({ mti: '0200', fields })
  })
})

describe('the reference codec speaks', () => {
  test('a variant of its dialect with other widths, and with a bitmap in hexadecimal digits', () => {
    const variant: Dialect = {
      ...iso8583,
      name: 'variant',
      encodings: { ...iso8583.encodings, bitmap: { encoding: 'hex', bytes: 8, extends: 'always' } },
      fields: { ...iso8583.fields, 48: { name: 'tagged', format: 'ans..20' } },
    }
    const message = { mti: '0200', fields: { 11: '000001', 48: 'A=1', 64: 'AABBCCDD' } }
    const [mine, theirs] = [compile(variant), referenceCodec(variant)]
    expect(hex(mine.pack(message))).toBe(hex(theirs.pack(message)))
    expect(theirs.unpack(mine.pack(message))).toEqual(message)
  })

  const refused = [
    { dialect: cupPos, why: 'cup-pos cannot be spoken by the iso_8583 library: its MTI is in bcd' },
    { dialect: iso87Ascii, why: 'iso87-ascii cannot be spoken by the iso_8583 library: the library always sends' },
    {
      dialect: { ...iso8583, fields: { 65: { name: 'half', format: 'b 1' } } } satisfies Dialect,
      why: 'field 65 is none that the library can send',
    },
    {
      dialect: { ...iso8583, fields: { 41: { name: 'padded', format: 'ans 8' } } } satisfies Dialect,
      why: 'field 41 is padded, and the library does not pad',
    },
    {
      dialect: {
        ...iso8583,
        fields: { 48: { name: 'long', format: 'ans...9', prefix: { encoding: 'bcd' } } },
      } as Dialect,
      why: 'field 48 has a length prefix other than ASCII digits',
    },
  ]
  for (const { dialect, why } of refused) {
    test(`no other dialect, and says why: ${why}`, () => {
      expect(() => referenceCodec(dialect)).toThrow(why)
    })
  }
})
