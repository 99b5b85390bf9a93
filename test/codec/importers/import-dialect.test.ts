// Our own dialect files, files beside a spec, and what no file may do to the reader.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.js'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialects } from '../../../src/codec/dialects/index.js'
import { importDialect, maxSpecCharacters } from '../../../src/codec/importers/import-dialect.js'
import { printDialect } from '../../../src/codec/importers/isochron/isochron-yaml.js'
import { isofield, isofieldpackager, packager } from './jpos/jpos-spec.js'

const own = `name: own
encodings:
  { mti: ascii, bitmap: { encoding: hex, bytes: 8, extends: byNeed }, length: ascii, digits: ascii, track: ascii, text: ascii, bytes: hex }
fields:
  2: { name: pan, format: n..19, mask: pan }
  3: { name: code, format: n 6 }
  39: { name: responseCode, format: an 2 }
  48: { name: private, format: ans...99, inside: { kind: positional, fields: { 1: { name: a, format: an 2 } } } }
`

describe('a dialect of ours', () => {
  for (const dialect of builtInDialects) {
    test(`${dialect.name} is printed and read back to the same`, () => {
      expect(importDialect(printDialect(dialect), 'x.yaml')).toEqual(dialect)
    })
  }

  test('with fields alone has the rules and messages of its version', () => {
    const dialect = importDialect(own, 'own.yaml')
    expect(dialect.rules.approved).toContain('00')
    expect(dialect.messages.sale).toMatchObject({ mti: '0200', fields: { 2: '{card.pan}', 3: '000000' } })
    expect(dialect.messages.sale?.fields['4']).toBeUndefined()
  })

  const refused = [
    {
      name: 'an unknown key',
      text: own.replace('mask: pan', 'maskk: pan'),
      says: "own.yaml:5:34 field 2: has an unknown key 'maskk' (did you mean 'mask'?)",
    },
    {
      name: 'a format that is none',
      text: own.replace('n 6', 'n6'),
      says: 'own.yaml:6:20 field 3: format: expected a kind and a length',
    },
    {
      name: 'a key at the top',
      text: `${own}framming: binary2\n`,
      says: "own.yaml:9:1 has an unknown key 'framming' (did you mean 'framing'?)",
    },
    {
      name: 'a field inside another',
      text: own.replace('format: an 2 } }', 'format: an 2, pad: left } }'),
      says: 'own.yaml:8:',
    },
    {
      text: `${own}name: other\n`,
      says: "own.yaml:9:1 has the key 'name' twice",
    },
    {
      name: 'a field that is no number',
      text: own.replace('  3:', '  three:'),
      says: "own.yaml:6:3 'three' is not a field number",
    },
    {
      name: 'a message that is not there',
      text: `${own}dialectRules: { echo: ping }\n`,
      says: "own.yaml:9:17 echo: 'ping' is not the name of a message",
    },
    {
      name: 'what the compiler refuses',
      text: own.replace('n..19, mask', 'n..19, data: binary, mask'),
      says: 'own.yaml: dialect own, field 2',
    },
    {
      name: 'the first of many errors',
      text: `${own.replace('{ name: pan', '{ name: [pan')}${'- [}\n'.repeat(1000)}`,
      says: 'own.yaml:5:45 is not valid YAML: ',
    },
    {
      name: 'a second document',
      text: `${own}---\nname: other\n`,
      says: 'own.yaml:9:1 is not valid YAML: it holds several documents',
    },
    { name: 'a list', text: '- 1\n', says: 'own.yaml:1:1 is no spec file' },
    { name: 'nothing', text: '', says: 'is no spec file' },
  ]
  for (const { name, text, says } of refused) {
    test(`is refused by line and column for ${name}`, () => {
      expect(() => importDialect(text, 'own.yaml')).toThrow(says)
    })
  }
})

describe('a file beside a spec', () => {
  const host = packager(isofield(3, 'IFB_NUMERIC', 6) + isofield(11, 'IFB_NUMERIC', 6) + isofield(39, 'IF_CHAR', 2))
  const beside = `spec: host.xml
framing: ascii4
envelope: { tpdu: "6000030000" }
dialectRules: { approved: ["00", "Y1"], matchBy: [11], echoed: [3, 11], signOn: hello, reversal: "0400" }
messages: { hello: { mti: "0800", fields: { 11: "{stan}" } } }
`

  test('adds what the spec cannot say', () => {
    const dialect = importDialect(beside, 'bank.yaml', (name) => (name === 'host.xml' ? host : ''))
    expect(dialect).toMatchObject({ name: 'bank', framing: 'ascii4', envelope: { tpdu: '6000030000' } })
    expect(dialect.rules).toMatchObject({ approved: ['00', 'Y1'], matchBy: [11], signOn: 'hello', reversal: '0400' })
    expect(dialect.rules.answers.every(({ echoed }) => echoed.join() === '3,11')).toBe(true)
    expect(Object.keys(dialect.messages)).toEqual(expect.arrayContaining(['sale', 'echo', 'hello']))
  })

  test('names a file that itself names none', () => {
    expect(() => importDialect(beside, 'bank.yaml', () => beside)).toThrow('only one file may name another')
  })

  test('needs somebody who reads files', () => {
    expect(() => importDialect(beside, 'bank.yaml')).toThrow("cannot read 'host.xml'")
  })
})

describe('a printed import', () => {
  test('reads back to the same fields, encodings and rules', () => {
    const xml = packager(
      isofield(2, 'IFB_LLNUM', 19) +
        isofield(4, 'IFB_NUMERIC', 12, 'pad="true"') +
        isofield(39, 'IF_CHAR', 2) +
        isofieldpackager(
          'IFA_LLLCHAR',
          'EuroSubFieldPackager',
          isofield(0, 'IFMC_TCC', 1) + isofield(7, 'IFMC_LLCHAR', 9),
        ),
    )
    const { lacks, ...dialect } = importDialect(xml, 'host.xml')
    expect(lacks).toMatchObject({ balance: 'a host would take it for sale without field 3' })
    expect(importDialect(printDialect(dialect), 'host.yaml')).toEqual(dialect)
  })
})

describe('no text does harm:', () => {
  const seeds = [
    packager(isofieldpackager('IFA_LLLCHAR', 'GenericSubFieldPackager', isofield(1, 'IFB_BITMAP', 8))),
    own,
    '{"fields":{"1":{"type":"Bitmap"}}}',
  ]

  test('mutated files import or are refused as UsageError', () => {
    const mutated = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(2000), fc.string({ maxLength: 4 })), { maxLength: 4 }),
    )
    fc.assert(
      fc.property(mutated, ([seed, edits]) => {
        const text = edits.reduce(
          (all, [at, piece]) => all.slice(0, at % all.length) + piece + all.slice((at % all.length) + 1),
          seed,
        )
        try {
          importDialect(text, 'x')
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
      { numRuns: 300 },
    )
  })

  const hostile = [
    { name: 'a long one', text: ' '.repeat(maxSpecCharacters + 1) },
    { name: 'many keys', text: Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n') },
    { name: 'deep lists', text: '['.repeat(20_000) },
    { name: 'deep maps', text: '{"fields":'.repeat(5_000) },
    {
      name: 'aliases of aliases',
      text: `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}]`)
        .join('\n')}\n`,
    },
    {
      name: 'names of prototypes',
      text: 'fields: { __proto__: { type: String, enc: constructor } }\nconstructor: 1\n',
    },
    { name: 'a class called constructor', text: packager(isofield(3, 'constructor', 3)) },
  ]
  for (const { name, text } of hostile) {
    test(`${name} is refused`, () => {
      expect(() => importDialect(text, 'x')).toThrow(UsageError)
    })
  }
})

describe('a spec file alone sends sales:', () => {
  const jposClass = (format: string): string => {
    const [, kind = '', separator = '', length = ''] = /^(\S+?)( |\.+)(\d+)$/.exec(format) ?? []
    const ls = separator === ' ' ? '' : 'L'.repeat(separator.length)
    const name = { n: 'NUMERIC', b: 'BINARY', 'x+n': 'AMOUNT' }[kind]
    if (ls !== '')
      return `class="org.jpos.iso.IFA_${ls}${kind === 'b' ? 'ABINARY' : kind === 'n' ? 'NUM' : 'CHAR'}" length="${length}"`
    return `class="org.jpos.iso.${name === undefined ? 'IF_CHAR' : `IFA_${name}`}" length="${kind === 'x+n' ? Number(length) + 1 : length}"`
  }
  const sample: Record<string, string> = {
    'card.pan': '4111111111111111',
    'card.expiry': '3012',
    'card.track2': '4111111111111111=3012101',
    stan: '000001',
    amount: '000000001000',
    terminal: '00000001',
    merchant: '000000000000001',
    rrn: '000000000001',
    currency: '840',
  }
  const filled = (text: unknown) =>
    String(text).replace(
      /\{([^{}]*)\}/g,
      (_, name: string) => sample[name] ?? '0'.repeat(name.replace(/^(utc|local):/, '').length),
    )

  for (const builtIn of builtInDialects.filter(({ name }) => name === 'iso87-ascii' || name === 'iso93-ascii')) {
    const elements = Object.entries(builtIn.fields).map(
      ([id, { format }]) => `<isofield id="${id}" name="f" ${jposClass(format)}/>`,
    )
    const xml = packager(elements.join('\n')).replace('IFB_NUMERIC', 'IFA_NUMERIC').replace('IFB_BITMAP', 'IFA_BITMAP')
    for (const name of ['echo', 'sale', 'balance']) {
      test(`${name} of a packager that says what ${builtIn.name} says is the same bytes`, () => {
        const imported = importDialect(xml, 'host.xml')
        const message = imported.messages[name]!
        const fields = Object.fromEntries(Object.entries(message.fields).map(([id, value]) => [id, filled(value)]))
        const bytes = compile(imported).pack({ mti: message.mti, fields })
        const same = builtIn.messages[name]!
        const sameFields = Object.fromEntries(Object.entries(same.fields).map(([id, value]) => [id, filled(value)]))
        expect(Buffer.from(bytes).toString()).toBe(
          Buffer.from(compile(builtIn).pack({ mti: same.mti, fields: sameFields })).toString(),
        )
      })
    }
  }

  test('of 2003 with its wider fields', () => {
    const xml = packager(
      [
        isofield(2, 'IFB_LLNUM', 19),
        isofield(3, 'IF_CHAR', 6),
        isofield(4, 'IFB_AMOUNT2003', 16),
        isofield(7, 'IFB_NUMERIC', 10),
        isofield(11, 'IFB_NUMERIC', 12),
        isofield(12, 'IFB_NUMERIC', 14),
        isofield(22, 'IFB_BINARY', 16),
        isofield(39, 'IFB_NUMERIC', 4),
        isofield(41, 'IF_CHAR', 16),
      ].join('\n'),
    )
    const dialect = importDialect(xml, 'cmf.xml')
    expect(dialect.messages.sale).toMatchObject({
      mti: '2200',
      fields: {
        4: '{currency}2{amount}',
        7: '{utc:MMDDhhmmss}',
        11: '000000{stan}',
        12: '{local:YYYYMMDDhhmmss}',
        41: '{terminal}',
      },
    })
    expect(dialect.messages.sale?.fields['22']).toBeUndefined()
    expect(dialect.rules.codes.approved).toBe('0000')
  })
})
