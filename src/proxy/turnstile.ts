// Floods share what is left of a turn: a connection whose chunk was a full one waits in line, and one of the line goes on in each
// turn, however many stand in it. Whoever says little never stands in it, and waits for one chunk of others at the most.

import type { Clock } from '../base/clock.js'

export interface Turnstile {
  /** Calls back once, in a later turn. */
  wait(goOn: () => void): void
}

export function createTurnstile(clock: Clock): Turnstile {
  const line: (() => void)[] = []
  const turn = () => {
    // It stays in line until it has gone on: one that waits again at once finds that a turn is on its way.
    line[0]?.()
    line.shift()
    if (line.length > 0) clock.precisely(0, turn)
  }
  return {
    wait(goOn) {
      line.push(goOn)
      if (line.length === 1) clock.precisely(0, turn)
    },
  }
}
