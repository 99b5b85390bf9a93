// Does silence begin with idle time? What forgets idle connections makes a step: below some time all is answered, above it
// next to nothing.

import { likelihood } from './locality.js'
import type { SeenTransaction } from './seen.js'

export interface IdleStep {
  /** Longest idle time below the step, and shortest above it, in ms. */
  readonly belowMs: number
  readonly aboveMs: number
  readonly silentAbove: number
  readonly above: number
  readonly silentBelow: number
  readonly below: number
}

/** Shares that make a step, and transactions that it takes. */
const silentAbove = 0.7
const silentBelow = 0.08
const leastSilent = 5
/** As a logarithm, after the price of the search. */
const leastGain = 7
/** Idle times shorter than this are those of a busy connection, in ms. */
const leastIdleMs = 200

export function findIdleStep(seen: readonly SeenTransaction[]): IdleStep | undefined {
  // A connection that is dead is idle because of that.
  const known = seen.filter(
    ({ idleMs, isSilent, isAnswered, wasSilent }) => idleMs !== undefined && !wasSilent && (isSilent || isAnswered),
  )
  const sorted = known.sort((one, other) => (one.idleMs ?? 0) - (other.idleMs ?? 0))
  const all = countOf(sorted)
  if (all.untimely < leastSilent) return undefined
  const below = { untimely: 0, offered: 0 }
  let best: { at: number; gain: number; below: typeof below } | undefined
  sorted.forEach(({ isSilent }, index) => {
    below.offered++
    if (isSilent) below.untimely++
    const above = { untimely: all.untimely - below.untimely, offered: all.offered - below.offered }
    const gain = likelihood(below) + likelihood(above) - likelihood(all) - 1.5 * Math.log(sorted.length)
    if (above.offered >= leastSilent && gain > (best?.gain ?? leastGain))
      best = { at: index, gain, below: { ...below } }
  })
  return best === undefined ? undefined : stepAt(sorted, best.at, best.below, all)
}

function stepAt(
  sorted: readonly SeenTransaction[],
  index: number,
  below: { untimely: number; offered: number },
  all: { untimely: number; offered: number },
): IdleStep | undefined {
  const above = { untimely: all.untimely - below.untimely, offered: all.offered - below.offered }
  const [belowMs, aboveMs] = [sorted[index]?.idleMs ?? 0, sorted[index + 1]?.idleMs ?? 0]
  const isStep = above.untimely >= silentAbove * above.offered && below.untimely <= silentBelow * below.offered
  if (!isStep || aboveMs < leastIdleMs || below.offered < leastSilent) return undefined
  return {
    ...{ belowMs, aboveMs, silentAbove: above.untimely, above: above.offered },
    ...{ silentBelow: below.untimely, below: below.offered },
  }
}

const countOf = (seen: readonly SeenTransaction[]) => ({
  offered: seen.length,
  untimely: seen.filter(({ isSilent }) => isSilent).length,
})
