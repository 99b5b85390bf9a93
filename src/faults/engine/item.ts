// The items that travel through one direction of a connection, in order.

import type { CloseReason } from '../../transport/network/link.js'

export type PassingItem =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly joined?: true }
  /** The sender ended its side. */
  | { readonly kind: 'end' }
  /** A fault ends the whole connection. */
  | { readonly kind: 'close'; readonly how: 'fin' | 'rst' }
  /** The link underneath has ended. */
  | { readonly kind: 'gone'; readonly reason: CloseReason; readonly detail: string | undefined }

/** One step of the way. */
export interface Stage {
  receive(item: PassingItem): void
  readonly heldBytes: number
  /** Nothing is held, bytes or other. */
  readonly isEmpty: boolean
}

/** Sums of times differ in their last digits; what is due within this many ms is due now. */
export const grainMs = 0.001

/** Several pieces as one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
