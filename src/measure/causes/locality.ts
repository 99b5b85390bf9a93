// Whom does lateness hit? For every trait the values are split in two, those that fare badly and the rest, and the split
// is weighed against chance: its log-likelihood, less what it costs to have chosen it among all splits.

import { type SeenTransaction, type Trait, traits } from './seen.js'

export interface Locality {
  readonly trait: Trait
  /** That fare badly, the worst first. */
  readonly values: ReadonlySet<string>
  /** Untimely transactions and all, with one of these values and with others. */
  readonly inside: GroupCounts
  readonly outside: GroupCounts
  /** How much likelier than chance, as a logarithm, after the price of the search. */
  readonly gain: number
}

export interface GroupCounts {
  readonly untimely: number
  readonly offered: number
}

/** So many of the bad ones must be untimely, and so many times the share of the others. */
const leastShare = 0.25
const leastRatio = 4
/** As a logarithm: less may be chance. */
const leastGain = 6
/** Values of one trait; further ones are left out. */
const maxValues = 4096

/** The localities that chance does not explain, the likeliest first. */
export function findLocalities(seen: readonly SeenTransaction[]): readonly Locality[] {
  const apart = oncePerRelease(seen)
  return traits
    .flatMap((trait) => findLocality(apart, trait) ?? [])
    .map((found) => countedIn(seen, found))
    .filter(isMuchWorse)
    .sort((one, other) => other.gain - one.gain)
}

/** Answers on one connection within this are released together, in ms. */
const togetherMs = 60

/** Answers that a connection held back and released together are one event: of those that were late, the first one stands for all. */
function oncePerRelease(seen: readonly SeenTransaction[]): readonly SeenTransaction[] {
  const released = new Map<string, number[]>()
  return seen.filter(({ isUntimely, isAnswered, endedAt, of: { connection } }) => {
    if (!isUntimely || !isAnswered || connection === undefined) return true
    const ends = released.get(connection) ?? []
    released.set(connection, ends)
    if (ends.some((end) => Math.abs(end - endedAt) <= togetherMs)) return false
    ends.push(endedAt)
    return true
  })
}

/** The same locality with the counts of all. */
function countedIn(seen: readonly SeenTransaction[], { trait, values, gain }: Locality): Locality {
  const count = (isInside: boolean): GroupCounts => {
    const own = seen.filter(({ of }) => of[trait] !== undefined && values.has(of[trait]) === isInside)
    return { untimely: own.filter(({ isUntimely }) => isUntimely).length, offered: own.length }
  }
  return { trait, values, gain, inside: count(true), outside: count(false) }
}

export function findLocality(seen: readonly SeenTransaction[], trait: Trait): Locality | undefined {
  const counts = new Map<string, { untimely: number; offered: number }>()
  const all = { untimely: 0, offered: 0 }
  for (const { of, isUntimely } of seen) {
    const value = of[trait]
    if (value === undefined || (counts.size >= maxValues && !counts.has(value))) continue
    const count = counts.get(value) ?? { untimely: 0, offered: 0 }
    counts.set(value, count)
    for (const each of [count, all]) {
      each.offered++
      if (isUntimely) each.untimely++
    }
  }
  if (counts.size < 2 || all.untimely === 0) return undefined
  return bestSplit(trait, counts, all)
}

function bestSplit(trait: Trait, counts: ReadonlyMap<string, GroupCounts>, all: GroupCounts): Locality | undefined {
  const rate = ({ untimely, offered }: GroupCounts) => (untimely + 0.3) / (offered + 1)
  const sorted = [...counts].sort(([, one], [, other]) => rate(other) - rate(one))
  const inside = { untimely: 0, offered: 0 }
  const base = likelihood(all)
  let best: { size: number; gain: number; inside: GroupCounts } | undefined
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
  const values = new Set(sorted.slice(0, best.size).map(([value]) => value))
  const found = { trait, values, inside: best.inside, outside, gain: best.gain }
  return isMuchWorse(found) ? found : undefined
}

function isMuchWorse({ inside, outside }: Locality): boolean {
  const [bad, good] = [inside.untimely / inside.offered, outside.untimely / Math.max(1, outside.offered)]
  return bad >= leastShare && bad >= leastRatio * good
}

const minus = (all: GroupCounts, part: GroupCounts): GroupCounts => ({
  untimely: all.untimely - part.untimely,
  offered: all.offered - part.offered,
})

/** The likelihood of so many untimely ones among all, at the share that fits best. */
export function likelihood({ untimely, offered }: GroupCounts): number {
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
