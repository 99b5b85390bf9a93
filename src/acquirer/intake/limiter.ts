// So many requests a second for each merchant: what exceeds its limit waits at the end of the merchant's own line, so that
// it is in nobody else's way. Rule: first come first served within a merchant; no capacity is lost to late timers.

import type { Clock, Timer } from '../../base/clock.js'
import { createQueue, type Queue } from '../../base/collections/queue.js'

/** Requests per second, by merchant; `*`: each of all others. */
export type Limits = Readonly<Record<string, number>>

export interface LimiterOptions<Item> {
  readonly limits: Limits
  /** Items that may wait in the line of one merchant. */
  readonly queueLimit: number
  readonly clock: Clock
  /** Called for an item that had to wait, when it may go on. */
  readonly release: (item: Item) => void
}

export interface Limiter<Item> {
  /** `now`: it may go on; `waits`: it will be released; `full`: the merchant's line is. */
  enter(item: Item, merchant: string): 'now' | 'waits' | 'full'
  /** Everything that waits, out of its line. */
  lose(): readonly Item[]
  /** Items in line, and how many have ever had to wait. */
  counts(): { readonly waiting: number; readonly delayed: number }
}

/** Seconds of its rate that a merchant may use at once, after having used less: a till's rush, and no surge. */
const burstSeconds = 0.1
/** As in the service model: a process that was stopped for longer gave nobody way meanwhile. */
const longestCreditMs = 20
/** Merchants that have a line of their own under `*`; the rest shares one. As many as one host serves. */
const mostMerchants = 100_000

interface Gate<Item> {
  readonly intervalMs: number
  readonly toleranceMs: number
  readonly line: Queue<Item>
  /** When the next item would be due if all came evenly (GCRA, ITU-T I.371). */
  dueAt: number
  timer: Timer | undefined
}

export function createLimiter<Item>(options: LimiterOptions<Item>): Limiter<Item> {
  const { limits, queueLimit, clock, release } = options
  const gates = new Map<string, Gate<Item> | undefined>()
  const all = '*'
  let delayed = 0

  const gateOf = (merchant: string): Gate<Item> | undefined => {
    if (gates.has(merchant)) return gates.get(merchant)
    const isOwn = Object.hasOwn(limits, merchant)
    const name = isOwn || gates.size < mostMerchants ? merchant : all
    const rate = isOwn ? limits[merchant] : limits[all]
    const gate = gates.get(name) ?? (rate === undefined ? undefined : createGate<Item>(rate))
    gates.set(name, gate)
    return gate
  }
  const openAt = ({ dueAt, toleranceMs }: Gate<Item>) => dueAt - toleranceMs
  const arm = (gate: Gate<Item>) => {
    gate.timer = clock.after(openAt(gate) - clock.now(), () => ring(gate))
  }
  const ring = (gate: Gate<Item>) => {
    const now = clock.now()
    gate.timer = undefined
    gate.dueAt = Math.max(gate.dueAt, now - longestCreditMs)
    while (gate.line.size > 0 && openAt(gate) <= now) {
      gate.dueAt += gate.intervalMs
      release(gate.line.shift() as Item)
    }
    if (gate.line.size > 0) arm(gate)
  }

  return {
    enter(item, merchant) {
      const gate = gateOf(merchant)
      if (gate === undefined) return 'now'
      const now = clock.now()
      if (gate.line.size === 0 && openAt(gate) <= now) {
        gate.dueAt = Math.max(gate.dueAt, now) + gate.intervalMs
        return 'now'
      }
      if (gate.line.size >= queueLimit) return 'full'
      gate.line.push(item)
      delayed++
      if (gate.timer === undefined) arm(gate)
      return 'waits'
    },
    lose() {
      const lost: Item[] = []
      for (const gate of gates.values()) {
        gate?.timer?.cancel()
        if (gate !== undefined) gate.timer = undefined
        for (let item = gate?.line.shift(); item !== undefined; item = gate?.line.shift()) lost.push(item)
      }
      return lost
    },
    counts: () => ({ waiting: [...gates.values()].reduce((sum, gate) => sum + (gate?.line.size ?? 0), 0), delayed }),
  }
}

function createGate<Item>(perSecond: number): Gate<Item> {
  const intervalMs = 1000 / perSecond
  const burst = Math.max(1, perSecond * burstSeconds)
  return { intervalMs, toleranceMs: (burst - 1) * intervalMs, line: createQueue(), dueAt: 0, timer: undefined }
}
