// What may look at the bytes that pass through a proxy, without touching them: the recorder, the live latency.

/** As Toxiproxy calls them: `upstream` is from the client to the server, `downstream` the way back. */
export type StreamDirection = 'upstream' | 'downstream'

/** One connection through the proxy. */
export interface Tapped {
  /** 1, 2, 3 … in the order in which they were accepted. */
  readonly id: number
  /** host:port of the client. */
  readonly peer: string
}

export interface Tap {
  /** A view that is valid during the call only. Must not throw. */
  onBytes(connection: Tapped, direction: StreamDirection, bytes: Uint8Array): void
  onClosed(connection: Tapped): void
}

/** Several taps as one; undefined when there is none, so that the fast path can see it. */
export function joinTaps(taps: readonly Tap[]): Tap | undefined {
  const [first, second] = taps
  if (first === undefined || second === undefined) return first
  return {
    onBytes: (connection, direction, bytes) => {
      for (const tap of taps) tap.onBytes(connection, direction, bytes)
    },
    onClosed: (connection) => {
      for (const tap of taps) tap.onClosed(connection)
    },
  }
}
