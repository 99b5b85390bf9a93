// Exchanges that a client took over but could not take up. They are told later: at once would nest as deep as a caller
// that tries again at once.

import type { Clock } from '../../base/clock.js'
import type { Exchange } from '../client/exchange.js'

/** The word to an exchange that was taken over but not taken up. */
export type Refusal = (exchange: Exchange, at: number) => void

export const refusal = {
  closed: (exchange: Exchange, at: number) => exchange.onFailed(at, 'closed', false),
  duplicateKey: (exchange: Exchange, at: number) => exchange.onFailed(at, 'duplicate key', false),
  queueFull: (exchange: Exchange, at: number) => exchange.onUnsent(at, { backPressure: true, reason: 'queue full' }),
  /** It came too late: nobody but this process kept it waiting. */
  tooLate: (exchange: Exchange, at: number) => exchange.onUnsent(at, { backPressure: false, reason: 'too late' }),
  /** Its time passed while it waited for the connection, for the peer to read or to answer. */
  waitedTooLong: (exchange: Exchange, at: number) =>
    exchange.onUnsent(at, { backPressure: true, reason: 'waited too long' }),
  /** Writing it failed: its own values do not fit the dialect, or the framing. */
  notWritable: (error: unknown) => (exchange: Exchange, at: number) =>
    exchange.onFailed(at, error instanceof Error ? error.message : String(error), false),
}

export interface Refusals {
  /** Not told yet. */
  readonly size: number
  add(exchange: Exchange, why: Refusal): void
  /** Tells all now. */
  tell(): void
}

/** `onTold` runs after each round. */
export function createRefusals(clock: Clock, onTold: () => void): Refusals {
  return new RefusalList(clock, onTold)
}

class RefusalList implements Refusals {
  readonly #clock: Clock
  readonly #onTold: () => void
  #waiting: { readonly exchange: Exchange; readonly why: Refusal }[] = []

  constructor(clock: Clock, onTold: () => void) {
    this.#clock = clock
    this.#onTold = onTold
  }

  get size(): number {
    return this.#waiting.length
  }

  add(exchange: Exchange, why: Refusal): void {
    this.#waiting.push({ exchange, why })
    // A timer and not clock.soon: a caller that tries again at once must not keep the process from its sockets.
    if (this.#waiting.length === 1) this.#clock.after(0, () => this.tell())
  }

  tell(): void {
    const told = this.#waiting
    this.#waiting = []
    const at = this.#clock.now()
    for (const { exchange, why } of told) why(exchange, at)
    this.#onTold()
  }
}
