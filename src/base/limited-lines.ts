// Lines that somebody outside can cause as often as they like: so many are told, the rest is counted.

import type { Clock } from './clock.js'
import { counted } from './text/counted.js'

export interface LimitedLines {
  /** A line, or what makes one: called only when it is told. */
  (line: string | (() => string)): void
  /** Says how many were left out since the last line that was told. Idempotent. */
  close(): void
}

/** Lines of one window, and how long a window is. */
const most = 10
const windowMs = 10_000

/** At most 10 lines in 10 s go to `tell`; the first of the next window says how many were left out before it. */
export function limitLines(clock: Clock, tell: (line: string) => void): LimitedLines {
  let beganAt = Number.NEGATIVE_INFINITY
  let told = 0
  let leftOut = 0
  const sayLeftOut = () => {
    if (leftOut > 0) tell(`left out: ${counted(leftOut, 'more line')} such as these`)
    leftOut = 0
  }
  const say = (line: string | (() => string)) => {
    const now = clock.now()
    if (now - beganAt >= windowMs) {
      beganAt = now
      told = 0
    }
    if (told >= most) {
      leftOut++
      return
    }
    sayLeftOut()
    told++
    tell(typeof line === 'string' ? line : line())
  }
  return Object.assign(say, { close: sayLeftOut })
}
