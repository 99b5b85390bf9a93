// A third bitmap among the fields (65 in jPOS): it comes and goes with the fields above 128, in every way to pack and to read.

import { describe, expect, test } from 'vitest'
import { checkDialect } from '../../../src/codec/checks/check-dialect.js'
import { compile } from '../../../src/codec/compile.js'
import { importDialect } from '../../../src/codec/importers/import-dialect.js'
import { asciiEncodings, dialectOf } from '../axes.js'
import { isofield, packager } from '../importers/jpos/jpos-spec.js'

const bitmap = { encoding: 'hex', bytes: 8, extends: 'byNeed', thirdIn: 65 } as const
const text = (name: string) => ({ name, format: 'ans..20' }) as const
const dialect = dialectOf(
  'thirds',
  { ...asciiEncodings, bitmap },
  {
    3: { name: 'code', format: 'n 6' },
    11: text('stan'),
    65: { name: 'third', format: 'b 8', data: 'hex' },
    66: text('after'),
    130: text('high'),
    192: text('last'),
  },
)
const codec = compile(dialect)
const low = { mti: '0200', fields: { 3: '123456' } }
const high = { mti: '0200', fields: { 3: '123456', 66: '9', 130: 'test', 192: 'z' } }
const lowWire = '02002000000000000000123456'
const highWire = '0200A000000000000000C0000000000000001234564000000000000001019' + '04test01z'
const packed = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

describe('a third bitmap in field 65', () => {
  test('is written only where a field above 128 is there, and is no field of the message', () => {
    expect(packed(codec.pack(low))).toBe(lowWire)
    expect(packed(codec.pack(high))).toBe(highWire)
    for (const message of [low, high]) expect(codec.unpack(codec.pack(message))).toEqual(message)
    expect(codec.inspect(Buffer.from(highWire))).toEqual({ message: high })
  })

  test('stands in a prepared message and in an answer', () => {
    const template = codec.template({ ...high, fields: { 3: '123456', 66: '9', 192: 'z' } }, [130])
    const target = Buffer.alloc(template.maxBytes)
    expect(packed(target.subarray(0, template.write(target, 0, ['test'])))).toBe(highWire)
    const answerer = codec.answerer({ mti: '0200', echoed: [3, 66, 130], set: [192] })
    const room = Buffer.alloc(answerer.maxBytes(highWire.length) + 64)
    const answer = (request: string, last: string | undefined) =>
      packed(room.subarray(0, answerer.write(codec.peek(Buffer.from(request)), [last], room, 0)))
    expect(answer(highWire, 'z')).toBe(highWire)
    expect(answer(lowWire, undefined)).toBe(lowWire)
  })

  test('is found without reading: fields are located behind it, message after message', () => {
    const peek = codec.peek(Buffer.from(highWire))
    expect([peek.text(130), peek.text(192)]).toEqual(['test', 'z'])
    expect(codec.peek(Buffer.from(lowWire)).has(130)).toBe(false)
  })

  test('keeps its bytes where it is not in its usual form', () => {
    const none = '0000000000000000'
    const wire = `020080000000000000008000000000000000${none}`
    const message = codec.unpack(Buffer.from(wire))
    expect(message.fields).toEqual({ 65: none })
    expect(packed(codec.pack(message))).toBe(wire)
  })

  test('that names other fields than the message has is refused, and so is one that is cut short', () => {
    expect(() => codec.pack({ ...high, fields: { ...high.fields, 65: 'FF00000000000000' } })).toThrow(
      'exactly the fields above 128',
    )
    expect(() => codec.unpack(Buffer.from(highWire.slice(0, 50)))).toThrow('field 65')
    expect(() => codec.unpack(Buffer.from(highWire.replace('4000000000000001', '4100000000000001')))).toThrow('136')
  })

  test('is imported from jPOS, and what is imported packs every field', () => {
    const elements = isofield(65, 'IFA_BITMAP', 8) + isofield(66, 'IFA_NUMERIC', 1) + isofield(130, 'IFA_LLLCHAR', 99)
    const imported = importDialect(packager(elements, 'thirdBitmapField="65"'), 't.xml')
    expect(checkDialect(imported).problems).toEqual([])
    const message = { mti: '0200', fields: { 66: '9', 130: 'test' } }
    const bytes = Buffer.from(compile(imported).pack(message))
    expect(bytes.toString('latin1')).toMatch(/4000000000000000.*9004test$/)
    expect(compile(imported).unpack(bytes)).toEqual(message)
  })

  test('needs a field of eight bytes', () => {
    const without = dialectOf('none', { ...asciiEncodings, bitmap }, { 130: text('high') })
    expect(() => compile(without)).toThrow("third bitmap in field 65: expected that field to be 'b 8'")
  })
})
