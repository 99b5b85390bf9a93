// A MAC in the last field of a message: put there, found again, and spoiled by any change.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect, builtInDialects } from '../../../src/codec/dialects/index.js'
import { fromHex } from '../../../src/crypto/hex.js'
import { createMacFields, macOf } from '../../../src/transport/wire/mac-field.js'

/** A published 0200 of the CUP POS dialect, without length, TPDU and header; its MAC key is published with it. */
const published =
  '02003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C0230314233413039324145'
const publishedKey = { name: 'tak', algorithm: 'des', bytes: fromHex('0723C80DB5F4CD3D') } as const

test('a published CUP message carries the MAC of its published key', () => {
  const codec = compile(builtInDialect('cup-pos'))
  const fields = createMacFields(codec)
  const message = fromHex(published)
  expect(fields.of(codec.peek(message))).toBe(64)
  expect(fields.isSigned(macOf(codec.dialect, publishedKey), 64, message)).toBe(true)
})

test('X9.19 with a key of 8 bytes is X9.9', () => {
  const dialect = builtInDialect('iso87-ascii')
  const mac = macOf(dialect, { name: 'k', algorithm: 'des', bytes: fromHex('0123456789ABCDEF') })
  expect(Buffer.from(mac(Buffer.from('7654321 Now is the time for '))).toString('hex')).toBe('f1d30f6849312ca4')
})

test('a kind of key that the dialect names no algorithm for is refused by its name', () => {
  const aes = { name: 'host-aes', algorithm: 'aes', bytes: new Uint8Array(16) } as const
  expect(() => macOf(builtInDialect('cup-pos'), aes)).toThrow(/names no MAC algorithm for aes keys, as key 'host-aes'/)
})

const withMac = builtInDialects.filter(({ rules }) => rules.security?.mac !== undefined)

describe.each(withMac.map((dialect) => [dialect.name, dialect] as const))('%s', (_, dialect) => {
  const codec = compile(dialect)
  const macFields = createMacFields(codec)
  const mac = macOf(dialect, { name: 'k', algorithm: 'des', bytes: fromHex('0123456789ABCDEFFEDCBA9876543210') })
  const cases = macFields.numbers.map((field) => ({ field, beside: field === 64 ? { 11: '000001' } : { 70: '301' } }))

  test.each(cases)('signs in field $field, and any changed byte shows', ({ field, beside }) => {
    const blank = macFields.blank(field)
    const message = codec.pack({ mti: '0800', fields: { ...beside, [field]: blank } })
    macFields.sign(mac, field, message)
    expect(macFields.of(codec.peek(message))).toBe(field)
    expect(macFields.isSigned(mac, field, message)).toBe(true)
    // Read and packed again it is the same message.
    expect(Buffer.from(codec.pack(codec.unpack(message)))).toEqual(Buffer.from(message))
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(message) // A slice of a Buffer would be the message itself.
        changed[at] = (changed[at] as number) ^ change
        expect(macFields.isSigned(mac, field, changed)).toBe(false)
      }),
    )
  })
})

test('a field of another width or kind holds no MAC', () => {
  const dialect = builtInDialect('iso87-ascii')
  const codec = compile({ ...dialect, fields: { ...dialect.fields, 64: { name: 'text', format: 'ans 16' } } })
  expect(createMacFields(codec).numbers).toEqual([128])
  expect(() => createMacFields(codec).blank(64)).toThrow(/field 64 of dialect iso87-ascii cannot hold a MAC/)
})
