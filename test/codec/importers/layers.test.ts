// Layers over a built-in dialect: a file of two lines, and what does not fit, by line.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { importDialect } from '../../../src/codec/importers/import-dialect.js'

const base = builtInDialect('iso87-binary')
const read = (text: string) => importDialect(text, 'host.yaml')

describe('a dialect file laid over a built-in dialect', () => {
  test('has a TPDU in front, and all else as it is there', () => {
    const laid = read('base: iso87-binary\nenvelope: { tpdu: 6000000000 }\n')
    expect(laid).toEqual({ ...base, name: 'host', envelope: { tpdu: '6000000000' } })
  })

  test('a TPDU with an E among its digits is no number with an exponent', () => {
    expect(read('base: iso87-binary\nenvelope: { tpdu: 60E0000001 }\n').envelope).toEqual({ tpdu: '60E0000001' })
  })

  test('an empty text takes a part of the envelope away', () => {
    expect(base.envelope).toEqual({})
    expect(read('base: cup-pos\nenvelope: { header: "" }\n').envelope).not.toHaveProperty('header')
  })

  test('changes one key of a field and one encoding; rules and messages are laid over', () => {
    const laid = read(
      'base: iso87-binary\nencodings: { length: ascii }\nfields: { 65: null, 35: { prefix: { counts: bytes } }, 129: { name: own, format: "n 4" } }\n' +
        'dialectRules: { reversal: "0400" }\nmessages: { hello: { mti: "0800", fields: { 11: "{stan}" } } }\n',
    )
    expect(laid.fields['35']).toEqual({ ...base.fields['35'], prefix: { counts: 'bytes' } })
    expect(laid.fields['129']).toEqual({ name: 'own', format: 'n 4' })
    expect(laid.encodings).toEqual({ ...base.encodings, length: 'ascii' })
    expect(laid.messages.reversal?.mti).toBe('0400')
    expect(Object.keys(laid.messages)).toEqual([...Object.keys(base.messages), 'hello'])
  })

  test('a length of tags that does not say whether it counts itself does not', () => {
    const inside = '{ kind: tlv, tag: { encoding: ascii, size: 2 }, length: { encoding: bcd, size: 4, counts: bytes } }'
    const field = `{ name: tables, format: b...999, inside: ${inside} }`
    const codec = compile(read(`base: iso87-binary\nfields: { 63: ${field} }\n`))
    const bytes = codec.pack({ mti: '0200', fields: { 63: { SP: '41' } } })
    expect(Buffer.from(bytes.subarray(-6)).toString('hex')).toBe('535000023431')
  })

  const refused: readonly [text: string, message: RegExp][] = [
    ['base: iso87-binry\n', /^host\.yaml:1:\d+ unknown dialect 'iso87-binry' \(did you mean 'iso87-binary'\?\)/],
    ['base: iso87-binary\nspec: a.xml\n', /^host\.yaml:1:\d+ base: expected one of base: and spec:/],
    ['base: iso87-binary\nenvelope: { tpdu: 60 }\n', /^host\.yaml:2:\d+ tpdu:/],
    ['base: iso87-binary\nenvelope: { tpdu: "60" }\n', /tpdu: expected 10 hex digits in quotes/],
    ['base: iso87-binary\nfields:\n  3: { format: n6 }\n', /^host\.yaml:3:\d+ field 3: format: expected a kind/],
    [
      'base: iso87-binary\nfields:\n  129: { name: x }\n',
      /^host\.yaml:3:\d+ field 129: format: .* needs name and format/,
    ],
    ['base: iso87-binary\nfields: { 48: { inside: { kind: tvl } } }\n', /^host\.yaml:2:\d+ field 48: kind/],
    ['base: iso87-binary\nfields: { 41: null }\n', /field 41: cannot be taken away: answers are told with it/],
    ['base: iso87-binary\nfields: { 70: null }\n', /field 70: cannot be taken away: message signOn is sent with it/],
    ['base: iso87-binary\nfields: { 193: { name: x, format: "n 4" } }\n', /'193' is not a field number/],
    [
      'base: iso87-binary\ndialectRules: { echo: helo }\n',
      /^host\.yaml:2:\d+ echo: 'helo' is not the name of a message/,
    ],
    ['base: iso87-binary\nfields: { 3: { format: "n 6", data: binary } }\n', /^host\.yaml: .*field 3/],
  ]
  for (const [text, message] of refused)
    test(`refuses ${text.replaceAll('\n', ' ')}`, () => expect(() => read(text)).toThrow(message))
})
