// The protection of one request: made by the keys of its terminal, carried along with the request.

import type { Received } from '../../transport/wire/wire.js'
import type { Judgement } from '../judgement.js'

/** The facts that the keys need about the plan of a message. */
export interface GuardedPlan {
  /** The field of its MAC; undefined when it carries none. */
  readonly macField: number | undefined
  /** The field of its key serial number; undefined for a message that is not under DUKPT. */
  readonly ksnField: number | undefined
  valueOf(field: number, values: readonly string[]): string | undefined
}

/** The protection between a terminal and its host. */
export interface Guard {
  /** The key serial number of this request, in hex; undefined for one that is not under DUKPT. */
  readonly ksn: string | undefined
  /** The enciphered PIN block for this card, in hex; empty without a key for it. */
  pinBlock(pan: string): string
  /** Puts the MAC into a packed message that ends with `field`. Throws CryptoError without a key. */
  seal(field: number, message: Uint8Array): void
  /** The judgement, or what is wrong with the answer's MAC. */
  trusted(plan: GuardedPlan, received: Received, judgement: Judgement): Judgement
}
