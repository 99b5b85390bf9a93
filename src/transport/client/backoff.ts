// How long to wait before the next attempt to connect: exponential, with full jitter so that clients do not come in step.

import type { Random } from '../../base/random.js'

export interface BackoffOptions {
  /** Ceiling of the first wait, in ms. It doubles with every attempt. */
  readonly fromMs: number
  /** Largest ceiling, in ms. */
  readonly toMs: number
  /** True: anything between 0 and the ceiling. False: the ceiling itself. */
  readonly jitter: boolean
}

export interface Backoff {
  /** Milliseconds to wait before the next attempt. */
  next(): number
  /** The peer is well again: start from the beginning. */
  reset(): void
}

export function createBackoff({ fromMs, toMs, jitter }: BackoffOptions, random: Random): Backoff {
  let ceiling = Math.min(fromMs, toMs)
  return {
    next() {
      const wait = jitter ? random.between(0, ceiling) : ceiling
      ceiling = Math.min(2 * ceiling, toMs)
      return wait
    },
    reset() {
      ceiling = Math.min(fromMs, toMs)
    },
  }
}
