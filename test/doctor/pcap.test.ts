// Capture files: every format, byte order, clock and link type gives the same segments; a broken file breaks nothing.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evidenceOf } from '../../src/doctor/evidence.js'
import { isCapture, readCapture } from '../../src/doctor/pcap.js'
import { type TcpSegment, tcpSegmentOf } from '../../src/doctor/tcp-segment.js'
import { connection, ipv4, ipv6, links, pcap, pcapng } from './capture-writer.js'

const payload = Buffer.from('0102030405', 'hex')
const [, , data] = connection([payload], [])
const packet = (link: keyof typeof links) => {
  if (data === undefined) throw new Error('no data segment')
  return Buffer.concat([links[link].front, link === 'ethernet6' ? ipv6(data) : ipv4(data)])
}

const segmentsIn = (file: Uint8Array) => readCapture(file).packets.flatMap((each) => tcpSegmentOf(each) ?? [])
const shown = ({ from, to, bytes, atMs }: TcpSegment) => ({
  from: `${from.host} ${from.port}`,
  to: `${to.host} ${to.port}`,
  bytes: Buffer.from(bytes).toString('hex'),
  atMs,
})
const expected = { from: '10.0.0.2 40001', to: '10.0.0.1 8583', bytes: '0102030405', atMs: 1_000_000 }

const formats = [
  { name: 'pcap', write: pcap },
  { name: 'pcapng', write: pcapng },
]
for (const { name, write } of formats) {
  for (const little of [true, false]) {
    for (const nanoseconds of [true, false]) {
      test(`${name}, ${little ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds`, () => {
        const file = write([packet('ethernet')], { linkType: 1, little, nanoseconds })
        expect(isCapture(file)).toBe(true)
        expect(segmentsIn(file).map(shown)).toEqual([expected])
      })
    }
  }
}

describe('link types', () => {
  for (const link of Object.keys(links) as (keyof typeof links)[]) {
    test(link, () => {
      const [segment] = segmentsIn(pcap([packet(link)], { linkType: links[link].type }))
      expect(segment).toBeDefined()
      expect(Buffer.from(segment?.bytes ?? []).toString('hex')).toBe('0102030405')
      expect(segment?.from.port).toBe(40_001)
    })
  }

  test('a packet of a link type that nobody knows is left out', () => {
    expect(segmentsIn(pcap([packet('raw')], { linkType: 147 }))).toEqual([])
  })
})

test('a file that ends inside a packet gives the packets before it, and says so', () => {
  for (const write of [pcap, pcapng]) {
    const file = write([packet('raw'), packet('raw')], { linkType: 101 })
    const { packets, isTruncated } = readCapture(file.subarray(0, file.length - 9))
    expect(packets.length).toBe(1)
    expect(isTruncated).toBe(true)
  }
})

describe('nothing in a file makes the reading fail:', () => {
  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void evidenceOf(bytes, 'x')),
      { numRuns: 300 },
    )
  })

  test('a capture with any byte changed, cut anywhere', () => {
    const requests = [payload, payload]
    for (const [write, link] of [
      [pcap, 'vlan'],
      [pcapng, 'ethernet6'],
      [pcap, 'cooked2'],
    ] as const) {
      const packets = connection(requests, requests).map((segment) =>
        Buffer.concat([links[link].front, link === 'ethernet6' ? ipv6(segment) : ipv4(segment)]),
      )
      const file = write(packets, { linkType: links[link].type })
      const at = fc.nat(file.length - 1)
      fc.assert(
        fc.property(at, fc.nat(255), fc.nat(file.length), (index, value, end) => {
          const changed = Buffer.from(file)
          changed[index] = value
          evidenceOf(changed.subarray(0, end), 'x')
        }),
        { numRuns: 300 },
      )
    }
  })
})
