// The onlookers on the bytes of a connection, which never touch them: recordings, messages as they pass, captures.

/** As Toxiproxy calls them: `upstream` is from the client to the server, `downstream` the way back. */
export type StreamDirection = 'upstream' | 'downstream'

/** One connection. */
export interface Tapped {
  /** 1, 2, 3 … in the order in which they were dialled or accepted. */
  readonly id: number
  /** host:port of the other side; at a proxy, of the client. */
  readonly peer: string
  /** host:port of the server; equal to `peer` where this process is the client. */
  readonly server: string
}

export interface Tap {
  /** Left out: nothing is done for a connection before its first bytes. */
  onOpened?(connection: Tapped): void
  /** A view that is valid during the call only. Must not throw. */
  onBytes(connection: Tapped, direction: StreamDirection, bytes: Uint8Array): void
  /** `why` is the reason in the words of the link; undefined where nobody knows it. */
  onClosed(connection: Tapped, why?: string): void
}

/** Makes taps for several listeners, which number their connections each by itself: behind them they are numbered together. */
export function tapOfSeveral(tap: Tap): () => Tap {
  let connections = 0
  return () => {
    const known = new Map<number, Tapped>()
    const numbered = ({ id, peer, server }: Tapped): Tapped => {
      const found = known.get(id) ?? { id: ++connections, peer, server }
      known.set(id, found)
      return found
    }
    return {
      onOpened: (connection) => tap.onOpened?.(numbered(connection)),
      onBytes: (connection, direction, bytes) => tap.onBytes(numbered(connection), direction, bytes),
      onClosed(connection, why) {
        tap.onClosed(numbered(connection), why)
        known.delete(connection.id)
      },
    }
  }
}

/** Several taps as one; undefined when there is none, so that the fast path can see it. */
export function joinTaps(taps: readonly Tap[]): Tap | undefined {
  const [first, second] = taps
  if (first === undefined || second === undefined) return first
  return {
    onOpened: (connection) => {
      for (const tap of taps) tap.onOpened?.(connection)
    },
    onBytes: (connection, direction, bytes) => {
      for (const tap of taps) tap.onBytes(connection, direction, bytes)
    },
    onClosed: (connection, why) => {
      for (const tap of taps) tap.onClosed(connection, why)
    },
  }
}
