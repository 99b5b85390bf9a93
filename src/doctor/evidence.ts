// What the doctor looks at: byte strings of one conversation, with the places where packets began.

import { bytesOfHexText } from './hex-text.js'
import { isCapture, readCapture } from './pcap.js'
import { endpointText, reassemble, type TcpConnection, type TcpStream } from './reassembly.js'
import { type TcpSegment, tcpSegmentOf } from './tcp-segment.js'

export interface Sample {
  readonly bytes: Uint8Array
  /** Where a message may begin when the beginning is not one: packet boundaries. The first is 0. */
  readonly starts: readonly number[]
}

/** What belongs together: the messages of a text, or both directions of every connection to one port. */
export interface Evidence {
  readonly name: string
  /** Server's port of a capture of packets. */
  readonly port?: number
  readonly samples: readonly Sample[]
  readonly bytes: number
  /** What was missing or left out, in words. */
  readonly notes: readonly string[]
}

/** Conversations of one capture that are looked at, those with most bytes first. */
export const maxConversations = 8
/** Samples of one conversation, and bytes of each: enough to judge by. */
const maxSamples = 64
const maxSampleBytes = 65_536

/** `port`: only connections to it. Nothing for an empty input and for a capture without TCP. */
export function evidenceOf(input: Uint8Array, name: string, port?: number): readonly Evidence[] {
  if (input.length === 0) return []
  if (isCapture(input)) return fromCapture(input, port)
  const raw = evidence({ name: `${name} as raw bytes`, pieces: [whole(input)], notes: [] })
  const hex = bytesOfHexText(input)
  if (hex === undefined) return [raw]
  // A message of ASCII digits alone looks like hex, too.
  return [evidence({ name: `${name} as hex`, pieces: hex.map(whole), notes: [] }), raw]
}

/** Bytes that came from somewhere else, such as a host that was asked. */
export function evidenceOfBytes(name: string, pieces: readonly Uint8Array[]): Evidence {
  return evidence({ name, pieces: pieces.map(whole), notes: [] })
}

const whole = (bytes: Uint8Array): Sample => ({ bytes, starts: [0] })

interface Parts {
  readonly name: string
  readonly port?: number
  readonly pieces: readonly Sample[]
  readonly notes: readonly string[]
}

function evidence({ pieces, notes, ...named }: Parts): Evidence {
  const samples = pieces.slice(0, maxSamples).map(({ bytes, starts }) => ({
    bytes: bytes.subarray(0, maxSampleBytes),
    starts: starts.filter((at) => at < maxSampleBytes),
  }))
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0)
  const left = pieces.length - samples.length
  const more = left > 0 ? [`the first ${maxSamples} of ${pieces.length} pieces were looked at`] : []
  return { ...named, samples, bytes, notes: [...notes, ...more] }
}

function fromCapture(input: Uint8Array, port: number | undefined): readonly Evidence[] {
  const { packets, isTruncated } = readCapture(input)
  const { connections, leftOut } = reassemble(segmentsOf(packets))
  const notes = [
    ...(isTruncated ? ['the capture file ends inside a packet'] : []),
    ...(leftOut > 0 ? [`${leftOut} segments of further connections were left out`] : []),
  ]
  return [...byPort(connections)]
    .filter(([number]) => port === undefined || number === port)
    .map(([number, group]) => fromConnections(number, group, notes))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, maxConversations)
}

function* segmentsOf(packets: ReturnType<typeof readCapture>['packets']): Generator<TcpSegment> {
  for (const packet of packets) {
    const segment = tcpSegmentOf(packet)
    if (segment !== undefined) yield segment
  }
}

function byPort(connections: readonly TcpConnection[]): Map<number, TcpConnection[]> {
  const ports = new Map<number, TcpConnection[]>()
  for (const connection of connections) {
    const { port } = connection.server
    ports.set(port, [...(ports.get(port) ?? []), connection])
  }
  return ports
}

function fromConnections(port: number, connections: readonly TcpConnection[], notes: readonly string[]): Evidence {
  const streams = connections.flatMap(({ requests, answers }) => [requests, answers])
  const [first] = connections
  const others = connections.length > 1 ? ` and ${connections.length - 1} more connections` : ''
  return evidence({
    name: `port ${port} (${first === undefined ? '' : endpointText(first.server)}${others})`,
    port,
    pieces: streams.flatMap(({ runs }) =>
      runs.map(({ bytes, packets }) => ({ bytes, starts: packets.map(({ at }) => at) })),
    ),
    notes: [...gapNotes(streams), ...notes],
  })
}

function gapNotes(streams: readonly TcpStream[]): readonly string[] {
  const gaps = streams.flatMap(({ runs }) => runs.filter(({ missingBefore }) => missingBefore > 0))
  const missing = gaps.reduce((sum, { missingBefore }) => sum + missingBefore, 0)
  if (gaps.length === 0) return []
  return [`the capture misses ${missing} bytes in ${gaps.length} ${gaps.length === 1 ? 'place' : 'places'}`]
}
