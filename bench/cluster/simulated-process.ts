// A process of the simulated cluster: it can be killed, or stand still for a while, and its clocks are its own.

import type { Clock } from '../../src/base/clock.js'
import type { VirtualClock } from '../../src/base/virtual-clock.js'

export class SimulatedProcess {
  readonly clock: Clock
  readonly #time: VirtualClock
  #isDead = false
  #frozenUntil = 0

  /** `skewMs`: how far its wall clock is off; its monotonic clock began some time ago. */
  constructor(time: VirtualClock, { skewMs, bootedMs }: { readonly skewMs: number; readonly bootedMs: number }) {
    this.#time = time
    const after = (delayMs: number, action: () => void) => time.after(delayMs, () => this.run(action))
    this.clock = {
      now: () => time.now() + bootedMs,
      wall: () => time.wall() + skewMs,
      after,
      precisely: after,
      soon: (action) => time.soon(() => this.run(action)),
    }
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Does it now, when it thaws, or never. */
  run(action: () => void): void {
    if (this.#isDead) return
    const left = this.#frozenUntil - this.#time.now()
    if (left > 0) this.#time.after(left, () => this.run(action))
    else action()
  }

  freeze(forMs: number): void {
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#time.now() + forMs)
  }

  kill(): void {
    this.#isDead = true
  }
}
