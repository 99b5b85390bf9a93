// Whom does lateness hit? For every dimension the values are split in two, those that fare badly and the rest, and the split
// is weighed against chance: its log-likelihood, less what it costs to have chosen it among all splits.

import { type Dimension, dimensions, type Seen } from './seen.js'

export interface Locality {
  readonly dimension: Dimension
  /** That fare badly, the worst first. */
  readonly values: ReadonlySet<string>
  /** Untimely transactions and all, with one of these values and with others. */
  readonly inside: Counts
  readonly outside: Counts
  /** How much likelier than chance, as a logarithm, after the price of the search. */
  readonly gain: number
}

export interface Counts {
  readonly untimely: number
  readonly offered: number
}

/** Of the bad ones so many must be untimely, and so much more than the others. */
const leastShare = 0.25
const leastRatio = 4
/** As a logarithm: less may be chance. */
const leastGain = 6
/** Values of one dimension; further ones are left out. */
const maxValues = 4096

/** The localities that chance does not explain, the likeliest first. */
export function findLocalities(seen: readonly Seen[]): readonly Locality[] {
  return dimensions
    .flatMap((dimension) => findLocality(seen, dimension) ?? [])
    .sort((one, other) => other.gain - one.gain)
}

export function findLocality(seen: readonly Seen[], dimension: Dimension): Locality | undefined {
  const counts = new Map<string, { untimely: number; offered: number }>()
  const all = { untimely: 0, offered: 0 }
  for (const { of, isUntimely } of seen) {
    const value = of[dimension]
    if (value === undefined || (counts.size >= maxValues && !counts.has(value))) continue
    const count = counts.get(value) ?? { untimely: 0, offered: 0 }
    counts.set(value, count)
    for (const each of [count, all]) {
      each.offered++
      if (isUntimely) each.untimely++
    }
  }
  if (counts.size < 2 || all.untimely === 0) return undefined
  return bestSplit(dimension, counts, all)
}

function bestSplit(dimension: Dimension, counts: ReadonlyMap<string, Counts>, all: Counts): Locality | undefined {
  const rate = ({ untimely, offered }: Counts) => (untimely + 0.3) / (offered + 1)
  const sorted = [...counts].sort(([, one], [, other]) => rate(other) - rate(one))
  const inside = { untimely: 0, offered: 0 }
  const base = likelihood(all)
  let best: { size: number; gain: number; inside: Counts } | undefined
  for (let size = 1; size < sorted.length; size++) {
    const [, count] = sorted[size - 1] as (typeof sorted)[number]
    inside.untimely += count.untimely
    inside.offered += count.offered
    const outside = minus(all, inside)
    const gain = likelihood(inside) + likelihood(outside) - base - priceOf(size, sorted.length, all.offered)
    if (gain > (best?.gain ?? leastGain)) best = { size, gain, inside: { ...inside } }
  }
  if (best === undefined) return undefined
  const outside = minus(all, best.inside)
  const [bad, good] = [best.inside.untimely / best.inside.offered, outside.untimely / Math.max(1, outside.offered)]
  if (bad < leastShare || bad < leastRatio * good) return undefined
  const values = new Set(sorted.slice(0, best.size).map(([value]) => value))
  return { dimension, values, inside: best.inside, outside, gain: best.gain }
}

const minus = (all: Counts, part: Counts): Counts => ({
  untimely: all.untimely - part.untimely,
  offered: all.offered - part.offered,
})

/** Of so many untimely ones among all, at the share that fits best. */
export function likelihood({ untimely, offered }: Counts): number {
  if (untimely <= 0 || untimely >= offered) return 0
  const share = untimely / offered
  return untimely * Math.log(share) + (offered - untimely) * Math.log(1 - share)
}

/** Which values, how many of them, and one more share: the shortest way to say it, in nats. */
function priceOf(size: number, values: number, offered: number): number {
  const part = size / values
  const which = -values * (part * Math.log(part) + (1 - part) * Math.log(1 - part))
  return which + Math.log(values) + 0.5 * Math.log(offered)
}
