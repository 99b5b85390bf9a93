// Exchanges that a client took over but could not take up. They are told later: at once would nest as deep as a caller
// that tries again at once.

import type { Clock } from '../base/clock.js'
import type { Exchange } from './exchange.js'

/** What is told to an exchange that was taken over but not taken up. */
export type Refusal = (exchange: Exchange, at: number) => void

export const closed: Refusal = (exchange, at) => exchange.onFailed(at, 'closed', false)
export const duplicateKey: Refusal = (exchange, at) => exchange.onFailed(at, 'duplicate key', false)
export const queueFull: Refusal = (exchange, at) => exchange.onUnsent(at, { backPressure: true, reason: 'queue full' })
export const tooLate: Refusal = (exchange, at) => exchange.onUnsent(at, { backPressure: false, reason: 'too late' })
/** Writing it failed: its own values do not fit the dialect, or the framing. */
export const notWritable =
  (error: unknown): Refusal =>
  (exchange, at) =>
    exchange.onFailed(at, error instanceof Error ? error.message : String(error), false)

export interface Refusals {
  /** Not told yet. */
  readonly size: number
  add(exchange: Exchange, refusal: Refusal): void
  /** Tells all now. */
  tell(): void
}

/** `onTold` runs after each round. */
export function createRefusals(clock: Clock, onTold: () => void): Refusals {
  let waiting: { readonly exchange: Exchange; readonly refusal: Refusal }[] = []

  const tell = () => {
    const told = waiting
    waiting = []
    const at = clock.now()
    for (const { exchange, refusal } of told) refusal(exchange, at)
    onTold()
  }

  return {
    get size() {
      return waiting.length
    },
    add(exchange, refusal) {
      waiting.push({ exchange, refusal })
      // A timer and not clock.soon: a caller that tries again at once must not keep the process from its sockets.
      if (waiting.length === 1) clock.after(0, tell)
    },
    tell,
  }
}
