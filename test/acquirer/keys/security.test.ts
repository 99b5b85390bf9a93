// The host's keys: what a sign-on brings, what a flipped bit does, what an answer carries. Messages are made and read as
// a terminal does it, by the same keys.

import { describe, expect, test } from 'vitest'
import { createAcquirer } from '../../../src/acquirer/acquirer.js'
import { createAcquirerSecurity } from '../../../src/acquirer/keys/security.js'
import { createTerminalKeyStore } from '../../../src/acquirer/keys/terminal-key-store.js'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { createRandom } from '../../../src/base/random.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import type { Message } from '../../../src/codec/message.js'
import { createDes } from '../../../src/crypto/ciphers/des.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { seededKeyBytes } from '../../../src/crypto/keys/fresh-key.js'
import { createKey, type KeyUsage } from '../../../src/crypto/keys/key.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { readSignOnKeys } from '../../../src/crypto/keys/key-wrap.js'
import { testKeys } from '../../../src/crypto/keys/test-keys.js'
import { encodePinBlock } from '../../../src/crypto/pin/pin-block.js'
import type { Replier } from '../../../src/transport/server/server.js'
import { createMacFields, macOf } from '../../../src/transport/wire/mac-field.js'

const key = (usage: KeyUsage, hex: string) => createKey({ name: usage, usage, algorithm: 'des', bytes: fromHex(hex) })
const tmk = key('tmk', 'CA5D92598DCA48CE8A4C76361A9269E9')
const tripleTmk = key('tmk', 'CA5D92598DCA48CE8A4C76361A9269E90123456789ABCDEF')
const connection = { id: 1, peer: '127.0.0.1:40000', isOpen: true, send: () => false, end: () => {}, reset: () => {} }

function createHost(keys: ReturnType<typeof createKeySet>, dialectName = 'cup-pos') {
  const codec = compile(builtInDialect(dialectName))
  const random = createRandom(1)
  const security = createAcquirerSecurity({ codec, keys, makeKey: seededKeyBytes(random.fork('keys')) })
  const acquirer = createAcquirer({
    codec,
    options: acquirerSchema.parse({}),
    clock: createVirtualClock(0),
    random,
    security,
  })
  const sendBytes = (body: Uint8Array): { message: Message; body: Uint8Array } | undefined => {
    let answer: Uint8Array | undefined
    const replier: Replier = {
      connection,
      reply(maxBodyBytes, write) {
        const target = new Uint8Array(maxBodyBytes + 3)
        answer = target.slice(3, write(target, 3))
        return true
      },
      dismiss: () => {},
    }
    const received = { error: undefined, partly: undefined, body, tpdu: undefined, header: undefined, frame: body }
    acquirer.onRequest({ ...received, peek: codec.peek(body) }, replier)
    return answer && { body: answer, message: codec.unpack(answer) }
  }
  return { codec, acquirer, security, sendBytes, send: (message: Message) => sendBytes(codec.pack(message)) }
}

const terminal = { 41: 'T0000001', 42: 'M00000000000001' }
const signOn = (scheme: string, stan = '000001'): Message => ({
  mti: '0800',
  fields: { 11: stan, ...terminal, 60: `00000001${scheme}`, 63: '01 ' },
})
const sale: Message['fields'] = {
  2: '6200000000000005',
  3: '000000',
  4: '000000001234',
  11: '000002',
  ...terminal,
  49: '156',
  60: '22000001000',
}

function signedSale(host: ReturnType<typeof createHost>, mak: { bytes: Uint8Array }, extra: Message['fields'] = {}) {
  const macFields = createMacFields(host.codec)
  const body = host.codec.pack({ mti: '0200', fields: { ...sale, ...extra, 64: macFields.blank(64) } })
  macFields.sign(macOf(host.codec.dialect, { name: 'mak', algorithm: 'des', bytes: mak.bytes }), 64, body)
  return body
}

function afterSignOn(scheme = '003') {
  const host = createHost(createKeySet([tmk]))
  const answer = host.send(signOn(scheme))?.message
  return { host, keys: readSignOnKeys(tmk, fromHex(answer?.fields[62] as string)) }
}

describe('a sign-on brings keys in the layout that it asks for', () => {
  const cases = [
    { scheme: '001', master: tmk, bytes: 24, bits: [64, 64] },
    { scheme: '003', master: tmk, bytes: 40, bits: [128, 64] },
    { scheme: '004', master: tmk, bytes: 60, bits: [128, 64, 128] },
    { scheme: '003', master: tripleTmk, bytes: 56, bits: [192, 64] },
    { scheme: '004', master: tripleTmk, bytes: 84, bits: [192, 64, 192] },
  ]
  test.each(cases)('60.3 $scheme: $bytes bytes', ({ scheme, master, bytes, bits }) => {
    const answer = createHost(createKeySet([master])).send(signOn(scheme))?.message
    const given = fromHex(answer?.fields[62] as string)
    const { pik, mak, tdk } = readSignOnKeys(master, given)
    expect(given.length).toBe(bytes)
    expect([pik, mak, tdk].flatMap((each) => each?.bits ?? [])).toEqual(bits)
    expect(answer?.fields[60]).toBe(`00000001${scheme}`)
  })

  test('and none for another code, or without a master key', () => {
    expect(createHost(createKeySet([tmk])).send(signOn('360'))?.message.fields[62]).toBeUndefined()
    expect(createHost(createKeySet([])).send(signOn('003'))?.message.fields).toMatchObject({
      39: '00',
      60: '00000001003',
    })
  })
})

describe('a sign-on that comes again', () => {
  const keysOf = (host: ReturnType<typeof createHost>, stan: string, scheme = '003') =>
    host.send(signOn(scheme, stan))?.message.fields[62]

  test('is told the keys that its terminal has, also when a later one came in between', () => {
    const { host } = afterSignOn()
    const second = keysOf(host, '000005')
    expect(keysOf(host, '000005')).toBe(second)
    expect(keysOf(host, '000001')).toBe(second)
    const { mak } = readSignOnKeys(tmk, fromHex(second as string))
    expect(host.sendBytes(signedSale(host, mak))?.message.fields[39]).toBe('00')
    expect(host.security.counts().keysGiven).toBe(2)
  })
  test('asks for another layout, or comes after many others: gets new ones', () => {
    const { host } = afterSignOn()
    expect(keysOf(host, '000001', '004')).toHaveLength(120)
    const later = Array.from({ length: 9 }, (_, index) => keysOf(host, `00010${index}`))
    expect(new Set([...later, keysOf(host, '000001')]).size).toBe(10)
  })
})

describe('a request with a MAC', () => {
  test('is answered with one, under the keys of the sign-on', () => {
    const { host, keys } = afterSignOn()
    const answer = host.sendBytes(signedSale(host, keys.mak))
    expect(answer?.message.fields[39]).toBe('00')
    const mac = macOf(host.codec.dialect, keys.mak)
    expect(createMacFields(host.codec).isSigned(mac, 64, answer?.body ?? new Uint8Array())).toBe(true)
    expect(host.acquirer.counts().macs).toEqual({ valid: 1, wrong: 0, absent: 0 })
  })

  test('with one flipped bit gets A0, is counted, and its answer carries none', () => {
    const { host, keys } = afterSignOn()
    const body = signedSale(host, keys.mak)
    const at = Buffer.from(body).indexOf(fromHex('000000001234')) + 5
    body[at] = (body[at] as number) ^ 1
    const answer = host.sendBytes(body)?.message
    expect(answer?.fields).toMatchObject({ 39: 'A0', 11: '000002' })
    expect(answer?.fields[64]).toBeUndefined()
    expect(host.acquirer.counts()).toMatchObject({ macs: { valid: 0, wrong: 1, absent: 0 }, answers: { A0: 1 } })
  })

  test('of a terminal that is not signed on gets A0', () => {
    const host = createHost(createKeySet([tmk]))
    expect(host.sendBytes(signedSale(host, testKeys().forUsage('mak')))?.message.fields[39]).toBe('A0')
  })

  test('is checked with the standing key where the run has one', () => {
    const host = createHost(testKeys())
    expect(host.sendBytes(signedSale(host, testKeys().forUsage('mak')))?.message.fields[39]).toBe('00')
  })

  test('in field 128 of an ISO dialect is answered in 64 where the answer has no field above', () => {
    const host = createHost(testKeys(), 'iso87-binary')
    const macFields = createMacFields(host.codec)
    const mac = macOf(host.codec.dialect, testKeys().forUsage('mak'))
    const fields = {
      3: '000000',
      4: '000000001234',
      11: '000002',
      41: 'T0000001',
      49: '840',
      102: '1',
      128: macFields.blank(128),
    }
    const body = host.codec.pack({ mti: '0200', fields })
    macFields.sign(mac, 128, body)
    const answer = host.sendBytes(body)
    expect(answer?.message.fields[39]).toBe('00')
    expect(macFields.isSigned(mac, 64, answer?.body ?? new Uint8Array())).toBe(true)
  })

  test('without one is taken, and counted', () => {
    const { host } = afterSignOn()
    const answer = host.send({ mti: '0200', fields: sale })?.message
    expect(answer?.fields[39]).toBe('00')
    expect(answer?.fields[64]).toBeUndefined()
    expect(host.acquirer.counts().macs).toEqual({ valid: 0, wrong: 0, absent: 1 })
  })
})

describe('a PIN block', () => {
  const block = (pik: Uint8Array, pan: string) =>
    toHex(createDes(pik).encrypt(encodePinBlock({ format: 'iso-0', pin: '123456', pan })))

  test.each([
    { name: 'of this card passes', pan: '6200000000000005', code: '00', pinBlocks: { valid: 1, wrong: 0 } },
    { name: 'of another card gets 99', pan: '4111111111111111', code: '99', pinBlocks: { valid: 0, wrong: 1 } },
  ])('$name', ({ pan, code, pinBlocks }) => {
    const { host, keys } = afterSignOn()
    const answer = host.sendBytes(signedSale(host, keys.mak, { 52: block(keys.pik.bytes, pan) }))
    expect(answer?.message.fields[39]).toBe(code)
    expect(host.acquirer.counts().pinBlocks).toEqual(pinBlocks)
  })
})

test('the terminal that signed on longest ago is forgotten when too many have', () => {
  const ring = (name: string) => ({ mac: () => Buffer.from(name), pinCipher: undefined })
  const standing = ring('standing')
  const store = createTerminalKeyStore(standing, 2)
  const [a, b, c] = ['a', 'b', 'c'].map(ring) as [typeof standing, typeof standing, typeof standing]
  store.put('a', a)
  store.put('b', b)
  store.put('a', a)
  store.put('c', c)
  expect(['a', 'b', 'c'].map((terminal) => store.of(terminal))).toEqual([a, standing, c])
})
