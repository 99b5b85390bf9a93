// Messages as XML: what jPOS's XMLPackager wrote, read and written again; what is no message is refused.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { importDialect } from '../../src/codec/importers/import-dialect.js'
import { PackError } from '../../src/codec/pack-error.js'
import { UnpackError } from '../../src/codec/unpack-error.js'
import { asXml } from '../../src/codec/xml/as-xml.js'
import { framingNamed } from '../../src/framing/framings.js'
import { createWire } from '../../src/transport/wire/wire.js'

/** Packed by jPOS 3; only the line of a comment, which it puts behind the first, is not written by us. */
const comment = '  <!-- org.jpos.iso.packager.XMLPackager -->\n'
const packed = [
  `<isomsg>\n${comment}`,
  '  <field id="0" value="0200"/>\n',
  '  <field id="2" value="4111111111111111"/>\n',
  '  <field id="3" value="000000"/>\n',
  '  <field id="11" value="000042"/>\n',
  '  <field id="42" value="A &amp; B"/>\n',
  '  <field id="43"><![CDATA[A & B "<SHOP>" Café]]></field>\n',
  '  <field id="52" value="0123456789ABCDEF" type="binary"/>\n',
  '  <isomsg id="127">\n',
  '    <field id="2" value="KEY1"/>\n',
  '  </isomsg>\n',
  '</isomsg>\n',
].join('')
const message = {
  mti: '0200',
  fields: {
    2: '4111111111111111',
    3: '000000',
    11: '000042',
    42: 'A & B',
    43: 'A & B "<SHOP>" Café',
    52: '0123456789ABCDEF',
    127: { 2: 'KEY1' },
  },
}

const codec = compile(importDialect('base: postilion\nform: xml\nframing: xml\n', 'x.yaml'))

test('what jPOS wrote is read, and written the same but for its comment and the line feed behind it', () => {
  expect(codec.unpack(Buffer.from(packed))).toEqual(message)
  expect(`${Buffer.from(codec.pack(message)).toString()}\n`).toBe(packed.replace(comment, ''))
})

test('content of an element, character data, numbers of characters and a declaration are read', () => {
  const text = `<?xml version="1.0"?>\n<isomsg direction="incoming">
    <header>6000000000</header><field id="0" value="0800"/>
    <field id="48"><![CDATA[a<b]]></field><field id='43' value='&#65;&#x42;'></field></isomsg>`
  expect(codec.unpack(Buffer.from(text))).toEqual({
    mti: '0800',
    header: '6000000000',
    fields: { 43: 'AB', 48: 'a<b' },
  })
})

describe('refused is', () => {
  const field = '<field id="0" value="0800"/>'
  test.each([
    ['a document type', `<!DOCTYPE a [<!ENTITY x "y">]><isomsg>${field}</isomsg>`],
    ['a field outside of a message', field],
    ['a message that does not end', `<isomsg>${field}`],
    ['an element of another kind', `<isomsg>${field}<fields/></isomsg>`],
    ['a field that the dialect has not', `<isomsg>${field}<field id="191" value="1"/></isomsg>`],
    ['no message type', '<isomsg><field id="2" value="1"/></isomsg>'],
    ['a second message', `<isomsg>${field}</isomsg><isomsg>${field}</isomsg>`],
    ['messages in messages without end', `${'<isomsg id="48">'.repeat(50)}`],
  ])('%s', (_what, text) => {
    expect(() => codec.unpack(Buffer.from(text))).toThrow(UnpackError)
    expect(codec.inspect(Buffer.from(text)).error).toBeInstanceOf(UnpackError)
    expect(codec.peekOn(Buffer.from(text)).error).toBeInstanceOf(UnpackError)
  })

  test.each([
    ['letters in digits', { 3: 'ABCDEF' }],
    ['a value that is too long', { 3: '0000000' }],
    ['a field that the dialect has not', { 191: '1' }],
  ])('%s, when it is to be written', (_what, fields) => {
    expect(() => codec.pack({ mti: '0200', fields })).toThrow(PackError)
  })
})

test('random texts are refused or come back, and never take long', () => {
  const parts = fc.constantFrom(
    '<isomsg>',
    '</isomsg>',
    '<field id="0" value="0200"/>',
    '<field id="3"',
    ' value="1"',
    '/>',
    '&',
    '<!--',
    '-->',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 12 }), (texts) => {
      const bytes = Buffer.from(texts.join(''))
      const { message: read, error } = codec.inspect(bytes)
      if (error === undefined) expect(codec.unpack(codec.pack(read))).toEqual(read)
      else expect(error).toBeInstanceOf(UnpackError)
    }),
    { numRuns: 300 },
  )
})

test('a stream is cut where messages end, whatever arrives together, and messages may stand in messages', () => {
  const wire = createWire({ codec, framing: framingNamed('xml') })
  const stream = Buffer.from(packed + packed)
  for (const step of [1, 50, stream.length]) {
    const reader = wire.createReader()
    let count = 0
    for (let at = 0; at < stream.length; at += step) {
      reader.push(Uint8Array.from(stream.subarray(at, at + step)))
      for (let got = reader.next(); got !== undefined; got = reader.next()) {
        expect(got.error).toBeUndefined()
        expect(codec.unpack(Uint8Array.from(got.body))).toEqual(message)
        count++
      }
      reader.keep()
    }
    expect(count).toBe(2)
    expect(() => reader.end()).not.toThrow()
  }
})

test('a dialect as XML goes without MACs and without messages that need tags, and says so', () => {
  const { messages, rules, lacks } = asXml(builtInDialect('cup-pos'))
  expect(Object.keys(lacks ?? {})).toEqual(['field 64', 'saleChip'])
  expect(rules.security?.mac).toBeUndefined()
  expect(messages.reversal?.fields).not.toHaveProperty('55')
  expect(JSON.stringify(messages)).not.toContain('{mac}')
})
