// Traffic on a connection is told: each message masked, with its key and what it answers; as packets it reads back.

import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import type { Message } from '../../src/codec/message.js'
import { readCapture } from '../../src/doctor/pcap.js'
import { reassemble } from '../../src/doctor/reassembly.js'
import { tcpSegmentOf } from '../../src/doctor/tcp-segment.js'
import { createSpeaker } from '../../src/run/speaker.js'
import { createPackets } from '../../src/tap/packets.js'
import type { StreamDirection, Tap, Tapped } from '../../src/tap/tap.js'
import { tapOfSeveral } from '../../src/tap/tap.js'
import { tapsInto } from '../../src/tap/tapped-network.js'
import { createTraffic, type TrafficEvent } from '../../src/tap/traffic.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'

const { codec, wire } = createSpeaker({ dialect: 'iso87-ascii' })
const pan = '4111111111111111'
const link: Tapped = { id: 1, peer: '127.0.0.1:40000', server: '127.0.0.1:8583' }

function framed(message: Message): Uint8Array {
  const body = codec.pack(message)
  const target = new Uint8Array(wire.overheadBytes + body.length)
  wire.frame(target, 0, body.length, {
    write(bytes, at) {
      bytes.set(body, at)
      return at + body.length
    },
  })
  return target
}

const sale = (stan: string): Message => ({
  mti: '0200',
  fields: { '2': pan, '3': '000000', '4': '000000001000', '11': stan, '41': 'TERM0001' },
})
const answer = (stan: string): Message => ({
  mti: '0210',
  fields: { '3': '000000', '11': stan, '39': '00', '41': 'TERM0001' },
})

function watched() {
  const clock = createVirtualClock(1_700_000_000_000)
  const events: TrafficEvent[] = []
  const traffic = createTraffic({ wire, clock, tell: (event) => events.push(event) })
  const passes = (direction: StreamDirection, ...messages: readonly Message[]) =>
    traffic.onBytes(link, direction, Buffer.concat(messages.map(framed)))
  return { clock, events, traffic, passes }
}

describe('traffic', () => {
  test('tells each message, its key, and what it answers after how long', () => {
    const { clock, events, passes } = watched()
    passes('upstream', sale('000001'), sale('000002'))
    clock.run(clock.now() + 25)
    passes('downstream', answer('000002'))
    expect(events).toMatchObject([
      { kind: 'message', connection: 1, direction: 'upstream', key: 'class 02, DE11 000001, DE41 TERM0001' },
      { kind: 'message', direction: 'upstream', message: { fields: { '2': '411111******1111', '11': '000002' } } },
      { kind: 'message', direction: 'downstream', answersAfterMs: 25, message: { mti: '0210' } },
    ])
    expect(JSON.stringify(events)).not.toContain(pan)
  })

  test('says why an answer belongs to nothing', () => {
    const { events, passes } = watched()
    passes('upstream', sale('000001'), sale('000001'))
    passes('downstream', answer('000009'))
    expect(events.map((event) => (event.kind === 'message' ? event.problem : event.kind))).toEqual([
      undefined,
      'a request with this key waits for its answer',
      expect.stringMatching(/nearest in flight has .*DE11 000001.*; there DE11 differs$/),
    ])
  })

  test('says what cannot be read, and shows no value of it', () => {
    const { events, traffic } = watched()
    const broken = Buffer.from(framed(sale('000001')))
    broken.write('xx', broken.length - 20, 'latin1')
    traffic.onBytes(link, 'upstream', broken)
    traffic.onBytes(link, 'downstream', Buffer.from('HTTP/1.1 400 Bad Request\r\n'))
    traffic.onClosed(link, 'ended')
    expect(events).toMatchObject([
      {
        kind: 'message',
        problem: expect.stringMatching(/^field 4 at byte \d+: expected digits$/),
        message: { mti: '0200' },
      },
      { kind: 'closed', why: 'ended', unread: expect.stringMatching(/this is HTTP/) },
    ])
    expect(JSON.stringify(events)).not.toMatch(/4111/)
  })

  test('shows neither key nor value of a message of another dialect', () => {
    const clock = createVirtualClock(0)
    const events: TrafficEvent[] = []
    const other = createSpeaker({ dialect: 'iso87-binary', framing: wire.framing.name })
    createTraffic({ wire: other.wire, clock, tell: (event) => events.push(event) }).onBytes(
      link,
      'upstream',
      framed(sale('000001')),
    )
    expect(events).toHaveLength(1)
    expect(JSON.stringify(events)).not.toMatch(/4111|1000/)
  })
})

/** A client and a server over a simulated network, both looked at by one tap. */
async function conversation(tap: Tap) {
  const clock = createVirtualClock(1_700_000_000_000)
  const latencyMs = { request: () => 1, answer: () => 1 }
  const network = tapsInto(tap)(createSimulatedNetwork({ clock, latencyMs }))
  const listener = await network.listen({ host: '127.0.0.1', port: 0 }, (peer) => ({
    onData: () => peer.write(framed(answer('000001'))),
    onEnd: () => peer.end(),
    onClose: () => {},
  }))
  const dialled = network.connect(
    listener.address,
    { onOpen: () => dialled.write(framed(sale('000001'))), onData: () => dialled.end(), onClose: () => {} },
    { connectTimeoutMs: 1000 },
  )
  clock.run(clock.now() + 100)
  return listener.address
}

test('a tapped network shows both ends of a connection, numbered together', async () => {
  const seen: string[] = []
  const note =
    (what: string) =>
    ({ id, peer, server }: Tapped, more = '') =>
      seen.push(`${what} ${id} ${peer === server ? 'dialled' : 'accepted'} ${more}`.trim())
  await conversation({ onOpened: note('opened'), onBytes: note('bytes'), onClosed: note('closed') })
  expect(seen).toEqual([
    'opened 2 accepted',
    'opened 1 dialled',
    'bytes 1 dialled upstream',
    'bytes 2 accepted upstream',
    'bytes 2 accepted downstream',
    'bytes 1 dialled downstream',
    expect.stringMatching(/^closed 2 accepted/),
    expect.stringMatching(/^closed 1 dialled/),
  ])
})

test('connections of several proxies are numbered together', () => {
  const ids: number[] = []
  const several = tapOfSeveral({ onBytes: ({ id }) => ids.push(id), onClosed: ({ id }) => ids.push(-id) })
  const [one, two] = [several(), several()]
  for (const tap of [one, two, one]) tap.onBytes(link, 'upstream', new Uint8Array(1))
  one.onClosed(link)
  two.onClosed(link)
  expect(ids).toEqual([1, 2, 1, -1, -2])
})

describe('packets', () => {
  const capture = (act: (tap: Tap) => void) => {
    const clock = createVirtualClock(1_700_000_000_123)
    const parts: Uint8Array[] = []
    act(createPackets({ clock, write: (bytes) => parts.push(Buffer.from(bytes)) }))
    return readCapture(Buffer.concat(parts))
  }

  test('give the bytes of both directions back, at their time', () => {
    const long = Buffer.alloc(5000, 7)
    const { packets, isTruncated } = capture((tap) => {
      tap.onOpened?.(link)
      tap.onBytes(link, 'upstream', long)
      tap.onBytes(link, 'downstream', framed(answer('000001')))
      tap.onClosed(link, 'ended')
    })
    expect(isTruncated).toBe(false)
    expect(packets[0]?.atMs).toBe(1_700_000_000_123)
    const segments = packets.flatMap((packet) => tcpSegmentOf(packet) ?? [])
    const { connections } = reassemble(segments)
    expect(connections).toHaveLength(1)
    const streams = connections.flatMap(({ requests, answers }) => [requests, answers])
    const bytes = streams.map(({ runs }) => Buffer.concat(runs.map((run) => run.bytes)))
    expect(bytes).toEqual([long, Buffer.from(framed(answer('000001')))])
  })

  test('carry the checksums that a receiver expects', () => {
    const { packets } = capture((tap) => tap.onBytes(link, 'upstream', Buffer.from('odd')))
    for (const { bytes } of packets) {
      const ip = bytes.subarray(14)
      const tcp = ip.subarray(20)
      const pseudo = Uint8Array.from([...ip.subarray(12, 20), 0, 6, tcp.length >> 8, tcp.length & 255])
      expect(sum(ip.subarray(0, 20))).toBe(0xffff)
      expect(sum(Buffer.concat([pseudo, tcp]))).toBe(0xffff)
    }
  })

  test('show a refused attempt, and two connections of one dialling process apart', () => {
    const dialled = (id: number): Tapped => ({ id, peer: '10.1.2.3:8583', server: '10.1.2.3:8583' })
    const { packets } = capture((tap) => {
      tap.onClosed(dialled(1), 'refused: ECONNREFUSED')
      tap.onOpened?.(dialled(2))
    })
    const segments = packets.flatMap((packet) => tcpSegmentOf(packet) ?? [])
    expect(segments.map(({ isSyn, isReset }) => [isSyn, isReset])).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [true, false],
      [false, false],
    ])
    expect(new Set(segments.map(({ from, to }) => [from.port, to.port].sort().join())).size).toBe(2)
  })
})

/** One's complement sum (RFC 1071): all ones where the checksum is right. */
function sum(bytes: Uint8Array): number {
  let total = 0
  for (let at = 0; at < bytes.length; at += 2) total += ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0)
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16)
  return total
}

test('the dialect of these tests matches by trace number and terminal', () => {
  expect(builtInDialect('iso87-ascii')?.rules.matchBy).toEqual([11, 41])
})
