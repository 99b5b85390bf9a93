// Masks against sixty cards, tracks, PIN blocks and keys: in every spelling, in every field of every dialect, and in
// messages that the wrong dialect reads.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskFieldText, maskText } from '../../src/base/mask.js'
import type { Codec } from '../../src/codec/codec.js'
import { compile } from '../../src/codec/compile.js'
import type { Dialect, FieldDefinition } from '../../src/codec/dialect.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../src/codec/dialects/iso87-binary.js'
import { maskInspected, maskMessage } from '../../src/codec/mask-message.js'
import type { Message } from '../../src/codec/message.js'
import { canaries, leaksIn, spellings } from './canaries.js'

describe('a text', () => {
  for (const [name, spell] of Object.entries(spellings)) {
    test(`shows no card number ${name}`, () => {
      const texts = canaries.map(({ pan }) => `at ${spell(pan)} end`)
      expect(leaksIn(texts[0] as string), 'the search must find it').not.toEqual([])
      expect(leaksIn(texts.map(maskText).join('\n'))).toEqual([])
      expect(leaksIn(texts.map(maskFieldText).join('\n'))).toEqual([])
    })
  }

  test('shows no track, PIN block or key', () => {
    for (const { track1, track2, pinBlock, key } of canaries) {
      for (const secret of [track1, track2, `${track2.replace('=', 'D')}F`, key])
        expect(leaksIn(maskText(secret))).toEqual([])
      if (/[A-F]/.test(pinBlock)) expect(leaksIn(maskText(`'${pinBlock}'`))).toEqual([])
    }
  })
})

/** Every place of a dialect: its fields, in a message that is right but for what stands in that field. */
describe('a message with a canary in any field', () => {
  for (const dialect of builtInDialects) {
    test(`of ${dialect.name} shows none of it`, () => {
      const shown = Object.keys(dialect.fields).flatMap((field, index) => {
        const { pan, track2, pinBlock, key } = canaries[index % canaries.length] as (typeof canaries)[number]
        const values = [...Object.values(spellings).map((spell) => spell(pan)), track2, key]
        // The card acceptor's number has 15 characters; a MAC, which is shown, looks as a PIN block does.
        return (['42', '64', '128'].includes(field) ? values : [...values, pinBlock]).map((value) => {
          const message: Message = { mti: '0200', fields: { 3: '000000', 11: '000001', [field]: value } }
          return JSON.stringify(maskMessage(dialect, message))
        })
      })
      expect(leaksIn(shown.join('\n'))).toEqual([])
    })
  }
})

describe('bytes that the wrong dialect reads', () => {
  const codecs = builtInDialects.map(compile)

  test('show no card number, whatever dialect wrote them and whichever reads them', () => {
    const chosen = fc.record({
      writer: fc.constantFrom(...codecs),
      reader: fc.constantFrom(...codecs),
      canary: fc.constantFrom(...canaries),
      name: fc.nat(40),
      amount: fc.integer({ min: 1, max: 999_999 }),
      skipped: fc.constantFrom(0, 0, 0, 1, 2, 4, 7),
    })
    fc.assert(
      fc.property(chosen, ({ writer, reader, canary, name, amount, skipped }) => {
        const bytes = writer.pack(saleOf(writer, canary, { name, amount }))
        const read = reader.inspect(bytes.subarray(skipped))
        expect(leaksIn(JSON.stringify(maskInspected(reader.dialect, read)))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

describe('a card number is hidden where the host', () => {
  const reader = compile(iso87Binary)
  const { fields, encodings } = iso87Binary
  const countsBytes = (number: string) => ({
    ...(fields[number] as FieldDefinition),
    prefix: { ...fields[number]?.prefix, counts: 'bytes' as const },
  })
  const hosts: readonly [name: string, wire: Dialect][] = [
    [
      'counts bytes of packed digits',
      { ...iso87Binary, fields: { ...fields, 2: countsBytes('2'), 35: countsBytes('35') } },
    ],
    ['writes everything in ASCII', iso87Ascii],
    ['writes lengths in binary', { ...iso87Binary, encodings: { ...encodings, length: 'binary' } }],
  ]
  test.each(hosts)('%s', (_, wire) => {
    for (const canary of canaries) {
      const fields = { 2: canary.pan, 3: '000000', 4: '000000001200', 11: '000123', 35: canary.track2, 41: 'TERM0001' }
      const bytes = compile(wire).pack({ mti: '0200', fields })
      for (const front of [0, 2]) {
        const read = reader.inspect(Buffer.concat([Buffer.alloc(front), bytes]))
        expect(leaksIn(JSON.stringify(maskInspected(iso87Binary, read)))).toEqual([])
      }
    }
  })
})

function saleOf(
  codec: Codec,
  { pan, track2, pinBlock }: (typeof canaries)[number],
  { name, amount }: { readonly name: number; readonly amount: number },
): Message {
  const known: Readonly<Record<string, string>> = {
    ...{ 2: pan, 3: '000000', 4: String(amount).padStart(12, '0'), 7: '1127001935', 11: '000123', 13: '1127' },
    ...{ 14: '2912', 22: '021', 35: track2, 37: '633200000123', 41: 'TERM0001', 42: '898000000000001' },
    ...{ 49: '156', 52: pinBlock },
  }
  const sales = Object.values(codec.dialect.messages).filter(({ mti }) => /^\d[12]00$/.test(mti))
  const { mti, fields } = sales[name % sales.length] as (typeof sales)[number]
  // Not every dialect has such a value in this field.
  const filled = Object.keys(fields).flatMap((field) => {
    const value = known[field]
    return value !== undefined && canPack(codec, { mti, fields: { [field]: value } }) ? [[field, value]] : []
  })
  return { mti, fields: { ...Object.fromEntries(filled), ...(name % 2 === 0 ? { 2: pan } : { 35: track2 }) } }
}

function canPack(codec: Codec, message: Message): boolean {
  try {
    codec.pack(message)
    return true
  } catch {
    return false
  }
}

describe('a clear PIN', () => {
  const dialect: Dialect = {
    ...iso87Ascii,
    fields: {
      ...iso87Ascii.fields,
      48: {
        ...{ name: 'additionalData', format: 'ans...999' },
        inside: {
          kind: 'positional',
          fields: { 1: { name: 'Customer PIN', format: 'ans 12' }, 2: { name: 'newPin', format: 'ans 12' } },
        },
      },
      52: { name: 'pinData', format: 'n..12' },
    },
  }

  test.each(['4821', '48219', '482193', canaries[0]?.pin ?? ''])('%s is hidden in every field of a PIN', (pin) => {
    const inside = { 1: pin.padEnd(12), 2: pin.padEnd(12) }
    const fields = { 3: '000000', 11: '000001', 48: inside, 52: pin, 55: { '99': `${pin}F` } }
    const shown = JSON.stringify(maskMessage(dialect, { mti: '0200', fields }))
    expect(shown).toContain('000001')
    expect(shown).not.toContain(pin)
  })
})
