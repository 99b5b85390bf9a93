// Does silence follow the connection? One that is dead from its opening, or from an instant that it shares with others, does not
// answer again, while a new one does. What is lost by chance comes at any time, on any connection. Reversals and echoes tell as
// well as transactions, but for echoes that are answered: whoever serves those need not serve anything else.

import { type GroupCounts, likelihood } from './locality.js'
import { firstFrom } from './numbers.js'
import type { ControlSeen, Observations } from './observations.js'
import type { SeenTransaction } from './seen.js'

export interface Deaths {
  /** Transactions without an answer, and those of them that were on dead connections. */
  readonly silent: number
  readonly explained: number
  /** Connections that never answered anything, and those that answered until all of them fell silent at once. */
  readonly neverGood: number
  readonly died: number
  /** When those died, in ms since the start of the load. */
  readonly diedAt: number | undefined
  /** Connections that answered all they were asked; and the transactions answered and silent on those that are not dead, since then. */
  readonly good: number
  readonly beside: GroupCounts
  /** How much likelier than chance, as a logarithm, after the price of the search. */
  readonly gain: number
  has(connection: string): boolean
}

/** Something that was asked on one life of a connection. */
interface Asked {
  readonly at: number
  readonly connection: string
  readonly openedAt: number
  readonly wasGood: boolean
  readonly isSilent: boolean
  readonly isTransaction: boolean
}

interface Life {
  readonly name: string
  readonly openedAt: number
  readonly all: Asked[]
  /** From this index on it answered nothing. */
  answered: number
}

/** Instants that are tried. */
const mostTried = 200
/** As a logarithm: what is less is chance. */
const leastGain = 0
/** Echoes that must have stayed without an answer before those that were answered count as well. */
const leastSilentEchoes = 3

/** A gain below this decides nothing, where dead connections explain this share of the silence. */
const decisive = 4
const nearlyAll = 0.9

/** Dead connections would explain the silence, and so would chance: too little was asked of each. */
export const isUndecided = (deaths: Deaths | undefined): deaths is Deaths =>
  deaths !== undefined && deaths.gain < decisive && deaths.explained >= nearlyAll * deaths.silent

/** Undefined where every transaction on a known connection was answered. */
export function findDeaths({ seen, controls }: Pick<Observations, 'seen' | 'controls'>): Deaths | undefined {
  const transactions = seen.flatMap(ofTransaction)
  if (transactions.every(({ isSilent }) => !isSilent)) return undefined
  const reversals = controls.filter(({ kind }) => kind === 'reversal').map(ofControl)
  const echoes = controls.filter(({ kind }) => kind === 'echo').map(ofControl)
  const known = [...transactions, ...reversals]
  const found = deathsOf(known)
  if (echoes.filter(({ isSilent }) => isSilent).length < leastSilentEchoes) return found
  const byEchoes = deathsOf([...known, ...echoes])
  return byEchoes.gain > found.gain ? byEchoes : found
}

function deathsOf(unordered: readonly Asked[]): Deaths {
  const known = [...unordered].sort((one, other) => one.at - other.at)
  const total = countOf(known)
  const lives = livesOf(known)
  const death = likeliestDeath(lives, known, total)
  const diedAt = death === undefined || death.at === longAgo ? undefined : death.at
  const died = new Set(
    diedAt === undefined ? [] : lives.filter((life) => isDeadSince(life, diedAt)).map(({ name }) => name),
  )
  const never = lives.filter(({ name, all }) => !died.has(name) && all.every(({ isSilent }) => isSilent))
  const dead = new Set([...died, ...never.map(({ name }) => name)])
  const paid = known.filter(({ isTransaction }) => isTransaction)
  const rest = paid.filter(({ connection }) => !dead.has(connection))
  const beside = rest.filter(({ at }) => at >= (diedAt ?? Number.NEGATIVE_INFINITY))
  const silent = countOf(paid).untimely
  return {
    ...{ silent, explained: silent - countOf(rest).untimely },
    ...{ neverGood: never.length, died: died.size, diedAt, beside: countOf(beside) },
    good: lives.filter(({ all }) => all.every(({ isSilent }) => !isSilent)).length,
    gain: death?.gain ?? 0,
    has: (connection) => dead.has(connection),
  }
}

const ofTransaction = ({ at, of, openedAt, wasGood, isSilent, isAnswered }: SeenTransaction): readonly Asked[] =>
  of.connection === undefined || !(isSilent || isAnswered)
    ? []
    : [{ at, connection: of.connection, openedAt: openedAt ?? longAgo, wasGood, isSilent, isTransaction: true }]

const ofControl = ({ at, connection, openedAt, wasGood, isAnswered }: ControlSeen): Asked => ({
  ...{ at, connection, openedAt: openedAt ?? longAgo, wasGood },
  ...{ isSilent: !isAnswered, isTransaction: false },
})

/** The opening of a connection that was open before anything was seen. */
const longAgo = Number.NEGATIVE_INFINITY

/** It was open then, and has answered nothing that it was asked since. */
function isDeadSince({ openedAt, all, answered }: Life, at: number): boolean {
  const from = firstFrom(all, at)
  return openedAt < at && from < all.length && from >= answered
}

interface Death {
  /** Negative infinity: connections are dead from their opening. */
  readonly at: number
  readonly gain: number
}

/** The instant from which on some connections are silent, each for good: those that were open then, or new ones as well. */
function likeliestDeath(lives: readonly Life[], known: readonly Asked[], total: GroupCounts): Death | undefined {
  const silent = known.filter(({ isSilent }) => isSilent).slice(0, mostTried)
  const price = 0.5 * Math.log(total.offered)
  const ofAll = (at: number) => gainOf(firstSince(lives, at), total) - price
  let best: Death | undefined
  const offer = (at: number, gain: number) => {
    if (gain > (best?.gain ?? leastGain)) best = { at, gain }
  }
  offer(longAgo, ofAll(longAgo))
  for (const { at } of silent) {
    const open = lives.filter(({ openedAt }) => openedAt < at)
    const search = Math.log(2 * silent.length)
    offer(at, Math.max(ofAll(at), gainOf(firstSince(open, at), total) - price) - search)
  }
  return best
}

/** One that is dead is silent whatever it is asked; one that is not counts with its first request alone: by that it was not dead. */
function firstSince(lives: readonly Life[], at: number): GroupCounts {
  const inside = { untimely: 0, offered: 0 }
  for (const { all, answered } of lives) {
    const from = firstFrom(all, at)
    const counted = from >= answered ? all.length - from : 1
    inside.offered += counted
    inside.untimely += from >= answered || all[from]?.isSilent === true ? counted : 0
  }
  return inside
}

/** The gain of a part in which a larger share is silent than in the rest. */
function gainOf(part: GroupCounts, total: GroupCounts): number {
  const rest = { untimely: total.untimely - part.untimely, offered: total.offered - part.offered }
  if (part.offered === 0 || part.untimely * rest.offered <= rest.untimely * part.offered) return 0
  return likelihood(part) + likelihood(rest) - likelihood(total)
}

function livesOf(known: readonly Asked[]): readonly Life[] {
  const lives = new Map<string, Life>()
  for (const each of known) {
    const life = lives.get(each.connection) ?? { name: each.connection, openedAt: each.openedAt, all: [], answered: 0 }
    lives.set(each.connection, life)
    life.all.push(each)
    if (!each.isSilent) life.answered = life.all.length
  }
  return [...lives.values()]
}

const countOf = (asked: readonly Asked[]): { offered: number; untimely: number } => ({
  offered: asked.length,
  untimely: asked.filter(({ isSilent }) => isSilent).length,
})
