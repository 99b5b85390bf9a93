// The doctor names the wire: every built-in dialect on every framing that can carry it, from packets and from text.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { iso87Ascii } from '../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../src/codec/dialects/iso87-binary.js'
import { evidenceOf, type WireEvidence } from '../../src/doctor/evidence.js'
import { guessWire } from '../../src/doctor/guess.js'
import { nearestMisfit } from '../../src/doctor/misfit.js'
import { framingNamed, framings } from '../../src/framing/framings.js'
import { connection, ipv4, links, pcap, pcapng, type Segment } from './capture-writer.js'
import { conversation, framed, onTheWire } from './conversations.js'

/** Longest message of a framing that is too short for a conversation. */
const tooShort = ['ascii2']
/** Carries XML alone. */
const ofText = ['xml']

const file = (segments: readonly Segment[], write = pcap) =>
  write(
    segments.map((segment) => Buffer.concat([links.ethernet.front, ipv4(segment)])),
    { linkType: 1 },
  )

function only(evidence: readonly WireEvidence[]): WireEvidence {
  const [first] = evidence
  if (first === undefined) throw new Error('no evidence')
  return first
}

/** The byte that ends a frame occurs within packed digits, so that a stream without lengths fits as well. */
const isAmbiguous = (dialect: Dialect, framing: string) => framing === 'etx' && dialect.encodings?.digits === 'bcd'

const bestOf = (evidence: WireEvidence, dialects: readonly Dialect[] = builtInDialects) =>
  guessWire(evidence, dialects)[0]

/** Every dialect in its own framing and in one more, and two dialects in every framing. */
const isLookedAt = ({ name, framing: own }: Dialect, framing: string) =>
  name === 'cup-pos' || name === 'iso87-ascii' || framing === own || framing === 'binary4'

describe('a capture of', () => {
  for (const dialect of builtInDialects) {
    const able = framings.filter(({ name }) => ![...tooShort, ...ofText].includes(name) && !isAmbiguous(dialect, name))
    for (const framing of able.filter(({ name }) => isLookedAt(dialect, name))) {
      test(`${dialect.name} with framing ${framing.name}`, () => {
        const { requests, answers } = onTheWire(dialect, framing)
        const guesses = guessWire(only(evidenceOf(file(connection(requests, answers)), 'capture')), builtInDialects)
        const [best] = guesses
        // Others may read the same bytes as well.
        const asGood = guesses.filter(({ score, isOwnEnvelope }) => isOwnEnvelope && score === best?.score)
        expect(asGood.map((guess) => guess.dialect.name)).toContain(dialect.name)
        expect(best).toMatchObject({ fits: true, isOwnEnvelope: true })
        expect([best?.framing, ...(best?.sameFramings ?? [])]).toContain(framing.name)
        expect(best?.read).toBe(best?.messages)
        const paired = best?.paired
        expect(paired?.matched).toBe(paired?.answers)
      })
    }
  }
})

describe('a capture is read', () => {
  const binary2 = framingNamed('binary2')
  const { requests, answers } = onTheWire(cupPos, binary2)

  test('when it begins in the middle of a message', () => {
    const [first = Buffer.alloc(0), ...others] = requests
    const pieces = [first.subarray(0, 20), first.subarray(20), ...others]
    const [, , , ...later] = connection(pieces, [])
    expect(bestOf(only(evidenceOf(file(later), 'capture')))).toMatchObject({
      framing: 'binary2',
      dialect: { name: 'cup-pos' },
      fits: true,
    })
  })

  test('when several messages come in one packet, and one in several', () => {
    const all = Buffer.concat(requests)
    const pieces = [all.subarray(0, 100), all.subarray(100, 101), all.subarray(101)]
    const best = bestOf(only(evidenceOf(file(connection(pieces, []), pcapng), 'capture')))
    expect(best).toMatchObject({ framing: 'binary2', read: requests.length, fits: true })
  })

  test('of the port that was asked for alone', () => {
    const other = { host: [10, 0, 0, 9], port: 80 }
    const http = connection([Buffer.from('GET / HTTP/1.1\r\n\r\n')], []).map((segment) => ({
      ...segment,
      from: segment.from.port === 8583 ? other : segment.from,
      to: segment.to.port === 8583 ? other : segment.to,
    }))
    const capture = file([...http, ...connection(requests, answers)])
    expect(evidenceOf(capture, 'capture').map(({ port }) => port)).toEqual([8583, 80])
    expect(evidenceOf(capture, 'capture', 8583).map(({ port }) => port)).toEqual([8583])
  })

  test('with a TPDU that the dialect does not have', () => {
    const { pack } = compile(iso87Binary)
    const frames = conversation(iso87Binary).map(({ request }) =>
      framed(Buffer.concat([Buffer.from('6000120000', 'hex'), pack(request)]), binary2),
    )
    const best = bestOf(only(evidenceOf(file(connection(frames, [])), 'capture')))
    expect(best).toMatchObject({
      dialect: { name: 'iso87-binary' },
      envelope: { tpdu: '6000120000' },
      isOwnEnvelope: false,
      fits: true,
    })
  })
})

describe('text is read as', () => {
  const sale = conversation(iso87Ascii)[2]?.request
  if (sale === undefined) throw new Error('no sale')
  const body = Buffer.from(compile(iso87Ascii).pack(sale))
  const hex = body.toString('hex')
  const dump = (bytes: Buffer) =>
    Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
      const part = bytes.subarray(line * 16, line * 16 + 16)
      const text = part.toString('latin1').replace(/[^ -~]/g, '.')
      return `${(line * 16).toString(16).padStart(8, '0')}: ${part
        .toString('hex')
        .replace(/(.{4})(?=.)/g, '$1 ')
        .padEnd(39)}  ${text}`
    }).join('\n')
  const cases = [
    { name: 'hex without a length', input: hex, framing: 'none' },
    { name: 'hex with spaces and 0x', input: `0x${hex.replace(/../g, '$& ')}\n`, framing: 'none' },
    { name: 'a hex dump of a framed message', input: dump(framed(body, framingNamed('ascii4'))), framing: 'ascii4' },
    { name: 'raw bytes with a length', input: framed(body, framingNamed('binary2')), framing: 'binary2' },
    { name: 'raw characters', input: body, framing: 'none' },
  ]
  for (const { name, input, framing } of cases) {
    test(name, () => {
      const guesses = evidenceOf(Buffer.from(input), 'text').map((evidence) => bestOf(evidence))
      const fitting = guesses.filter((guess) => guess?.fits)
      expect(fitting.map((guess) => [guess?.dialect.name, guess?.framing])).toEqual([['iso87-ascii', framing]])
    })
  }
})

test('random bytes fit nothing, and make nothing fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 200 }), (bytes) => {
      for (const evidence of evidenceOf(bytes, 'random')) {
        expect(bestOf(evidence)?.fits ?? false).toBe(false)
        nearestMisfit(evidence, [cupPos])
      }
    }),
    { numRuns: 25 },
  )
})
