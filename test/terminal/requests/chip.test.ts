// A sale by chip: tags filled in per request, and the cryptogram that a host could verify.

import { describe, expect, test } from 'vitest'
import { createZone } from '../../../src/base/zone.js'
import { compile } from '../../../src/codec/compile.js'
import type { MessageDefinition } from '../../../src/codec/dialect.js'
import { builtInDialect, builtInDialects } from '../../../src/codec/dialects/index.js'
import type { Fields, Message } from '../../../src/codec/message.js'
import { createCryptogram } from '../../../src/crypto/card/arqc.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { testKeys } from '../../../src/crypto/keys/test-keys.js'
import { applicationOf } from '../../../src/terminal/requests/chip.js'
import { planMessage } from '../../../src/terminal/requests/message-plan.js'
import { sampleText } from '../../../src/terminal/requests/placeholder-names.js'

const wallMs = Date.UTC(2026, 10, 22, 20, 30, 15)

function sent(dialectName: string, definition?: MessageDefinition): Message {
  const dialect = builtInDialect(dialectName)
  const codec = compile(dialect)
  const message = definition ?? (dialect.messages.saleChip as MessageDefinition)
  const plan = planMessage('mine', message, codec, createZone('UTC'))
  const bytes = Buffer.alloc(plan.template.maxBytes)
  const end = plan.template.write(bytes, 0, plan.fill(sampleText, wallMs))
  return codec.unpack(bytes.subarray(0, end))
}

/** The tags of field 55, whether the dialect tells them apart or has them as hex. */
function tagsOf(message: Message): Fields {
  const value = message.fields[55]
  if (typeof value !== 'string') return value as Fields
  const codec = compile(builtInDialect('iso93-ascii'))
  return codec.unpack(codec.pack({ mti: '1200', fields: { 55: { hex: value } } })).fields[55] as Fields
}

for (const { name } of builtInDialects) {
  test(`${name}: the amount, currency and date in the tags are those of the message`, () => {
    const message = sent(name)
    const tags = tagsOf(message)
    // In ISO 8583:2003 the currency stands in front.
    expect(tags['9F02']).toBe(String(message.fields[4]).slice(-12))
    expect(tags['5F2A']).toBe('0156')
    expect(tags['9A']).toBe('261122')
    expect(tags['84']).toBe('A0000000031010')
    expect(message.fields[23]).toBe('001')
    expect(Object.keys(tags).filter((tag) => tag !== 'order')).toHaveLength(20)
  })
}

const versions = [
  { dialect: 'cup-pos', version: 'pboc-cvn01' },
  { dialect: 'iso87-binary', version: 'visa-cvn10' },
] as const

for (const { dialect, version } of versions) {
  test(`${dialect}: the cryptogram is the one of ${version} under the test key`, () => {
    const tags = tagsOf(sent(dialect)) as Record<string, string>
    const order = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37', '82', '9F36']
    const data = order.map((tag) => tags[tag]).join('') + tags['9F10']?.slice(6, 14)
    const card = { pan: sampleText('card.pan'), sequence: '01' }
    const cryptogram = createCryptogram(version, testKeys().forUsage('mk-ac').bytes, card)
    expect(tags['9F26']).toBe(
      toHex(cryptogram.arqc({ atc: fromHex(tags['9F36'] as string, 'atc'), data: fromHex(data, 'data') })),
    )
  })
}

describe('gaps in subfields', () => {
  test('are filled in, beside subfields without any', () => {
    const fields = { 3: '000000', 55: { '9F02': '{amount}', '95': '0000000000' } }
    expect(sent('cup-pos', { mti: '0200', fields }).fields[55]).toEqual({
      '95': '0000000000',
      '9F02': '000000000100',
    })
  })

  test('reach into fields with a bitmap of their own', () => {
    const fields = { 127: { 2: '{stan}', 25: { 2: '{amount}' } } }
    expect(sent('iso_8583', { mti: '0200', fields }).fields[127]).toMatchObject({ 2: '000001' })
  })

  test('are refused at once where there is no such subfield, or no such name', () => {
    expect(() => sent('cup-pos', { mti: '0200', fields: { 55: { XY: '{amount}' } } })).toThrow(
      /messages\.mine: field 55:/,
    )
    expect(() => sent('cup-pos', { mti: '0200', fields: { 55: { '9F02': '{amuont}' } } })).toThrow(
      "unknown placeholder {amuont} (did you mean 'amount'?)",
    )
  })
})

test('the application belongs to the scheme of the card', () => {
  expect(['6200000000000005', '4111111111111111', '5555555555554444', '3566002020360505'].map(applicationOf)).toEqual([
    'A000000333010101',
    'A0000000031010',
    'A0000000041010',
    'A0000000651010',
  ])
})
