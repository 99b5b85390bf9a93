// The evidence that the doctor looks at: byte strings of one conversation, with the places where packets began.

import { agreeing, counted } from '../base/text/counted.js'
import { type Pasted, type PastedPackets, waysToRead } from './pasted/pasted.js'
import type { CaptureFiles } from './pcap.js'
import { endpointText, type TcpConnection, type TcpStream } from './reassembly.js'

export interface ByteSample {
  readonly bytes: Uint8Array
  /** Where a message may begin when the beginning is not one: packet boundaries. The first is 0. */
  readonly starts: readonly number[]
}

/** The samples that belong together: the messages of a text, or both directions of every connection to one port. */
export interface WireEvidence {
  readonly name: string
  /** Server's port of a capture of packets. */
  readonly port?: number
  readonly samples: readonly ByteSample[]
  /** The characters of a text are taken for the message, though they may be hex, a dump or a list of bytes. */
  readonly isOfCharacters: boolean
  readonly bytes: number
  /** The parts that were missing or left out, in words. */
  readonly notes: readonly string[]
}

/** Conversations of one capture that are looked at, those with most bytes first. */
export const maxConversations = 8
/** Samples of one conversation, and bytes of each: enough to judge by. */
const maxSamples = 64
const maxSampleBytes = 65_536

/** One for each way to read the input, the surest first. `port`: only connections to it. Nothing for an empty input. */
export function evidenceOf(input: CaptureFiles, name: string, port?: number): readonly WireEvidence[] {
  return waysToRead(input).flatMap((way) => {
    if (way.packets !== undefined) return fromPackets(way, way.packets, port)
    const pieces = way.pieces.map(({ bytes }) => whole(bytes))
    return [
      evidence({ name: `${name} as ${way.form}`, pieces, notes: [], isOfCharacters: way.isOfCharacters === true }),
    ]
  })
}

/** Bytes that came from somewhere else, such as a host that was asked. */
export function evidenceOfBytes(name: string, pieces: readonly Uint8Array[]): WireEvidence {
  return evidence({ name, pieces: pieces.map(whole), notes: [] })
}

const whole = (bytes: Uint8Array): ByteSample => ({ bytes, starts: [0] })

interface Parts {
  readonly name: string
  readonly port?: number
  readonly pieces: readonly ByteSample[]
  readonly notes: readonly string[]
  readonly isOfCharacters?: boolean
}

function evidence({ pieces, notes, isOfCharacters = false, ...named }: Parts): WireEvidence {
  const samples = pieces.slice(0, maxSamples).map(({ bytes, starts }) => ({
    bytes: bytes.subarray(0, maxSampleBytes),
    starts: starts.filter((at) => at < maxSampleBytes),
  }))
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0)
  const left = pieces.length - samples.length
  const more = left > 0 ? [`the first ${maxSamples} of ${counted(pieces.length, 'piece')} were looked at`] : []
  return { ...named, isOfCharacters, samples, bytes, notes: [...notes, ...more] }
}

function fromPackets(
  { form }: Pasted,
  { connections, leftOut, isTruncated }: PastedPackets,
  port: number | undefined,
): readonly WireEvidence[] {
  const notes = [
    ...(form === 'a capture' ? [] : [`read as ${form}, with Ethernet, IP and TCP headers in front`]),
    ...(isTruncated ? ['the capture file ends inside a packet'] : []),
    ...(leftOut > 0
      ? [`${counted(leftOut, 'segment')} of further connections ${agreeing(leftOut, 'was', 'were')} left out`]
      : []),
  ]
  return [...byPort(connections)]
    .filter(([number]) => port === undefined || number === port)
    .map(([number, group]) => fromConnections(number, group, notes))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, maxConversations)
}

function byPort(connections: readonly TcpConnection[]): Map<number, TcpConnection[]> {
  const ports = new Map<number, TcpConnection[]>()
  for (const connection of connections) {
    const { port } = connection.server
    ports.set(port, [...(ports.get(port) ?? []), connection])
  }
  return ports
}

function fromConnections(port: number, connections: readonly TcpConnection[], notes: readonly string[]): WireEvidence {
  const streams = connections.flatMap(({ requests, answers }) => [requests, answers])
  const [first] = connections
  const others = connections.length > 1 ? ` and ${counted(connections.length - 1, 'more connection')}` : ''
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
  return [`the capture misses ${counted(missing, 'byte')} in ${counted(gaps.length, 'place')}`]
}
