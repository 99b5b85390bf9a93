// Floods share what is left of a turn: a connection whose chunk was a full one waits in line, and few of the line go on in each turn,
// however many stand in it. Whoever says little never stands in it, and waits for few.

import type { Clock } from '../base/clock.js'

/** So many of those in line read on in one turn: about half a millisecond of work. */
export const letInPerTurn = 2

export interface Turnstile {
  /** Calls back once, in a later turn. */
  wait(goOn: () => void): void
}

export function createTurnstile(clock: Clock): Turnstile {
  const line: (() => void)[] = []
  const turn = () => {
    for (const goOn of line.splice(0, letInPerTurn)) goOn()
    if (line.length > 0) clock.precisely(0, turn)
  }
  return {
    wait(goOn) {
      line.push(goOn)
      if (line.length === 1) clock.precisely(0, turn)
    },
  }
}
