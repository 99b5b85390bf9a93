// The quirks of the iso_8583 library that one would not expect, one sentence each: so that a difference between the two codecs
// is known to be the library's, and a new version that changes one of these is noticed.

import Iso8583Message, { type LibraryFields } from 'iso_8583'
import { describe, expect, test } from 'vitest'
import { iso8583 } from '../../src/codec/dialects/iso-8583.js'
import { PackError } from '../../src/codec/pack-error.js'
import { referenceCodec } from '../../src/codec/reference/iso-8583.js'
import { UnpackError } from '../../src/codec/unpack-error.js'

const sale = { 0: '0200', 2: '4111111111111111', 3: '000000', 4: '000000000100' }
const head = 'f0000000000000000000000000000000'

const packed = (fields: LibraryFields) => new Iso8583Message({ ...fields }).getRawMessage()
const said = (fields: LibraryFields) => (packed(fields) as { error?: string }).error
const bytes = (fields: LibraryFields) => packed(fields) as Buffer
const read = (message: Buffer) => new Iso8583Message().getIsoJSON(message, { lenHeader: false })

describe('the iso_8583 library, when it packs,', () => {
  test('sends a bitmap of 128 bits, first bit set, also where no field is above 64', () => {
    expect(bytes(sale).toString('hex', 4, 20)).toBe(head)
  })

  test('refuses a value of fixed width that does not fill it: nothing is padded', () => {
    expect(said({ ...sale, 11: '1' })).toBe('invalid length of data on field 11')
  })

  test('refuses an empty value, also of variable length', () => {
    expect(said({ ...sale, 44: '' })).toBe('Field 44 in bitmap but not in json')
  })

  test('refuses @ and # in a field of printable characters', () => {
    expect(said({ ...sale, 47: 'a@b' })).toContain('field 47')
    expect(said({ ...sale, 47: 'a#b' })).toContain('field 47')
  })

  test('refuses a space in a field of letters and digits', () => {
    expect(said({ ...sale, 39: '0 ' })).toContain('field 39')
  })

  test('does not look at the first digit of a signed amount', () => {
    expect(bytes({ ...sale, 28: 'CX1234567' }).toString('latin1')).toMatch(/CX1234567$/)
  })

  test('throws a TypeError for an empty signed amount', () => {
    expect(() => packed({ 0: '0200', 28: '' })).toThrow(TypeError)
  })

  test('knows no answer to a network management advice, and no 1804 of 1993', () => {
    expect(said({ 0: '0830', 11: '000001' })).toContain('message type')
    expect(said({ 0: '1804', 11: '000001' })).toContain('message type')
  })

  test('returns its bitmap instead of an error for a field that it does not know', () => {
    const result = packed({ ...sale, 200: 'A' })
    expect(Buffer.isBuffer(result)).toBe(false)
    expect(result).toBeInstanceOf(Uint8Array)
  })

  test('sends nothing for field 65, whose half byte is none', () => {
    expect(bytes({ ...sale, 65: 'A' }).length).toBe(bytes(sale).length)
  })

  test('sends MACs (64, 128) of 4 bytes, and takes their 8 digits of hex for the 8 bytes of the standard', () => {
    expect(bytes({ ...sale, 64: 'AABBCCDD' }).toString('hex')).toMatch(/aabbccdd$/)
    expect(said({ ...sale, 64: 'AABBCCDDEEFF0011' })).toContain('field 64')
  })

  test('cuts a track with letters beyond ASCII, because it counts characters and writes bytes', () => {
    expect(bytes({ ...sale, 35: '41é=1' }).subarray(-7)).toEqual(Buffer.from('0541é='))
  })

  test('refuses field 127 where no other field but the MTI is set', () => {
    expect(said({ 0: '0800', '127.2': '123456789012' })).toBe('Invalid Message in 127 extensions')
    expect(bytes({ 0: '0800', 11: '000001', '127.2': '123456789012' }).length).toBeGreaterThan(0)
  })

  test('takes the fields inside 127.25 only as one text with a bitmap in hex digits', () => {
    const chip = '4000000000000000000000000100'
    expect(bytes({ ...sale, '127.25': chip }).toString('latin1')).toMatch(/00284000000000000000000000000100$/)
    expect(bytes({ ...sale, '127.25.2': '000000000100' }).length).toBe(bytes(sale).length + 14)
  })

  test('throws a TypeError where the text of 127.25 has a bit that it does not know', () => {
    expect(() => packed({ ...sale, '127.25': '0000000000000001000000000100' })).toThrow(TypeError)
  })
})

describe('the iso_8583 library, when it unpacks,', () => {
  test('takes half a bitmap where the first bit is not set', () => {
    expect(read(Buffer.from('303230303000000000000000', 'hex'))).toEqual({ 0: '0200', 3: '', 4: '' })
  })

  test('takes a message that ends too soon, with shorter values', () => {
    expect(read(bytes(sale).subarray(0, -4))[4]).toBe('00000000')
  })

  test('ignores bytes after the last field', () => {
    expect(read(Buffer.concat([bytes(sale), Buffer.from('more')]))).toEqual(sale)
  })

  test('takes letters for digits', () => {
    expect(read(Buffer.from(bytes(sale).toString('latin1').replace('000100', '0001X0'), 'latin1'))[4]).toBe(
      '0000000001X0',
    )
  })

  test('takes a length that is no number for 0', () => {
    const message = bytes({ 0: '0200', 2: '4111111111111111' })
    message.write('XX', 20)
    expect(read(message)).toEqual({ 0: '0200', 2: '' })
  })

  test('gives binary as lower-case hex', () => {
    expect(read(bytes({ ...sale, 52: 'A1B2C3D4E5F60718' }))[52]).toBe('a1b2c3d4e5f60718')
  })

  test('does not look at the length of field 127', () => {
    const message = bytes({ ...sale, '127.39': '00' })
    message.write('999999', message.length - 16)
    expect(read(message)['127.39']).toBe('00')
  })
})

describe('the iso_8583 library, when it validates,', () => {
  test('changes its own table of required fields, so that what was missing is missed no more', () => {
    const valid = (fields: LibraryFields) => new Iso8583Message({ 0: '0500', 3: '999999', ...fields }).validateMessage()
    const verdicts = [valid({ 11: '000001' }), valid({ 7: '0101010101', 11: '000001' }), valid({ 11: '000001' })]
    expect(verdicts).toEqual([false, true, true])
  })

  test('accepts a sale with card, processing code and amount', () => {
    expect(new Iso8583Message({ ...sale }).validateMessage()).toBe(true)
  })
})

describe('the reference codec hides them:', () => {
  const codec = referenceCodec(iso8583)
  const message = { mti: '0200', fields: { 2: '4111111111111111', 3: '000000', 4: '000000000100' } }
  const good = Buffer.from(codec.pack(message))

  const refused = [
    { what: 'a message that ends too soon', bytes: good.subarray(0, -1), code: 'TRUNCATED' },
    { what: 'bytes after the last field', bytes: Buffer.concat([good, Buffer.from('0')]), code: 'TRAILING' },
    { what: 'letters for digits', bytes: replaced(good, '000100', '0001X0'), code: 'BAD_DIGIT' },
    { what: 'a length that is no number', bytes: replaced(good, '16411', 'X6411'), code: 'BAD_LENGTH' },
    { what: 'no bytes', bytes: Buffer.alloc(0), code: 'TRUNCATED' },
    { what: 'a bitmap that ends too soon', bytes: good.subarray(0, 12), code: 'TRUNCATED' },
  ]
  for (const { what, bytes: wire, code } of refused) {
    test(`${what} is refused with ${code}, and inspect says so too`, () => {
      expect(() => codec.unpack(wire)).toThrow(UnpackError)
      expect(codec.inspect(wire).error).toMatchObject({ code })
    })
  }

  test('what was read before the error is kept by inspect', () => {
    const { message: found } = codec.inspect(good.subarray(0, -1))
    expect(found).toEqual({ mti: '0200', fields: { 2: '4111111111111111', 3: '000000' } })
  })

  test('a failure to pack is a PackError that names the field and not the value', () => {
    const bad = { ...message, fields: { ...message.fields, 2: '411111111111111X' } }
    expect(() => codec.pack(bad)).toThrow(PackError)
    expect(() => codec.pack(bad)).toThrow(/^field 2: (?!.*411111)/)
    expect(() => codec.pack({ mti: '1804', fields: {} })).toThrow(expect.objectContaining({ code: 'BAD_MTI' }))
    expect(() => codec.pack({ mti: '0200', fields: { 65: 'A' } })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FIELD' }),
    )
  })

  test('fields inside 127 and 127.25 are nested, as in our codec', () => {
    const nested = { 2: '123456789012', 25: { 2: '000000000100', 4: 'A000000333' }, 29: 'AB'.repeat(20) }
    const fields = { ...message.fields, 127: nested, 128: 'AABBCCDD' }
    expect(codec.unpack(codec.pack({ mti: '0200', fields }))).toEqual({ mti: '0200', fields })
  })

  test('template and answerer write what pack would', () => {
    const template = codec.template({ mti: '0200', fields: { ...message.fields, 11: '' } }, [11])
    const target = new Uint8Array(template.maxBytes + 3)
    const end = template.write(target, 3, ['000007'])
    const request = target.subarray(3, end)
    expect(codec.unpack(request).fields[11]).toBe('000007')

    const answerer = codec.answerer({ mti: '0210', echoed: [2, 4, 11, 37], set: [39, 38] })
    const answer = new Uint8Array(answerer.maxBytes(request.length))
    const length = answerer.write(codec.peek(request), ['00', undefined], answer, 0)
    expect(codec.unpack(answer.subarray(0, length))).toEqual({
      mti: '0210',
      fields: { 2: '4111111111111111', 4: '000000000100', 11: '000007', 39: '00' },
    })
  })
})

function replaced(message: Buffer, from: string, to: string): Buffer {
  return Buffer.from(message.toString('latin1').replace(from, to), 'latin1')
}
