// The working keys that a line learns from sign-ons going by, and the messages that it signs with them.

import { expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { toHex } from '../../../src/crypto/hex.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { buildSignOnKeys } from '../../../src/crypto/keys/key-wrap.js'
import { testKeys } from '../../../src/crypto/keys/test-keys.js'
import { learnKeys, tellingRemac } from '../../../src/run/lines/remac.js'
import { createMacFields, macOf } from '../../../src/transport/wire/mac-field.js'

const codec = compile(builtInDialect('cup-pos'))
const keys = testKeys()
const macFields = createMacFields(codec)
const sale = (terminal: string) =>
  codec.pack({ mti: '0210', fields: { '11': '000001', '39': '00', '41': terminal, '64': '0000000000000000' } })

test('a changed message of a terminal whose sign-on went by carries the MAC of its working key', () => {
  const [tmk, pik, mak] = [keys.forUsage('tmk'), keys.forUsage('pik'), keys.forUsage('mak')]
  const learned = learnKeys(codec, createKeySet([tmk]))
  const wrapped = toHex(buildSignOnKeys(tmk, { pik, mak }))
  const answer = codec.pack({ mti: '0810', fields: { '11': '000001', '39': '00', '41': '00000001', '62': wrapped } })
  expect(learned?.remac(sale('00000001'))).toBeUndefined()
  learned?.learn(codec.peek(answer))
  const signed = learned?.remac(sale('00000001')) as Uint8Array
  expect(macFields.isSigned(macOf(codec.dialect, mak), 64, signed)).toBe(true)
  expect(learned?.remac(sale('00000002'))).toBeUndefined()
})

test('keys under another master key change nothing', () => {
  const learned = learnKeys(codec, createKeySet([keys.forUsage('tmk')]))
  const answer = codec.pack({ mti: '0810', fields: { '39': '00', '41': '00000001', '62': 'AB'.repeat(40) } })
  learned?.learn(codec.peek(answer))
  expect(learned?.remac(sale('00000001'))).toBeUndefined()
})

test('a message that keeps its MAC for want of a key is told of once', () => {
  const said: string[] = []
  const remac = tellingRemac(codec, undefined, (line) => said.push(line))
  expect(remac(codec.pack({ mti: '0800', fields: { '41': '00000001' } }))).toBeUndefined()
  expect(said).toEqual([])
  expect([remac(sale('00000001')), remac(sale('00000002'))]).toEqual([undefined, undefined])
  expect(said).toEqual([expect.stringContaining('--keys FILE')])
})

test('without keys nothing can be learned', () => {
  expect(learnKeys(codec, createKeySet([]))).toBeUndefined()
})
