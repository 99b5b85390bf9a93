// How a captured connection began and ended: handshake, end and reset, with their times. Pure.

import type { Endpoint, TcpSegment } from './tcp-segment.js'

/** Instants in epoch ms, as captured; undefined for what the capture does not hold. */
export interface ConnectionLife {
  readonly firstAt: number
  readonly lastAt: number
  /** The first SYN. */
  readonly synAt: number | undefined
  /** The host's answer to it. */
  readonly acceptedAt: number | undefined
  /** The client's next segment: the handshake is over, wherever it was captured. */
  readonly openedAt: number | undefined
  /** The first end (FIN), and whose it was. */
  readonly ended: ConnectionEnd | undefined
  /** The first reset (RST), and whose it was. */
  readonly reset: ConnectionEnd | undefined
}

export interface ConnectionEnd {
  readonly at: number
  readonly by: 'client' | 'server'
}

interface Life {
  take(segment: TcpSegment): void
  finish(server: Endpoint): ConnectionLife
}

export function createLife(): Life {
  const at: { first?: number; last: number; syn?: number; accepted?: number; opened?: number } = { last: 0 }
  let ended: TcpSegment | undefined
  let reset: TcpSegment | undefined
  return {
    take(segment) {
      const { isSyn, isAck, isEnd, isReset, atMs } = segment
      at.first ??= atMs
      at.last = atMs
      if (isSyn && !isAck) at.syn ??= atMs
      else if (isSyn) at.accepted ??= atMs
      else if (at.accepted !== undefined && at.opened === undefined && !isReset) at.opened = atMs
      if (isEnd) ended ??= segment
      if (isReset) reset ??= segment
    },
    finish(server) {
      const partingOf = (segment: TcpSegment | undefined): ConnectionEnd | undefined => {
        if (segment === undefined) return undefined
        const { host, port } = segment.from
        return { at: segment.atMs, by: host === server.host && port === server.port ? 'server' : 'client' }
      }
      return {
        ...{ firstAt: at.first ?? 0, lastAt: at.last, synAt: at.syn, acceptedAt: at.accepted, openedAt: at.opened },
        ...{ ended: partingOf(ended), reset: partingOf(reset) },
      }
    },
  }
}
