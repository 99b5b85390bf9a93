// The doctor on lines without a length in front: XML, an ETX behind each message, and messages that end where their last field ends.

import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { base24 } from '../../src/codec/dialects/base24.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../src/codec/dialects/iso87-binary.js'
import { iso93Ascii } from '../../src/codec/dialects/iso93-ascii.js'
import { asXml } from '../../src/codec/xml/as-xml.js'
import { evidenceOf } from '../../src/doctor/evidence.js'
import { guessWire } from '../../src/doctor/guess.js'
import { nearestMisfit } from '../../src/doctor/misfit.js'
import { framingNamed } from '../../src/framing/framings.js'
import { connection, ipv4, links, pcap } from './capture-writer.js'
import { conversation, enveloped, framed, onTheWire } from './conversations.js'

/** Written by jPOS's XMLPackager and sent by its XMLChannel. */
const fromJpos = [
  '<isomsg>',
  '  <!-- org.jpos.iso.packager.XMLPackager -->',
  '  <field id="0" value="0200"/>',
  '  <field id="2" value="4111111111111111"/>',
  '  <field id="3" value="000000"/>',
  '  <field id="4" value="000000001000"/>',
  '  <field id="11" value="000001"/>',
  '  <field id="41" value="TERM0001"/>',
  '</isomsg>',
  '',
].join('\n')

const only = (bytes: Uint8Array) => {
  const [first] = evidenceOf(bytes, 'input')
  if (first === undefined) throw new Error('no evidence')
  return first
}
const guesses = (bytes: Uint8Array) =>
  evidenceOf(bytes, 'input')
    .flatMap((evidence) => guessWire(evidence, builtInDialects))
    .sort((a, b) => b.score - a.score)
const best = (bytes: Uint8Array) => guesses(bytes)[0]
const captureOf = (requests: readonly Buffer[], answers: readonly Buffer[]) =>
  pcap(
    connection(requests, answers).map((segment) => Buffer.concat([links.ethernet.front, ipv4(segment)])),
    { linkType: 1 },
  )

describe('messages as XML are named', () => {
  const forms = {
    'as text': Buffer.from(fromJpos),
    'as hex': Buffer.from(Buffer.from(fromJpos).toString('hex')),
    'as hex of two': Buffer.from(Buffer.from(fromJpos + fromJpos).toString('hex')),
  }
  for (const [form, bytes] of Object.entries(forms))
    test(form, () => {
      expect(best(bytes)).toMatchObject({ framing: 'xml', dialect: { name: 'iso87-ascii', form: 'xml' }, fits: true })
    })

  for (const dialect of [iso87Ascii, iso93Ascii])
    test(`in a capture of ${dialect.name}`, () => {
      const { requests, answers } = onTheWire(asXml(dialect), framingNamed('xml'))
      expect(best(captureOf(requests, answers))).toMatchObject({
        framing: 'xml',
        dialect: { name: dialect.name },
        read: requests.length + answers.length,
        paired: { answers: answers.length, matched: answers.length },
        fits: true,
      })
    })

  test('by the nearest dialect where a field has no place in any', () => {
    const odd = Buffer.from(
      fromJpos.replace(
        '</isomsg>',
        '  <field id="48"><![CDATA[<x>]]></field>\n  <field id="3" value="SALE"/>\n</isomsg>',
      ),
    )
    expect(best(odd)?.fits ?? false).toBe(false)
    const misfit = nearestMisfit(only(odd), builtInDialects)
    expect(misfit).toMatchObject({ framing: 'xml', dialect: { name: 'iso87-ascii' }, fits: false })
    expect(misfit?.sentences.join()).toContain('field 3')
    expect(JSON.stringify(misfit?.sentences)).not.toContain('4111111111111111')
  })
})

describe('an ETX behind each message', () => {
  const etx = framingNamed('etx')

  test('of BASE24, with its header and without', () => {
    const { requests, answers } = onTheWire(base24, etx)
    expect(best(captureOf(requests, answers))).toMatchObject({
      framing: 'etx',
      dialect: { name: 'base24' },
      fits: true,
    })
    const bare = conversation(base24).map(({ request }) => framed(compile(base24).pack(request), etx))
    const hex = Buffer.from(Buffer.concat(bare).toString('hex'))
    expect(best(hex)).toMatchObject({ framing: 'etx', dialect: { name: 'base24' }, read: bare.length, fits: true })
  })

  // 03 stands inside packed digits too, so that only the fields tell where a message ends.
  test('of a dialect with packed digits is a trailer of its envelope, however the bytes arrive', () => {
    const bodies = conversation(iso87Binary).map(({ request }) =>
      enveloped(compile(iso87Binary).pack(request), iso87Binary),
    )
    const stream = Buffer.concat(bodies.flatMap((body) => [body, Buffer.from('03', 'hex')]))
    expect(stream.indexOf(3)).toBeLessThan((bodies[0]?.length ?? 0) - 1)
    const expected = {
      framing: 'none',
      envelope: { trailer: '03' },
      read: bodies.length,
      messages: bodies.length,
      fits: true,
    }
    expect(best(Buffer.from(stream.toString('hex')))).toMatchObject({ dialect: { name: 'iso87-binary' }, ...expected })
    expect(best(captureOf([stream.subarray(0, 50), stream.subarray(50, 51), stream.subarray(51)], []))).toMatchObject(
      expected,
    )
  })
})

test('several messages in one packet, and one in several, without any length', () => {
  const stream = Buffer.concat(
    conversation(iso87Ascii).map(({ request }) => Buffer.from(compile(iso87Ascii).pack(request))),
  )
  const { length } = conversation(iso87Ascii)
  for (const pieces of [[stream], [stream.subarray(0, 77), stream.subarray(77)]])
    expect(best(captureOf(pieces, []))).toMatchObject({
      framing: 'none',
      dialect: { name: 'iso87-ascii' },
      read: length,
      fits: true,
    })
})
