// A network's dialect that fits is told as changes of the standard's own, for a host that is not quite the network's.

import { expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { base1 } from '../../src/codec/dialects/base1.js'
import { cups } from '../../src/codec/dialects/cups.js'
import { plainDialects } from '../../src/codec/dialects/index.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../src/codec/dialects/iso87-binary.js'
import { evidenceOfBytes } from '../../src/doctor/evidence.js'
import { guessWire } from '../../src/doctor/guess.js'
import { plainTermsOf } from '../../src/doctor/plain-terms.js'

const fields = {
  '2': '4111111111111111',
  '3': '000000',
  '4': '000000001000',
  '7': '1126101500',
  '11': '000123',
  '37': '633013000123',
  '41': 'TERM0001',
}

function termsOf(dialect: Dialect, more: Readonly<Record<string, string>>, plain = plainDialects) {
  const body = Buffer.from(compile(dialect).pack({ mti: '0100', fields: { ...fields, ...more } }))
  const [guess] = guessWire(evidenceOfBytes('host', [body]), [dialect])
  if (guess?.fits !== true) throw new Error(`${dialect.name} does not fit its own message`)
  return plainTermsOf(guess, plain)
}

test('Visa BASE I is ISO 8583:1987 in BCD with binary lengths, EBCDIC text and a packed currency', () => {
  const terms = termsOf(base1, { '44': 'A1B2', '49': '840' })
  expect(terms?.plain).toBe(iso87Binary)
  expect(terms?.properties).toEqual(['encodings.length: binary', 'encodings.text: ebcdic1047', 'fields.49.data: bcd'])
})

test('only what these messages need is named', () => {
  expect(termsOf(base1, {})?.properties).not.toContain('fields.49.data: bcd')
})

test('a binary bitmap among ASCII fields', () => {
  const terms = termsOf(cups, {})
  expect(terms?.plain).toBe(iso87Ascii)
  expect(terms?.properties).toEqual(['encodings.bitmap: { encoding: binary, bytes: 8, extends: byNeed }'])
})

test('a dialect that differs in everything is no help, and the dialect itself needs none', () => {
  expect(termsOf(base1, { '49': '840' }, [iso87Ascii])?.properties.length ?? 0).toBeLessThanOrEqual(8)
  expect(termsOf(base1, {}, [base1])).toBeUndefined()
})
