// One timer for the earliest of many deadlines: it is set anew only for an earlier one, and may ring when nothing is due.

import type { Clock, Timer } from '../../base/clock.js'

export interface Alarm {
  /** Rings at `at` (ms of the clock) or before. Infinity asks for nothing. */
  setBy(at: number): void
  clear(): void
}

/** `ring` sets the alarm again for what is left. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let timer: Timer | undefined
  let ringsAt = Number.POSITIVE_INFINITY

  const clear = () => {
    timer?.cancel()
    timer = undefined
    ringsAt = Number.POSITIVE_INFINITY
  }

  return {
    setBy(at) {
      if (at >= ringsAt) return
      timer?.cancel()
      ringsAt = at
      timer = clock.after(at - clock.now(), () => {
        clear()
        ring()
      })
    },
    clear,
  }
}
