// A request on its way through a client, as the terminal role implements it.

import type { Received } from '../wire/wire.js'

/** A request and what becomes of it. Exactly one of onAnswer, onTimeout, onUnsent and onFailed is called. */
export interface Exchange {
  /** MatchKey.ofRequest of the request. */
  readonly key: string
  /** Largest number of bytes that write() can need. */
  readonly maxBytes: number
  /** Milliseconds of the clock: if not handed to the socket by then, it is not sent at all. */
  readonly sendBefore: number
  /** How long to wait for the answer, in ms, from the moment the request was handed to the socket. */
  readonly timeoutMs: number
  /** Told where there are several hosts: which one it goes to now. Calls `go`, at once or later, when it may. */
  toTarget?(name: string, go: () => void): void
  /** Writes MTI to last field at `at` and returns the end. */
  write(target: Uint8Array, at: number): number
  /** Handed to the socket in full. */
  onWritten(at: number): void
  /** `received` is valid during the call only. */
  onAnswer(received: Received, at: number): void
  /** `reason`: bytes came, but no whole message. */
  onTimeout(at: number, reason?: string): void
  onUnsent(at: number, why: { readonly backPressure: boolean; readonly reason: string }): void
  /** `reason` is the system's word such as ECONNRESET, or ours: 'badFrame', 'duplicate key', 'closed', a reject. */
  onFailed(at: number, reason: string, written: boolean): void
}
