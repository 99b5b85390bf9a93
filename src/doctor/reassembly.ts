// Byte streams out of TCP segments, both directions of each connection: in order, without what was sent twice, with the
// gaps where the capture missed something.

import { type ConnectionLife, createLife } from './connection-life.js'
import type { Endpoint, TcpSegment } from './tcp-segment.js'
import { createTrace, type TcpTrace } from './tcp-trace.js'

/** Bytes without a gap. */
export interface ByteRun {
  readonly bytes: Uint8Array
  /** Bytes that are missing in front of this run; 0 for the first. */
  readonly missingBefore: number
  /** Where each packet's bytes begin, and when it was captured. */
  readonly packets: readonly { readonly at: number; readonly atMs: number }[]
}

export interface TcpStream {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly runs: readonly ByteRun[]
  /** Segments that brought nothing new. */
  readonly repeats: number
  /** The stream was longer than what is kept: the rest was left out. */
  readonly isCut: boolean
}

export interface TcpConnection {
  /** Who was connected to: told by the handshake, otherwise the lower port. */
  readonly server: Endpoint
  readonly client: Endpoint
  /** Client to server. */
  readonly requests: TcpStream
  readonly answers: TcpStream
  /** How it began and how it ended. */
  readonly life: ConnectionLife
  /** The trace of TCP itself on it. */
  readonly trace: TcpTrace
}

/** Connections of one capture: a busy host's minute; later ones are left out. */
export const maxConnections = 4096
/** Bytes kept of one direction: thousands of messages. */
export const maxStreamBytes = 1_048_576
/** Segments and bytes that wait for one before them; then it is taken as lost. A window of TCP without scaling. */
const maxWaitingSegments = 128
const maxWaitingBytes = 65_536

export interface Reassembled {
  /** In the order in which they began. */
  readonly connections: readonly TcpConnection[]
  /** Segments of connections beyond `maxConnections`. */
  readonly leftOut: number
}

/** Puts the segments of a capture together, in the order in which they were captured; of a stream the first `mostBytes`. */
export function reassemble(segments: Iterable<TcpSegment>, mostBytes: number = maxStreamBytes): Reassembled {
  const open = new Map<string, Pair>()
  const all: Pair[] = []
  let leftOut = 0
  for (const segment of segments) {
    const key = keyOf(segment)
    let pair = open.get(key)
    if (pair === undefined || pair.isOver(segment)) {
      if (all.length === maxConnections) {
        leftOut++
        continue
      }
      pair = createPair(segment, mostBytes)
      open.set(key, pair)
      all.push(pair)
    }
    pair.take(segment)
  }
  return { connections: all.map((pair) => pair.finish()), leftOut }
}

export const endpointText = ({ host, port }: Endpoint) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

/** The same for both directions. */
function keyOf({ from, to }: TcpSegment): string {
  return [endpointText(from), endpointText(to)].sort().join(' ')
}

interface Pair {
  /** The segment opens another connection between the same two ports. */
  isOver(segment: TcpSegment): boolean
  take(segment: TcpSegment): void
  finish(): TcpConnection
}

function createPair(first: TcpSegment, mostBytes: number): Pair {
  const one = createDirection(first, mostBytes)
  const other = createDirection({ from: first.to, to: first.from }, mostBytes)
  const life = createLife()
  const trace = createTrace(first)
  let server: Endpoint | undefined
  const directionOf = ({ from }: TcpSegment) => (isSame(from, first.from) ? one : other)

  return {
    isOver: (segment) => segment.isSyn && !segment.isAck && directionOf(segment).isAnotherStart(segment.sequence),
    take(segment) {
      if (segment.isSyn) server = segment.isAck ? segment.from : segment.to
      life.take(segment)
      trace.take(segment)
      directionOf(segment).take(segment)
    },
    finish() {
      const to = server ?? (first.from.port < first.to.port ? first.from : first.to)
      const [requests, answers] = isSame(to, first.to) ? [one, other] : [other, one]
      return {
        server: to,
        client: isSame(to, first.to) ? first.from : first.to,
        requests: requests.finish(),
        answers: answers.finish(),
        life: life.finish(to),
        trace: trace.finish(to),
      }
    },
  }
}

const isSame = (a: Endpoint, b: Endpoint) => a.port === b.port && a.host === b.host

interface Piece {
  readonly sequence: number
  readonly bytes: Uint8Array
  readonly atMs: number
}

interface Direction {
  isAnotherStart(sequence: number): boolean
  take(segment: TcpSegment): void
  finish(): TcpStream
}

function createDirection({ from, to }: Pick<TcpSegment, 'from' | 'to'>, mostBytes: number): Direction {
  const runs: ByteRun[] = []
  const waiting: Piece[] = []
  let start: number | undefined
  let expected: number | undefined
  let run = openRun(0)
  let repeats = 0
  let kept = 0
  let isCut = false

  /** Takes a piece that begins at or before the next byte that is expected. */
  const append = ({ sequence, bytes, atMs }: Piece) => {
    const known = -distance(sequence, expected as number)
    if (known >= bytes.length) {
      repeats++
      return
    }
    const fresh = bytes.subarray(known)
    expected = ((expected as number) + fresh.length) >>> 0
    if (kept + fresh.length > mostBytes) {
      isCut = true
      return
    }
    kept += fresh.length
    run.packets.push({ at: run.length, atMs })
    run.chunks.push(fresh)
    run.length += fresh.length
  }

  /** Appends what waited for the byte that is now expected. */
  const appendWaiting = () => {
    while (waiting.length > 0 && distance((waiting[0] as Piece).sequence, expected as number) <= 0) {
      append(waiting.shift() as Piece)
    }
  }

  const giveUpGap = () => {
    const missing = distance((waiting[0] as Piece).sequence, expected as number)
    if (run.length > 0) runs.push(closeRun(run))
    run = openRun(missing)
    expected = (waiting[0] as Piece).sequence
    appendWaiting()
  }

  return {
    isAnotherStart: (sequence) => expected !== undefined && start !== (sequence + 1) >>> 0,
    take({ sequence, isSyn, bytes, atMs }) {
      const first = isSyn ? (sequence + 1) >>> 0 : sequence
      if (isSyn) start = first
      if (expected === undefined && (isSyn || bytes.length > 0)) expected = first
      if (bytes.length === 0 || isCut) return
      const piece = { sequence: first, bytes, atMs }
      if (distance(first, expected as number) <= 0) append(piece)
      else insert(waiting, piece)
      appendWaiting()
      if (waiting.length > maxWaitingSegments || bytesOf(waiting) > maxWaitingBytes) giveUpGap()
    },
    finish() {
      while (waiting.length > 0 && !isCut) giveUpGap()
      if (run.length > 0) runs.push(closeRun(run))
      return { from, to, runs, repeats, isCut }
    },
  }
}

interface OpenRun {
  readonly missingBefore: number
  readonly chunks: Uint8Array[]
  readonly packets: { at: number; atMs: number }[]
  length: number
}

const openRun = (missingBefore: number): OpenRun => ({ missingBefore, chunks: [], packets: [], length: 0 })
const closeRun = ({ missingBefore, chunks, packets }: OpenRun): ByteRun => ({
  missingBefore,
  packets,
  bytes: Buffer.concat(chunks),
})

/** How far `a` is behind `b`, in a circle of 2^32: negative when it is before. */
const distance = (a: number, b: number) => (a - b) | 0

const bytesOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)

/** Keeps the pieces in order of their numbers. */
function insert(pieces: Piece[], piece: Piece): void {
  const at = pieces.findIndex(({ sequence }) => distance(piece.sequence, sequence) < 0)
  pieces.splice(at < 0 ? pieces.length : at, 0, piece)
}
