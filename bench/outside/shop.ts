// A shop that nothing is the matter with, on a host and a line of this bench's own: what every kind of trial begins from.

import type { Random } from '../../src/base/random.js'
import { lay, ms, oneOf, type ScenarioData, whole } from '../trial-data.js'
import type { Asked, Deed, HostPlan } from './world/host.js'
import type { LinePacket, LinePlan, Passage } from './world/line.js'
import { cupPosWire, iso87Wire, type OutsideWire } from './world/wire.js'

export interface OutsideShop {
  readonly wire: OutsideWire
  /** An answer within this is timely, in ms: most of what a kind does is measured by it. */
  readonly timelyMs: number
  readonly timeoutMs: number
  readonly forMs: number
  /** Transactions a second. */
  readonly rate: number
  readonly terminals: number
  readonly connections: 'perTerminal' | 'perTransaction' | { readonly shared: number }
  readonly currency: string
  /** The service time of most work, in ms. */
  readonly serviceMs: number
  /** One way, in ms. */
  readonly latencyMs: number
  readonly merchants: readonly string[]
  readonly hasEchoes: boolean
  /** Time that every world needs before the load begins, in ms, at most. */
  readonly leadMs: number
}

/** `real`: over TCP in real time, where each second costs one. `short`: as quick as that, but in virtual time. */
export type OutsidePace = 'virtual' | 'short' | 'real'

export interface OutsideWorld {
  readonly shop: OutsideShop
  readonly host: HostPlan
  readonly line: LinePlan
  readonly scenario: ScenarioData
  /** The trouble that befell it, with its parameters, in words. */
  readonly how: string
}

/** The changes that a kind makes. `serve` and `carry` are given what the healthy shop would do. */
export interface WorldChange {
  readonly how: string
  readonly serve?: (asked: Asked, usual: Deed) => Deed
  readonly workers?: number
  readonly standsUntil?: (at: number) => number | undefined
  readonly carry?: (packet: LinePacket, usual: number) => Passage
  readonly door?: LinePlan['door']
  readonly resets?: LinePlan['resets']
  readonly scenario?: ScenarioData
}

export const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`
export const share = (value: number): string => `${(value * 100).toFixed(0)} %`

/** A log-normal time around `p50`: one in fifty takes `tail` times as long and more. */
export const around = (random: Random, p50: number, tail = 2): number =>
  p50 * Math.exp((random.normal() * Math.log(tail)) / 2.05)

export interface Wish {
  readonly connections?: OutsideShop['connections'] | undefined
  readonly hasEchoes?: boolean | undefined
  readonly wire?: OutsideWire | undefined
  readonly merchants?: number | undefined
}

/** A short trial takes a part of the time of a long one: this many times less. */
const shortened = 3

export function drawShop(random: Random, pace: OutsidePace, wish: Wish): OutsideShop {
  const isShort = pace !== 'virtual'
  const timelyMs = isShort ? 700 : Math.round(random.between(1500, 3000))
  // As many transactions in the short time as in the long one.
  const rate = Math.round(random.between(9, 15) * (isShort ? shortened : 1))
  const wire = wish.wire ?? oneOf(random, [iso87Wire, iso87Wire, cupPosWire])
  const kinds = [
    'perTerminal',
    'perTerminal',
    'perTerminal',
    { shared: whole(random, 6, 12) },
    'perTransaction',
  ] as const
  const merchants = wish.merchants ?? whole(random, 1, 3)
  return {
    ...{ wire, timelyMs, rate },
    timeoutMs: Math.round(timelyMs * random.between(1.6, 2.6)),
    forMs: isShort ? 7000 : Math.round(timelyMs * random.between(8, 11)),
    terminals: whole(random, 30, 70),
    connections: wish.connections ?? oneOf(random, kinds),
    currency: wire.name === 'cup-pos' ? 'CNY' : 'USD',
    serviceMs: random.between(10, isShort ? 30 : 80),
    latencyMs: isShort ? random.between(0, 4) : random.between(2, 40),
    merchants: Array.from({ length: merchants }, (_, index) => `SHOP0000000000${index + 1}`),
    hasEchoes: wish.hasEchoes ?? random.chance(0.8),
    leadMs: 300,
  }
}

/** Joins a healthy shop and what befalls it. */
export function worldOf(shop: OutsideShop, change: WorldChange, random: Random, tap: LinePlan['tap']): OutsideWorld {
  const [work, way] = [random.fork('work'), random.fork('way')]
  const usual = (asked: Asked): Deed =>
    asked.kind === 'network' ? { ms: 1 } : { ms: around(work, shop.serviceMs), code: '00' }
  const usualMs = () => shop.latencyMs * way.between(0.95, 1.15)
  return {
    shop,
    how: change.how,
    host: {
      wire: shop.wire,
      serve: (asked) => change.serve?.(asked, usual(asked)) ?? usual(asked),
      ...(change.workers !== undefined && { workers: change.workers }),
      ...(change.standsUntil && { standsUntil: change.standsUntil }),
    },
    line: {
      carry: (packet) => change.carry?.(packet, usualMs()) ?? usualMs(),
      ...(change.door && { door: change.door }),
      ...(change.resets && { resets: change.resets }),
      ...(tap && { tap }),
    },
    scenario: lay(scenarioOf(shop, random), change.scenario ?? {}),
  }
}

function scenarioOf(shop: OutsideShop, random: Random): ScenarioData {
  const { wire, timelyMs, timeoutMs, forMs, rate, terminals, connections, merchants, hasEchoes } = shop
  return {
    ...{ name: 'outside', dialect: wire.name, seed: random.below(1_000_000), keys: 'none' },
    terminals: {
      ...{ count: terminals, merchants, connections, timeout: ms(timeoutMs), connectTimeout: ms(timeoutMs) },
      target: ['127.0.0.1:8583'],
      mix: { sale: 8, balance: 2 },
      reversal: { retries: 2, interval: ms(timelyMs / 2) },
      ...(hasEchoes && { echoProbe: { every: ms(timelyMs / 3), connections: 10 } }),
    },
    timely: { response: ms(timelyMs) },
    drain: ms(timeoutMs + 2000),
    load: [{ hold: { rate: `${rate}/s`, for: ms(forMs), arrivals: 'poisson' } }],
  }
}
