// A clock whose wall time stands still while an event is handled: a host that handles a chunk of sixty requests asks for it
// hundreds of times, and all that is written of them shall bear one time.

import type { Clock, Timer } from './clock.js'

class TurnClock implements Clock {
  readonly #clock: Clock
  #wall = 0
  #isKnown = false
  readonly #forget = () => {
    this.#isKnown = false
  }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  wall(): number {
    if (!this.#isKnown) {
      this.#wall = this.#clock.wall()
      this.#isKnown = true
      this.#clock.soon(this.#forget)
    }
    return this.#wall
  }

  now(): number {
    return this.#clock.now()
  }

  after(delayMs: number, action: () => void): Timer {
    return this.#clock.after(delayMs, action)
  }

  precisely(delayMs: number, action: () => void, napMs?: () => number): Timer {
    return this.#clock.precisely(delayMs, action, napMs)
  }

  soon(action: () => void): void {
    this.#clock.soon(action)
  }
}

/** As the given clock, but `wall` is read once for each event. */
export const createTurnClock = (clock: Clock): Clock => new TurnClock(clock)
