// When a host differs from every dialect in one thing, the doctor names that thing.

import { describe, expect, test } from 'vitest'
import type { Dialect, FieldDefinition } from '../../src/codec/dialect.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../src/codec/dialects/iso87-binary.js'
import { evidenceOf, evidenceOfBytes } from '../../src/doctor/evidence.js'
import { guessWire } from '../../src/doctor/guess.js'
import { firstBytesLook, nearestMisfit, oddValueHints } from '../../src/doctor/misfit.js'
import { framingNamed } from '../../src/framing/framings.js'
import { onTheWire } from './conversations.js'

const withField = (dialect: Dialect, number: string, changed: Partial<FieldDefinition>): Dialect => ({
  ...dialect,
  fields: { ...dialect.fields, [number]: { ...(dialect.fields[number] as FieldDefinition), ...changed } },
})
const withEncodings = (dialect: Dialect, changed: Partial<Dialect['encodings']>): Dialect => ({
  ...dialect,
  encodings: { ...dialect.encodings, ...changed },
})

function evidenceFrom(host: Dialect) {
  const { requests, answers } = onTheWire(host, framingNamed('ascii4'))
  return evidenceOfBytes('host', [Buffer.concat(requests), Buffer.concat(answers)])
}

const cases: readonly { host: string; nearest: Dialect; wire: Dialect; says: RegExp; property: string }[] = [
  {
    host: 'counts the bytes of track 2',
    nearest: cupPos,
    wire: withField(cupPos, '35', { prefix: { counts: 'bytes' } }),
    says: /^field 35 as BCD with a length that counts digits .*: your host counts bytes$/,
    property: 'fields.35.prefix: { counts: bytes }',
  },
  {
    host: 'writes field 22 right aligned',
    nearest: cupPos,
    wire: withField(cupPos, '22', { odd: { align: 'right', fill: '0' } }),
    says: /^field 22 with the spare half byte at the end .*: your host writes it with the spare half byte in front/,
    property: "fields.22.odd: { align: right, fill: '0' }",
  },
  {
    host: 'writes its MTI in ASCII',
    nearest: iso87Binary,
    wire: withEncodings(iso87Binary, { mti: 'ascii' }),
    says: /^the MTI in BCD .*: your host writes ASCII$/,
    property: 'encodings.mti: ascii',
  },
  {
    host: 'writes its bitmap in hex digits',
    nearest: iso87Binary,
    wire: withEncodings(iso87Binary, { bitmap: { ...iso87Binary.encodings.bitmap, encoding: 'hex' } }),
    says: /^the bitmap in binary .*: your host writes it in hex digits$/,
    property: 'encodings.bitmap: { encoding: hex }',
  },
  {
    host: 'writes its lengths in binary',
    nearest: iso87Binary,
    wire: withEncodings(iso87Binary, { length: 'binary' }),
    says: /^every length prefix in BCD .*: your host writes binary$/,
    property: 'encodings.length: binary',
  },
  {
    host: 'packs its currency in two bytes',
    nearest: iso87Binary,
    wire: withField(iso87Binary, '49', { format: 'n 3', data: 'bcd' }),
    says: /^field 49 as ASCII .*: your host writes BCD$/,
    property: 'fields.49.data: bcd',
  },
  {
    host: 'has a terminal id of ten characters',
    nearest: iso87Ascii,
    wire: withField(iso87Ascii, '41', { format: 'ans 10' }),
    says: /^field 41 as 8 wide .*: your host sends 10$/,
    property: 'fields.41.format: ans 10',
  },
]

describe('a host that', () => {
  for (const { host, nearest, wire, says, property } of cases) {
    test(host, () => {
      const evidence = evidenceFrom(wire)
      expect(guessWire(evidence, [nearest])[0]?.fits ?? false).toBe(false)
      const misfit = nearestMisfit(evidence, [nearest])
      expect(misfit?.sentences.length).toBe(1)
      expect(misfit?.sentences[0]).toMatch(says)
      // No value of a message is in it.
      expect(misfit?.sentences[0]).not.toMatch(/\d{7,}/)
      expect(misfit?.properties).toEqual([property])
      expect(misfit?.fits).toBe(true)
      expect(guessWire(evidence, misfit === undefined ? [] : [misfit.dialect])[0]?.fits).toBe(true)
    })
  }

  test('differs in two things is told both', () => {
    const wire = withField(withEncodings(iso87Binary, { mti: 'ascii' }), '35', { prefix: { counts: 'bytes' } })
    const misfit = nearestMisfit(evidenceFrom(wire), [iso87Binary])
    expect(misfit?.properties).toEqual(['encodings.mti: ascii', 'fields.35.prefix: { counts: bytes }'])
    expect(misfit?.fits).toBe(true)
  })
})

test('values in another form than the dialect has are named, though they fit', () => {
  const wire = withField(cupPos, '60', { odd: { align: 'left', fill: 'F' } })
  const [best] = guessWire(evidenceFrom(wire), [cupPos])
  expect(best?.fits).toBe(true)
  const hints = best === undefined ? [] : oddValueHints(best)
  expect(hints.length).toBe(1)
  expect(hints[0]).toMatch(/^field 60 with the spare half byte at the end \(0\): your host writes it .*\(F\)/)
})

const looks = [
  { name: 'HTTP', input: 'GET / HTTP/1.1\r\n', says: /HTTP/ },
  { name: 'TLS', input: Buffer.from('16030100c8010000c40303', 'hex'), says: /--tls/ },
  {
    name: 'ASCII digits of a length',
    input: '0096 and something else',
    says: /30303936 are ASCII digits: try --framing ascii4/,
  },
]
describe('first bytes that are', () => {
  for (const { name, input, says } of looks) {
    test(name, () => {
      const evidence = evidenceOf(Buffer.from(input), 'x')[0]
      expect(evidence === undefined ? '' : firstBytesLook(evidence)).toMatch(says)
    })
  }
})

test('bytes of no message have no misfit, so that nothing is made up', () => {
  const text = '0231\n600003\n'.repeat(8)
  const evidence = evidenceOfBytes('text', [Buffer.from(text)])
  expect(nearestMisfit(evidence, [cupPos, iso87Ascii])).toBeUndefined()
})
