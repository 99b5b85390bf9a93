// Says what goes wrong with a ledger: a full disk is a trouble of thousands of groups, so it is told now and then.

import type { Clock } from '../../base/clock.js'

/** How often a trouble is told, in ms. */
const troubleEveryMs = 10_000

export function tellNowAndThen(clock: Clock, tell: (line: string) => void): (line: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (line) => {
    if (clock.now() - toldAt < troubleEveryMs) return
    toldAt = clock.now()
    tell(line)
  }
}
