// Does silence begin with idle time? What forgets idle connections makes a step: below some time all is answered, above it
// next to nothing.

import { likelihood } from './locality.js'
import type { Observations } from './observations.js'

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
/** Requests that came so shortly before the first silence count as well, in ms. */
const aroundMs = 500

/** Something that was asked on a connection that had been idle for so long, in ms. */
interface Asked {
  readonly at: number
  readonly idleMs: number
  readonly isSilent: boolean
}

/** Reversals count as well: what is sent over a new connection, which was not idle, is answered. */
export function findIdleStep({ seen, controls }: Pick<Observations, 'seen' | 'controls'>): IdleStep | undefined {
  const reversals = controls.filter(({ kind }) => kind === 'reversal')
  const asked = [...seen, ...reversals.map((each) => ({ ...each, isSilent: !each.isAnswered }))]
  // A connection that is dead is idle because of that.
  const known = asked.flatMap(({ at, idleMs, isSilent, isAnswered, wasSilent }): readonly Asked[] =>
    idleMs === undefined || wasSilent || !(isSilent || isAnswered) ? [] : [{ at, idleMs, isSilent }],
  )
  // From the first silence on: at other times a connection that is used soon is answered whatever befalls idle ones later.
  const from = known.reduce(
    (first, { isSilent, at }) => (isSilent ? Math.min(first, at) : first),
    Number.POSITIVE_INFINITY,
  )
  const sorted = known.filter(({ at }) => at >= from - aroundMs).sort((one, other) => one.idleMs - other.idleMs)
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
  sorted: readonly Asked[],
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

const countOf = (asked: readonly Asked[]) => ({
  offered: asked.length,
  untimely: asked.filter(({ isSilent }) => isSilent).length,
})
