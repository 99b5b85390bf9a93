import { describe, expect, test } from 'vitest'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { isProtected, type MessageKeys, protectedMessage } from '../../../src/terminal/keys/protected-message.js'

const dialect = builtInDialect('cup-pos')
const message = {
  mti: '0200',
  fields: { 4: '{amount}', 26: '12', 52: '{pinBlock}', 53: '2600000000000000', 64: '{mac}' },
}
const keys = (canSign: boolean, canEncipherPin: boolean): MessageKeys => ({
  canSign,
  canEncipherPin,
  blankMac: () => '0000000000000000',
})

describe('a message with a MAC and a PIN block', () => {
  const cases = [
    { name: 'carries both with keys for both', keys: keys(true, true), fields: ['4', '26', '52', '53', '64'], mac: 64 },
    { name: 'leaves out the PIN block and what speaks of it', keys: keys(true, false), fields: ['4', '64'], mac: 64 },
    { name: 'leaves out the MAC', keys: keys(false, true), fields: ['4', '26', '52', '53'], mac: undefined },
    { name: 'carries neither without any keys', keys: undefined, fields: ['4'], mac: undefined },
  ]
  test.each(cases)('$name', ({ keys: given, fields, mac }) => {
    const { definition, macField } = protectedMessage(message, dialect, given)
    expect(Object.keys(definition.fields)).toEqual(fields)
    expect(macField).toBe(mac)
    expect(given !== undefined && isProtected(message, given)).toBe(given?.canSign || given?.canEncipherPin || false)
  })
})

test('a MAC that is not in the last field is refused', () => {
  const wrong = { mti: '0200', fields: { 64: '{mac}', 70: '301' } }
  expect(() => protectedMessage(wrong, builtInDialect('iso87-ascii'), keys(true, true))).toThrow(
    'field 64: {mac} stands in the last field of a message, which is 70',
  )
})
