// The options and the interface of a client. The client itself is in client.ts.

import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import type { Address, CloseReason, Network } from '../network/link.js'
import type { MatchKey } from '../wire/match-key.js'
import type { BodyWriter, Received, Wire } from '../wire/wire.js'
import type { BackoffOptions } from './backoff.js'
import type { Exchange } from './exchange.js'

export type DownReason = CloseReason | 'badFrame'

/**
 * A request of the host's. Returns whether it was one that is known; `reply` writes its answer, during the call only, in
 * the envelope of an answer: TPDU addresses swapped.
 */
export type HostRequest = (received: Received, reply: (maxBodyBytes: number, writer: BodyWriter) => void) => boolean

export interface ClientOptions {
  readonly network: Network
  readonly address: Address
  readonly wire: Wire
  readonly clock: Clock
  readonly random: Random
  readonly matchKey: MatchKey
  readonly connectTimeoutMs: number
  /** Requests without an answer on this connection. */
  readonly maxInFlight?: number
  /** Exchanges that may wait to be sent; one more is unsent with reason 'queue full'. */
  readonly maxQueued?: number
  /** Left out: a link for one conversation, which is not dialled again. */
  readonly reconnect?: BackoffOptions
  readonly onUp?: (client: Client) => void
  /** The link ended, or could not be opened. */
  readonly onDown?: (reason: DownReason, detail: string | undefined) => void
  /** An answer to an exchange that had timed out. */
  readonly onLate?: (received: Received, at: number) => void
  /** A message that answers nothing, and why. */
  readonly onUnmatched?: (received: Received, explanation: string) => void
  /** Bytes came that are no whole message yet. */
  readonly onPartial?: (at: number) => void
  /** A request got no answer in time, though bytes came: what they look like, in words. */
  readonly onUnreadable?: (explanation: string, at: number) => void
  /** Left out: requests of the host's are unmatched. */
  readonly onRequest?: HostRequest | undefined
  /** A write filled the connection: nothing more is written until the peer has taken it. */
  readonly onBackPressure?: ((at: number) => void) | undefined
  /** How long an attempt that succeeded took, in ms. */
  readonly onConnectTime?: (ms: number) => void
  /**
   * So many requests in a row got no answer, and nothing else came meanwhile: the link may be dead without knowing it. The
   * client goes on; its owner may put another in its place. Left out: nobody is told.
   */
  readonly silence?: { readonly afterTimeouts: number; readonly onSilent: (client: Client) => void } | undefined
}

/** `waiting`: for the next attempt. `closed`: for good. */
export type ClientState = 'idle' | 'connecting' | 'up' | 'waiting' | 'closed'

export interface CloseOptions {
  readonly dropQueue?: boolean
}

export interface Client {
  readonly state: ClientState
  /** Written and not yet answered. */
  readonly inFlight: number
  readonly queued: number
  /** Dials, unless that was done before. */
  connect(): void
  /** Takes the exchange over; dials if need be. With `first` it goes ahead of all that wait. */
  send(exchange: Exchange, options?: { readonly first?: boolean }): void
  /**
   * Takes nothing more, waits for what waits and is in flight for up to `deadlineMs`, then fails the rest with 'closed'.
   * With `dropQueue` what waits fails soon. Resolves when the link has ended. Asked again, it waits no longer where
   * `deadlineMs` is 0, and else goes on as it was.
   */
  close(deadlineMs?: number, options?: CloseOptions): Promise<void>
}

/** How long the peer may take to end its side after we ended ours, in ms; then the link is reset. */
export const lingerMs = 1000

/** As many as a STAN can tell apart several times over; more in flight means that the host is not answering. */
export const defaultMaxInFlight = 65_536
/** Requests, in memory of this process: about a minute at the highest rate that one connection makes sense for. */
export const defaultMaxQueued = 100_000
/** How long close() waits for answers when it is not told, in ms. */
export const defaultCloseMs = 5000

/** The shortest word for a reason that stays the same from one time to the next, so that it can be counted. */
export function downReasonWord(reason: DownReason, detail: string | undefined): string {
  return reason === 'badFrame' || reason === 'connectTimeout' || detail === undefined ? reason : detail
}

/** Why an exchange still waits to be sent. */
export function whyWaiting(state: ClientState, isBlocked: boolean): { backPressure: boolean; reason: string } {
  const reason = isBlocked ? 'peer does not read' : 'too many in flight'
  return { backPressure: true, reason: state === 'up' ? reason : 'not connected' }
}

/** Why a time ran out although bytes came: they make no message, as where the host frames its answers in another way. */
export const unreadAnswer = 'answer that is not a whole message'
