// Does silence follow the connection? One that is dead from its opening, or from an instant that it shares with others, does not
// answer again, while a new one does. What is lost by chance comes at any time, on any connection.

import { type GroupCounts, likelihood } from './locality.js'
import type { SeenTransaction } from './seen.js'

export interface Deaths {
  /** Transactions without an answer, and those of them that were on dead connections. */
  readonly silent: number
  readonly explained: number
  /** Connections that never answered a transaction, and those that answered until all of them fell silent at once. */
  readonly neverGood: number
  readonly died: number
  /** When those died, in ms since the start of the load. */
  readonly diedAt: number | undefined
  /** Connections that answered all they were asked; and what was answered and silent on those that are not dead, since then. */
  readonly good: number
  readonly beside: GroupCounts
  /** How much likelier than chance, as a logarithm, after the price of the search. */
  readonly gain: number
  has(connection: string): boolean
}

interface Life {
  readonly name: string
  readonly openedAt: number
  readonly all: SeenTransaction[]
}

/** Instants that are tried. */
const mostTried = 200
/** As a logarithm: what is less is chance. */
const leastGain = 3

/** Undefined where every transaction on a known connection was answered. */
export function findDeaths(seen: readonly SeenTransaction[]): Deaths | undefined {
  const known = seen.filter(({ of, isSilent, isAnswered }) => of.connection !== undefined && (isSilent || isAnswered))
  const total = countOf(known)
  if (total.untimely === 0) return undefined
  const lives = livesOf(known)
  const together = diedTogether(lives, known, total)
  const diedAt = together?.at
  const died = new Set(
    diedAt === undefined ? [] : lives.filter((life) => isDeadSince(life, diedAt)).map(({ name }) => name),
  )
  const never = lives.filter(({ name, all }) => !died.has(name) && all.every(({ isSilent }) => isSilent))
  const dead = new Set([...died, ...never.map(({ name }) => name)])
  const rest = known.filter(({ of }) => !dead.has(of.connection ?? ''))
  const beside = rest.filter(({ at }) => at >= (diedAt ?? Number.NEGATIVE_INFINITY))
  return {
    ...{ silent: total.untimely, explained: total.untimely - countOf(rest).untimely },
    ...{ neverGood: never.length, died: died.size, diedAt, beside: countOf(beside) },
    good: lives.filter(({ all }) => all.every(({ isAnswered }) => isAnswered)).length,
    gain: Math.max(together?.gain ?? 0, gainOfFirst(known, total)),
    has: (connection) => dead.has(connection),
  }
}

/** It was open then, and has answered nothing that it was asked since. */
function isDeadSince({ openedAt, all }: Life, at: number): boolean {
  const since = all.filter((each) => each.at >= at)
  return openedAt < at && since.length > 0 && since.every(({ isSilent }) => isSilent)
}

/** The instant from which on connections that were open then are silent, and no others. */
function diedTogether(
  lives: readonly Life[],
  known: readonly SeenTransaction[],
  total: GroupCounts,
): { readonly at: number; readonly gain: number } | undefined {
  const silent = known.filter(({ isSilent }) => isSilent).slice(0, mostTried)
  let best: { at: number; gain: number } | undefined
  for (const { at } of silent) {
    const inside = { untimely: 0, offered: 0 }
    for (const { openedAt, all } of lives) {
      if (openedAt >= at) continue
      const since = all.filter((each) => each.at >= at)
      // One that answers again counts with its first request alone: by that it was not dead.
      const counted = since.every(({ isSilent }) => isSilent) ? since : since.slice(0, 1)
      inside.offered += counted.length
      inside.untimely += countOf(counted).untimely
    }
    const gain = gainOf(inside, total) - Math.log(silent.length) - 0.5 * Math.log(total.offered)
    if (gain > (best?.gain ?? leastGain)) best = { at, gain }
  }
  return best
}

/** A first request on a connection is as likely to be lost by chance as any other. */
function gainOfFirst(known: readonly SeenTransaction[], total: GroupCounts): number {
  return gainOf(countOf(known.filter(({ wasGood }) => !wasGood)), total) - 0.5 * Math.log(total.offered)
}

/** The gain of a part in which a larger share is silent than in the rest. */
function gainOf(part: GroupCounts, total: GroupCounts): number {
  const rest = { untimely: total.untimely - part.untimely, offered: total.offered - part.offered }
  if (part.offered === 0 || part.untimely * rest.offered <= rest.untimely * part.offered) return 0
  return likelihood(part) + likelihood(rest) - likelihood(total)
}

function livesOf(known: readonly SeenTransaction[]): readonly Life[] {
  const lives = new Map<string, Life>()
  for (const each of known) {
    const name = each.of.connection ?? ''
    const life = lives.get(name) ?? { name, openedAt: each.openedAt ?? Number.NEGATIVE_INFINITY, all: [] }
    lives.set(name, life)
    life.all.push(each)
  }
  return [...lives.values()]
}

const countOf = (seen: readonly SeenTransaction[]): { offered: number; untimely: number } => ({
  offered: seen.length,
  untimely: seen.filter(({ isSilent }) => isSilent).length,
})
