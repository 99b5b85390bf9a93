// DUKPT, PIN blocks of format 4 and card verification values from one end to the other: made by terminals or for a single
// message, checked by a host with the right keys and with others.

import { describe, expect, test } from 'vitest'
import { createAcquirer } from '../../../src/acquirer/acquirer.js'
import { createAcquirerSecurity } from '../../../src/acquirer/keys/security.js'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { createRandom } from '../../../src/base/random.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { compile } from '../../../src/codec/compile.js'
import type { Dialect } from '../../../src/codec/dialect.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { cardVerificationValue } from '../../../src/crypto/card/cvv.js'
import { fromHex } from '../../../src/crypto/hex.js'
import { createKey, type KeyUsage } from '../../../src/crypto/keys/key.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { checkProtection } from '../../../src/run/keys/protection-check.js'
import { packProtected } from '../../../src/run/keys/signed-message.js'
import { scenarioFromData } from '../../../src/scenario/reader.js'
import type { Replier } from '../../../src/transport/server/server.js'

const key = (usage: KeyUsage, hex: string, algorithm: 'des' | 'aes' = 'des', name = `my-${usage}`) =>
  createKey({ name, usage, algorithm, bytes: fromHex(hex) })
const right = '0123456789ABCDEFFEDCBA9876543210'
const other = '89ABCDEF0123456776543210FEDCBA98'
const aes = 'FEDCBA9876543210F1F1F1F1F1F1F1F1'

const iso93 = builtInDialect('iso93-ascii')
const { scenario } = scenarioFromData({
  name: 'format 4',
  dialect: { base: 'iso93-ascii', fields: { 52: { format: 'b 16' } } },
  dialectRules: {
    security: {
      terminalField: 41,
      mac: { algorithm: { aes: 'aes-cmac' }, answers: 'all' },
      pin: { field: 52, format: 'iso-4', panFrom: [2, 35], together: [], formatError: '117' },
      dukpt: { field: 53 },
      cardCheck: {
        track: { field: 35, from: 5 },
        chip: { field: 22, from: 6, to: 7, values: ['5'] },
        panel: { field: 48, from: 0, to: 3 },
        expiry: 14,
        wrong: '129',
      },
    },
  },
  load: [{ hold: { rate: '1/s', for: '1s' } }],
})
const format4 = scenario.dialect

const fields = {
  2: '6200000000000005',
  3: '000000',
  4: '000000000100',
  11: '000001',
  12: '260105090000',
  22: '210101214146',
  24: '200',
  26: '5999',
  41: '00000001',
  42: 'M00000000000001',
  49: '156',
}
const withPin = { ...fields, 52: '{pinBlock}', 53: '{ksn}' }
const withMac = { ...withPin, 64: '{mac}' }
const withCard = (track: string) => ({ ...fields, 14: '3012', 35: `6200000000000005=3012201${track}` })

/** The action code and what the keys of the sender say of the answer. */
function ask(dialect: Dialect, message: Record<string, string>, sender: ReturnType<typeof key>[], host = sender) {
  const codec = compile(dialect)
  const random = createRandom(1)
  const security = createAcquirerSecurity({
    codec,
    keys: createKeySet(host),
    makeKey: (length) => new Uint8Array(length),
  })
  const options = acquirerSchema.parse({})
  const acquirer = createAcquirer({ codec, options, clock: createVirtualClock(Date.UTC(2026, 0, 5)), random, security })
  const { bytes: body } = packProtected(codec, { mti: '1200', fields: message }, () => createKeySet(sender))
  let answer: Uint8Array = new Uint8Array()
  const replier: Replier = {
    connection: { id: 1, peer: '127.0.0.1:40000', isOpen: true, send: () => false, end: () => {}, reset: () => {} },
    reply(maxBodyBytes, write) {
      const target = new Uint8Array(maxBodyBytes)
      answer = target.slice(0, write(target, 0))
      return true
    },
    dismiss: () => {},
  }
  const received = { error: undefined, partly: undefined, body, tpdu: undefined, header: undefined, frame: body }
  acquirer.onRequest({ ...received, peek: codec.peek(body) }, replier)
  return {
    code: codec.unpack(answer).fields[39],
    counts: acquirer.counts(),
    findings: checkProtection(codec, answer, createKeySet(sender)).map(({ line }) => line),
    sent: checkProtection(codec, body, createKeySet(host)).map(({ line, isWrong }) => (isWrong ? line : 'valid')),
  }
}

describe.each([
  { name: 'TDES, PIN block of format 0', dialect: iso93, mine: key('bdk', right), theirs: key('bdk', other) },
  {
    name: 'AES, PIN block of format 0',
    dialect: iso93,
    mine: key('bdk', aes, 'aes'),
    theirs: key('bdk', right, 'aes'),
  },
  {
    name: 'AES, PIN block of format 4',
    dialect: format4,
    mine: key('bdk', aes, 'aes'),
    theirs: key('bdk', right, 'aes'),
  },
])('DUKPT: $name', ({ dialect, mine, theirs }) => {
  test('a request is approved, and its answer is signed under the keys of the same transaction', () => {
    const { code, counts, findings, sent } = ask(dialect, withMac, [mine])
    expect(code).toBe('000')
    expect(counts).toMatchObject({ macs: { valid: 1, wrong: 0 }, pinBlocks: { valid: 1, wrong: 0 } })
    expect(findings).toEqual(['MAC valid (key my-bdk, transaction 1)'])
    expect(sent).toEqual(['valid', 'valid'])
  })

  test('a host with another base derivation key refuses the MAC, and without a MAC the PIN block', () => {
    expect(ask(dialect, withMac, [mine], [theirs])).toMatchObject({ code: '916', counts: { macs: { wrong: 1 } } })
    const { code, counts, sent } = ask(dialect, withPin, [mine], [theirs])
    expect(code).toBe('117')
    expect(counts.pinBlocks).toEqual({ valid: 0, wrong: 1 })
    expect(sent).toEqual([expect.stringMatching(/^PIN block in field 52 wrong/)])
  })

  test('a key serial number that is none is refused as a wrong PIN block', () => {
    expect(ask(dialect, { ...withPin, 52: '00'.repeat(dialect === format4 ? 16 : 8), 53: 'FFFF' }, [mine]).code).toBe(
      '117',
    )
  })
})

describe('format 4 under a standing AES key', () => {
  const message = { ...fields, 52: '{pinBlock}' }
  test('is taken, and refused under another', () => {
    expect(ask(format4, message, [key('pik', aes, 'aes')])).toMatchObject({
      code: '000',
      counts: { pinBlocks: { valid: 1 } },
    })
    expect(ask(format4, message, [key('pik', aes, 'aes')], [key('zpk', right, 'aes')]).code).toBe('117')
  })
  test('takes the AES key of a set, also behind keys of DES, with a key serial number and without', () => {
    const both = [
      ...[key('pik', right), key('zpk', aes, 'aes')],
      ...[key('bdk', right), key('bdk', aes, 'aes', 'my-aes-bdk')],
    ]
    for (const asked of [message, withPin])
      expect(ask(format4, asked, both)).toMatchObject({ code: '000', counts: { pinBlocks: { valid: 1 } } })
  })
  test('cannot be made with a DES key', () => {
    expect(() => ask(format4, message, [key('pik', right)])).toThrow(/takes a key of aes, this is one of des/)
  })
})

describe('card verification values', () => {
  const cvk = key('cvk', right)
  const rows = [
    { name: 'CVV of the stripe', message: withCard('00000{card.cvv}00'), code: '000' },
    { name: 'another CVV', message: withCard('0000000000'), code: '129' },
    { name: 'iCVV of a chip', message: { ...withCard('00000{card.icvv}00'), 22: '510101554146' }, code: '000' },
    {
      name: 'CVV of the stripe where a chip was read',
      message: { ...withCard('00000{card.cvv}00'), 22: '510101554146' },
      code: '129',
    },
    { name: 'no track', message: fields, code: '000' },
  ]
  test.each(rows)('$name: $code', ({ message, code }) => {
    expect(ask(iso93, message, [cvk]).code).toBe(code)
  })
  test('CVV2 of the panel, where the dialect says where it stands', () => {
    const panel = { ...fields, 14: '3012', 48: '{card.cvv2}' }
    expect(ask(format4, panel, [cvk])).toMatchObject({ code: '000', counts: { cards: { valid: 1, wrong: 0 } } })
    expect(ask(format4, panel, [cvk], [key('cvk', other)])).toMatchObject({
      code: '129',
      counts: { cards: { wrong: 1 } },
    })
  })
  test('are not asked for without a key for them', () => {
    expect(ask(iso93, withCard('0000000000'), [key('bdk', right)]).code).toBe('000')
  })
  test('are those of the issuer: Visa, with the service code of the stripe', () => {
    // Published with IBM's and Thales' descriptions of the algorithm.
    const input = { key: fromHex(right), pan: '4123456789012345', expiry: '8701', serviceCode: '101' }
    expect(cardVerificationValue(input)).toBe('561')
  })
})
