// The trace of TCP on a captured connection: how often each piece of data was sent, when the peer's TCP acknowledged it,
// duplicate acknowledgements and closed windows (RFC 9293, RFC 5681). Pure.

import type { Endpoint, TcpSegment } from './tcp-segment.js'

/** A piece of data as it left one side, or arrived there. */
export interface SentPiece {
  /** When it was captured first, in epoch ms. */
  readonly at: number
  /** Times it was captured. */
  readonly sent: number
  /** When the other side acknowledged all of it; undefined: the capture holds no acknowledgement. */
  readonly ackedAt: number | undefined
}

export interface TcpTrace {
  /** The requests by the instant at which they were captured first. */
  readonly requests: ReadonlyMap<number, SentPiece>
  readonly duplicateAcks: number
  /** Times at which a side said that it takes no more. */
  readonly zeroWindows: number
}

interface Piece {
  readonly at: number
  readonly sequence: number
  readonly end: number
  sent: number
  ackedAt: number | undefined
}

/** Pieces that are kept of one direction. */
const maxPieces = 100_000
/** How far back a piece is looked for that is sent again. */
const lookBack = 512

export function createTrace(first: Pick<TcpSegment, 'from'>): {
  take(segment: TcpSegment): void
  finish(server: Endpoint): TcpTrace
} {
  const one = new Direction()
  const other = new Direction()
  let duplicateAcks = 0
  let zeroWindows = 0
  const isOne = ({ host, port }: Endpoint) => host === first.from.host && port === first.from.port
  return {
    take(segment) {
      const [own, peer] = isOne(segment.from) ? [one, other] : [other, one]
      if (segment.isAck && peer.acknowledge(segment)) duplicateAcks++
      if (segment.window === 0 && !segment.isReset && !segment.isSyn) zeroWindows++
      if (segment.bytes.length > 0) own.send(segment)
    },
    finish: (server) => ({
      requests: new Map((isOne(server) ? other : one).pieces.map((piece) => [piece.at, piece])),
      ...{ duplicateAcks, zeroWindows },
    }),
  }
}

class Direction {
  readonly pieces: Piece[] = []
  /** The first that is not acknowledged. */
  #next = 0
  #acknowledged: number | undefined

  send({ sequence, bytes, atMs }: TcpSegment): void {
    const end = (sequence + bytes.length) >>> 0
    for (let index = this.pieces.length - 1; index >= Math.max(0, this.pieces.length - lookBack); index--) {
      const piece = this.pieces[index] as Piece
      if (piece.sequence !== sequence) continue
      piece.sent++
      return
    }
    if (this.pieces.length < maxPieces) this.pieces.push({ at: atMs, sequence, end, sent: 1, ackedAt: undefined })
  }

  /** Whether it repeats the acknowledgement before it while data are under way. */
  acknowledge({ acknowledged, atMs, bytes, isEnd, isSyn }: TcpSegment): boolean {
    const isRepeated = acknowledged === this.#acknowledged && bytes.length === 0 && !isEnd && !isSyn
    const isUnderWay = this.#next < this.pieces.length
    this.#acknowledged = acknowledged
    for (let piece = this.pieces[this.#next]; piece !== undefined; piece = this.pieces[this.#next]) {
      if (((acknowledged - piece.end) | 0) < 0) break
      piece.ackedAt = atMs
      this.#next++
    }
    return isRepeated && isUnderWay
  }
}
