// The keys of a transaction from its key serial number alone, and the numbers that terminals count through.

import { expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { createDukpt, createKeySerials } from '../../src/crypto/dukpt-keys.js'
import { fromHex, toHex } from '../../src/crypto/hex.js'
import { createKey } from '../../src/crypto/keys/key.js'
import { createMacX9_19 } from '../../src/crypto/mac/mac-x9-19.js'
import { createPinCipher } from '../../src/crypto/pin/pin-cipher.js'

const bdk = (algorithm: 'des' | 'aes', hex: string, ksn?: string) =>
  createKey({ name: `bdk ${ksn ?? ''}`, usage: 'bdk', algorithm, bytes: fromHex(hex), ksn })
const tdes = bdk('des', '0123456789ABCDEFFEDCBA9876543210')
const aes = bdk('aes', 'FEDCBA9876543210F1F1F1F1F1F1F1F1')
const random = createRandom(1)

test.each([
  { ksn: 'FFFF9876543210E00001', pin: '1B9C1845EB993A7A', request: '9CCC78173FC4FB64', answer: '20364223C1FF00FA' },
  { ksn: 'FFFF9876543210E00002', pin: '10A01C8D02C69107', request: 'F608A9BCA6FFC311', answer: 'D1FCA6BEF05D24D2' },
])('TDES: PIN block and MACs at $ksn, ANSI X9.24-1:2009 A.4', ({ ksn, pin, request, answer }) => {
  const keys = createDukpt([aes, tdes]).keysOf(fromHex(ksn))
  expect(toHex(createPinCipher(keys.pin('des'), 'iso-0').encipher('1234', '4012345678909', random))).toBe(pin)
  const data = Buffer.from('4012345678909D987')
  expect(toHex(createMacX9_19(keys.requestMac.bytes)(data))).toBe(request)
  expect(toHex(createMacX9_19(keys.answerMac.bytes)(data))).toBe(answer)
  expect(() => keys.pin('aes')).toThrow(/is a TDES key: it cannot derive the AES key/)
})

test('AES: the keys of the first transaction, ANSI X9.24-3:2017 test vectors', () => {
  const keys = createDukpt([tdes, aes]).keysOf(fromHex('123456789012345600000001'))
  expect(toHex(keys.pin('aes').bytes)).toBe('AF8CB133A78F8DC2D1359F18527593FB')
  expect(toHex(keys.requestMac.bytes)).toBe('A2DC23DE6FDE0824A2BC321E08E4B8B7')
  expect(toHex(keys.answerMac.bytes)).toBe('DBB463945B286C07CD3AD82EE96FD9C9')
  expect(keys.pin('des')).toMatchObject({ algorithm: 'des', name: 'bdk , transaction 1' })
})

test('each terminal has a device number of its own, and counts from 1', () => {
  const numbers = (key: typeof tdes, terminal: number) => {
    const serials = createKeySerials(key, terminal)
    return [serials.next(), serials.next()].map(toHex)
  }
  expect(numbers(tdes, 0)).toEqual(['FFFF9876543210E00001', 'FFFF9876543210E00002'])
  expect(numbers(tdes, 1)).toEqual(['FFFF9876543211000001', 'FFFF9876543211000002'])
  expect(numbers(aes, 2)).toEqual(['123456789012345800000001', '123456789012345800000002'])
  const last = bdk('des', '0123456789ABCDEFFEDCBA9876543210', 'FFFFFFFFFFFFFFE00000')
  expect(() => createKeySerials(last, 1)).toThrow(/more terminals than key serial numbers/)
})

test('of several base derivation keys the one counts whose key set the number names', () => {
  const other = bdk('des', '89ABCDEF0123456776543210FEDCBA98', 'FFFF1111110000000000')
  const named = (ksn: string) => createDukpt([other, tdes]).keysOf(fromHex(ksn)).requestMac.name
  expect(named('FFFF1111110000000001')).toBe('bdk FFFF1111110000000000, transaction 1')
  expect(createDukpt([tdes, other]).keysOf(fromHex('FFFF1111110000000001')).requestMac.name).toContain('FFFF111111')
  expect(() => createDukpt([tdes]).keysOf(fromHex('123456789012345600000001'))).toThrow(/no base derivation key .* aes/)
  expect(() => createDukpt([tdes]).keysOf(fromHex('FFFF98'))).toThrow(/10 bytes \(TDES\) or 12 \(AES\), this one has 3/)
})

test('format 4 is enciphered and opened by an AES key alone', () => {
  const key = { algorithm: 'aes', bytes: fromHex('00112233445566778899AABBCCDDEEFF') }
  const cipher = createPinCipher(key, 'iso-4')
  const pan = '1234567890123456789'
  expect(cipher.decipher(fromHex('28B41FDDD29B743E93124BD8E32D921E'), pan)).toBe('1234')
  expect(cipher.decipher(cipher.encipher('98765', pan, random), pan)).toBe('98765')
  expect(() => createPinCipher(key, 'iso-0')).toThrow(
    'a PIN block of format iso-0 takes a key of des, this is one of aes',
  )
})
