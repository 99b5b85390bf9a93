// Streams out of segments: order, repeats, gaps, and who is the server.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxStreamBytes, reassemble } from '../../src/doctor/reassembly.js'
import type { TcpSegment } from '../../src/doctor/tcp-segment.js'

const client = { host: '10.0.0.2', port: 40_001 }
const server = { host: '10.0.0.1', port: 8583 }
const start = 0xffff_fffa

/** Bytes `text` of the client at `at`, counted from the first byte after the SYN. */
const sent = (at: number, text: string, atMs = 0): TcpSegment => ({
  from: client,
  to: server,
  sequence: (start + 1 + at) >>> 0,
  acknowledged: 0,
  window: 512,
  isSyn: false,
  isAck: true,
  isEnd: false,
  isReset: false,
  bytes: Buffer.from(text),
  atMs,
})
const syn: TcpSegment = { ...sent(-1, ''), isSyn: true, isAck: false }

const runsOf = (segments: readonly TcpSegment[]) =>
  reassemble(segments).connections.map(({ requests }) =>
    requests.runs.map(
      ({ bytes, missingBefore }) => `${missingBefore > 0 ? `+${missingBefore} ` : ''}${Buffer.from(bytes)}`,
    ),
  )

const cases = [
  { name: 'in order', segments: [syn, sent(0, 'abc'), sent(3, 'def')], runs: ['abcdef'] },
  { name: 'out of order', segments: [syn, sent(3, 'def'), sent(6, 'g'), sent(0, 'abc')], runs: ['abcdefg'] },
  { name: 'sent twice', segments: [syn, sent(0, 'abc'), sent(0, 'abc'), sent(3, 'def')], runs: ['abcdef'] },
  { name: 'overlapping', segments: [syn, sent(0, 'abc'), sent(1, 'bcdef'), sent(4, 'ef')], runs: ['abcdef'] },
  { name: 'a keep-alive probe', segments: [syn, sent(0, 'abc'), sent(2, 'c'), sent(3, 'def')], runs: ['abcdef'] },
  { name: 'with a gap', segments: [syn, sent(0, 'abc'), sent(7, 'hi')], runs: ['abc', '+4 hi'] },
  { name: 'with the first bytes missing', segments: [syn, sent(2, 'cde')], runs: ['+2 cde'] },
  { name: 'captured from the middle', segments: [sent(100, 'abc'), sent(103, 'def')], runs: ['abcdef'] },
]
describe('a stream', () => {
  for (const { name, segments, runs } of cases) test(name, () => expect(runsOf(segments)).toEqual([runs]))

  test('whose ports are used again is another connection', () => {
    const again = { ...syn, sequence: 5 }
    const later = { ...sent(0, 'xyz'), sequence: 6 }
    expect(runsOf([syn, sent(0, 'abc'), again, later])).toEqual([['abc'], ['xyz']])
  })

  test('beyond its limit is cut, and says so', () => {
    const text = 'x'.repeat(1000)
    const segments = Array.from({ length: maxStreamBytes / 1000 + 10 }, (_, index) => sent(index * 1000, text))
    const [connection] = reassemble([syn, ...segments]).connections
    expect(connection?.requests.isCut).toBe(true)
    expect(connection?.requests.runs[0]?.bytes.length).toBeLessThanOrEqual(maxStreamBytes)
  })

  test('comes out the same however its segments are cut, repeated and moved a little', () => {
    const text = Buffer.from(Array.from({ length: 200 }, (_, index) => index))
    const cut = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 20 }), delay: fc.nat(3), twice: fc.boolean() }), {
      minLength: 40,
      maxLength: 60,
    })
    fc.assert(
      fc.property(cut, (plan) => {
        let at = 0
        const segments = plan.flatMap(({ bytes, delay, twice }, index) => {
          const part = text.subarray(at, at + bytes)
          const segment = { ...sent(at, ''), bytes: part }
          at += part.length
          const placed = { place: index + delay, segment }
          return twice ? [placed, { place: index + 5, segment }] : [placed]
        })
        const moved = segments.sort((a, b) => a.place - b.place).map(({ segment }) => segment)
        const [connection] = reassemble([syn, ...moved]).connections
        const [run] = connection?.requests.runs ?? []
        expect(connection?.requests.runs.length).toBe(1)
        expect(Buffer.from(run?.bytes ?? []).equals(text.subarray(0, at))).toBe(true)
      }),
    )
  })
})

describe('the server is', () => {
  const answer = { ...sent(0, 'yes'), from: server, to: client }
  test('who was called', () => {
    const [connection] = reassemble([syn, sent(0, 'a'), answer]).connections
    expect(connection?.server).toEqual(server)
  })
  test('who has the lower port, where the call was not captured', () => {
    const [connection] = reassemble([answer, sent(0, 'a')]).connections
    expect(connection?.server).toEqual(server)
    expect(Buffer.from(connection?.answers.runs[0]?.bytes ?? []).toString()).toBe('yes')
  })
})

test('a packet boundary keeps its time', () => {
  const [connection] = reassemble([syn, sent(0, 'abc', 5), sent(3, 'def', 9)]).connections
  expect(connection?.requests.runs[0]?.packets).toEqual([
    { at: 0, atMs: 5 },
    { at: 3, atMs: 9 },
  ])
})
