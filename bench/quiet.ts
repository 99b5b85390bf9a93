// Quiet moments. The processors of a virtual machine are often halves of cores whose other halves are a stranger's: while that one works,
// everything here takes half as long again, for seconds or for an hour. Parts of the echo do not bear it either: a loop in memory suffers
// more than the system's network does.
//
// Rule: whether a moment was quiet is told by a gauge that knows nothing of the figure, never by the figure; and what was taken
// again, or kept although it was disturbed, is said under the table.

import { setTimeout as sleep } from 'node:timers/promises'
import { counted } from '../src/base/text/counted.js'
import { type Gauge, gaugeProcessors } from './gauge.js'

/** A processor is disturbed when a step of the gauge takes so many times what it took at its best. */
const disturbedBy = 1.15
/** How often one figure is measured at most. */
const mostTries = 3
/** Readings from which the best is known at the beginning. */
const firstReadings = 8
const waitMs = 250

export interface QuietCounts {
  readonly waitedMs: number
  readonly takenAgain: number
  readonly disturbed: number
}

export interface Quiet {
  /** The word of `measure` in a moment that was quiet before and after it; of a machine that is never quiet, its last word. */
  measured<Value>(measure: () => Promise<Value>): Promise<Value>
  counts(): QuietCounts
  /** For the foot of a table. */
  words(): string
}

/** The machine as it is told; what is left out is the real one. */
interface Machine {
  readonly gauge: Gauge
  /** Milliseconds. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
}

const thisMachine: Machine = { gauge: gaugeProcessors, now: () => performance.now(), sleep }

/** `patienceMs`: for all waiting, and all measuring that was in vain, together. 0: everything is taken as it comes. */
export function createQuiet(patienceMs: number, { gauge, now, sleep }: Machine = thisMachine): Quiet {
  let best: readonly number[] | undefined
  let waitedMs = 0
  let takenAgain = 0
  let disturbed = 0
  let lostMs = 0

  const isQuiet = async () => {
    const found = await gauge()
    best = found.map((ns, processor) => Math.min(ns, best?.[processor] ?? ns))
    return found.every((ns, processor) => ns <= disturbedBy * (best?.[processor] ?? ns))
  }
  const hasPatience = () => waitedMs + lostMs < patienceMs
  const settle = async () => {
    const since = now()
    const before = waitedMs
    while (!(await isQuiet()) && hasPatience()) {
      await sleep(waitMs)
      waitedMs = before + now() - since
    }
  }
  /** The best that the processors can do, as far as the first moments tell. */
  const begin = async () => {
    for (let reading = 0; reading < firstReadings; reading++) await isQuiet()
  }

  return {
    async measured(measure) {
      if (patienceMs === 0) return await measure()
      if (best === undefined) await begin()
      for (let attempt = 1; ; attempt++) {
        await settle()
        const since = now()
        const value = await measure()
        if (await isQuiet()) return value
        lostMs += now() - since
        if (attempt === mostTries || !hasPatience()) {
          disturbed++
          return value
        }
        takenAgain++
      }
    },
    counts: () => ({ waitedMs, takenAgain, disturbed }),
    words() {
      if (patienceMs === 0) return 'every moment was taken as it came (--patience 0)'
      const again = `${counted(takenAgain, 'measurement')} taken again`
      return `waited ${Math.round(waitedMs / 1000)} s for quiet processors; ${again}, ${disturbed} kept although disturbed`
    },
  }
}

/** The flag of a bench that waits for quiet moments, in seconds. */
export const patienceFlag = { usual: 600, least: 0 } as const
