// The keys of a terminal at work, and answers whose MAC is wrong or missing.

import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/base/random.js'
import { createZone } from '../../../src/base/zone.js'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { createKey, type Key, type KeyUsage } from '../../../src/crypto/keys/key.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { buildSignOnKeys } from '../../../src/crypto/keys/key-wrap.js'
import { testKeys } from '../../../src/crypto/keys/test-keys.js'
import type { Judgement } from '../../../src/terminal/judgement.js'
import { createTerminalKeys } from '../../../src/terminal/keys/terminal-keys.js'
import { planMessage } from '../../../src/terminal/requests/message-plan.js'
import { createTerminals, type Terminal } from '../../../src/terminal/terminal.js'
import { createMacFields, macOf } from '../../../src/transport/wire/mac-field.js'

const dialect = builtInDialect('cup-pos')
const codec = compile(dialect)
const macFields = createMacFields(codec)
const key = (usage: KeyUsage, hex: string) => createKey({ name: usage, usage, algorithm: 'des', bytes: fromHex(hex) })
const tmk = key('tmk', 'CA5D92598DCA48CE8A4C76361A9269E9')
const working = {
  pik: key('pik', '807A23AD32B36D457AE91FDF927570EA'),
  mak: key('mak', '5BB5C72CD00B7338'),
}
const [terminal] = createTerminals({ count: 1, idPattern: '{n:8}', merchants: 1 }) as [Terminal]

function setUp(keySet: readonly Key[] | ReturnType<typeof testKeys>, signsOn = true) {
  const keys = createTerminalKeys({
    codec,
    keys: 'named' in keySet ? keySet : createKeySet(keySet),
    signsOn,
    random: createRandom(1),
  })
  const plan = planMessage('sale', dialect.messages.sale!, codec, createZone('UTC'), keys)
  const load = (bytes: Uint8Array) =>
    keys.load(terminal, codec.peek(codec.pack({ mti: '0810', fields: { 39: '00', 62: toHex(bytes) } })))
  return { keys, plan, load, guard: keys.guardOf(terminal) }
}

function answer(fields: Record<string, string>, mak?: Key) {
  const withMac = mak === undefined ? fields : { ...fields, 64: macFields.blank(64) }
  const body = codec.pack({ mti: '0210', fields: withMac })
  if (mak !== undefined) macFields.sign(macOf(dialect, mak), 64, body)
  return {
    peek: codec.peek(body),
    error: undefined,
    partly: undefined,
    body,
    tpdu: undefined,
    header: undefined,
    frame: body,
  }
}

const approved: Judgement = { outcome: 'approved', code: '00', retryCode: false, reason: undefined }
const declined: Judgement = { outcome: 'declined', code: '51', retryCode: false, reason: undefined }

describe('the keys of a sign-on', () => {
  test('are taken when their check values agree', () => {
    const { keys, load, guard } = setUp([tmk])
    expect(keys.wantsSignOn(terminal, undefined)).toBe(true)
    expect(load(buildSignOnKeys(tmk, working))).toBeUndefined()
    expect(keys.wantsSignOn(terminal, '00')).toBe(false)
    const message = codec.pack({ mti: '0200', fields: { 4: '000000001234', 64: macFields.blank(64) } })
    guard.seal(64, message)
    expect(macFields.isSigned(macOf(dialect, working.mak), 64, message)).toBe(true)
  })

  const stranger = key('tmk', '0123456789ABCDEFFEDCBA9876543210')
  const problems = [
    {
      name: 'under another master key',
      bytes: buildSignOnKeys(stranger, working),
      says: /another master key than tmk/,
    },
    { name: 'of a length that is none', bytes: new Uint8Array(41), says: /sign-on keys have .* bytes, these have 41/ },
  ]
  test.each(problems)('$name are refused', ({ bytes, says }) => {
    const { keys, load, guard } = setUp([tmk])
    expect(load(bytes)).toMatch(says)
    expect(keys.wantsSignOn(terminal, undefined)).toBe(true)
    expect(() => guard.seal(64, new Uint8Array(20))).toThrow('no MAC key: the terminal is not signed on')
  })

  test('cannot be read without a master key', () => {
    expect(setUp([working.mak]).load(buildSignOnKeys(tmk, working))).toMatch(/no master key \(usage tmk\)/)
  })

  test.each(['A0', '99', '77'])('are asked for again after %s', (code) => {
    expect(setUp([working.mak], false).keys.wantsSignOn(terminal, code)).toBe(true)
  })
})

describe('an answer', () => {
  const cases = [
    { name: 'with the right MAC is trusted', judged: approved, mak: working.mak, outcome: 'approved' },
    { name: 'with a wrong MAC is not', judged: approved, mak: key('mak', '0123456789ABCDEF'), outcome: 'bad MAC' },
    { name: 'that approves without a MAC is not', judged: approved, mak: undefined, outcome: 'answer without MAC' },
    { name: 'that declines needs none', judged: declined, mak: undefined, outcome: 'declined' },
  ]
  test.each(cases)('$name', ({ judged, mak, outcome }) => {
    const { plan, guard } = setUp([working.mak], false)
    const judgement = guard.trusted(plan, answer({ 39: judged.code ?? '' }, mak), judged)
    expect(judgement.reason ?? judgement.outcome).toBe(outcome)
  })

  test('of a host that gave no keys need not know the built-in ones', () => {
    const { plan, guard } = setUp(testKeys(), false)
    expect(guard.trusted(plan, answer({ 39: '00' }), approved)).toBe(approved)
  })
})

test('without keys a message carries no MAC, and nothing is checked', () => {
  const { keys, plan } = setUp([])
  expect({ canSign: keys.canSign, pin: keys.canEncipherPin, macField: plan.macField }).toEqual({
    canSign: false,
    pin: false,
    macField: undefined,
  })
})
