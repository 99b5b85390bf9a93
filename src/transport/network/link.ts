// A byte stream to a peer, and the network that makes them. Two implementations: TCP, and simulated.

/** The most that one read brings. A chunk of so many has filled the buffer: more is there, and would be read in the same turn. */
export const readBytes = 65_536

/** Why a link ended. `refused` and `unreachable`: it never opened. */
export type CloseReason = 'ended' | 'reset' | 'refused' | 'unreachable' | 'connectTimeout' | 'tls' | 'local'

/** The events that a link tells its owner, never from inside a call of the owner's to the link or the network. */
export interface LinkHandlers {
  /** The link is open; only for one that connect() made. A link that was accepted is open from the start. */
  onOpen?(): void
  /** A view that is valid during the call only, unless nobody uses its bytes again: they may then be kept. */
  onData(bytes: Uint8Array, mayBeKept?: boolean): void
  /** The peer keeps up again after write() returned false. */
  onDrain?(): void
  /** The peer sent its end; it may still read. `detail`: a sentence, where more is known. */
  onEnd?(detail?: string): void
  /** Exactly once, last. `detail` is the system's own word, such as ECONNRESET, or for `tls` a sentence. */
  onClose(reason: CloseReason, detail?: string): void
}

export interface Link {
  /** Address of the peer, `host:port`. */
  readonly peer: string
  /**
   * Takes the bytes over: the caller must not change them until `hasLeft` says so. False when the peer does not keep up: the bytes
   * are taken all the same, but wait for onDrain before writing more. Never throws; ignored once the link has ended.
   */
  write(bytes: Uint8Array): boolean
  /** All that was written has left this process: whoever wrote it may use its bytes again. Left out: a link that never says so. */
  readonly hasLeft?: boolean
  /** Stops and restarts reading: back-pressure towards the peer. */
  pause(): void
  resume(): void
  /** Sends what was written, then the end. Idempotent. */
  end(): void
  /** Closes at once, with RST where the system can. Idempotent. */
  reset(): void
}

export interface Address {
  readonly host: string
  readonly port: number
}

export interface Listener {
  /** With the real port when 0 was asked for. */
  readonly address: Address
  /** Stops accepting and cuts off TLS handshakes that are under way; links stay. Idempotent. */
  close(): Promise<void>
}

/** Why a peer is not let in. `handshake`: its TLS handshake failed or took too long; `handshakes`: too many at once. */
export type Rejection = 'connections' | 'perAddress' | 'handshakes' | 'handshake'

export interface ListenOptions {
  /** Further peers are turned away. Left out: no limit. */
  readonly maxConnections?: number
  /** Connections of one IP address. Left out: no limit. */
  readonly maxPerAddress?: number
  /** TLS handshakes under way at once. Left out: a named default. */
  readonly maxHandshakes?: number
  /** How long a peer may take for its TLS handshake, in ms, however many bytes it sends meanwhile. */
  readonly handshakeMs?: number
  /** A peer that was not let in: a sentence, and the kind for counters. */
  readonly onRejected?: (peer: string, why: string, kind: Rejection) => void
}

export interface Network {
  /** Returns at once; the handlers say whether and when the link opens. */
  connect(address: Address, handlers: LinkHandlers, options: { connectTimeoutMs: number }): Link
  /** Rejects with StartError when the port cannot be had. */
  listen(address: Address, accept: (link: Link) => LinkHandlers, options?: ListenOptions): Promise<Listener>
}
