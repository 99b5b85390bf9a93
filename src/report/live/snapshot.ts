// The state of a run that is under way, about once a second.

import type { Metered } from '../../measure/meter.js'
import type { Outcomes } from '../../measure/result.js'

/** Before the load: terminals connect and sign on, and wait for what has to be first. */
export interface StartingSnapshot {
  readonly stage: 'starting'
  /** Milliseconds since the first connection was tried. */
  readonly elapsedMs: number
  readonly doing: 'connect' | 'signOn'
  /** Connections that are open or were. */
  readonly connected: number
  /** Terminals (or connections) that are through, and that are not, of so many. */
  readonly done: number
  readonly failed: number
  readonly of: number
  /** The bytes that came so far, in words; undefined where an answer came, and where none is waited for. */
  readonly came?: string | undefined
  /** The thing that all wait for when terminals are through: owed reversals, the agreed instant. */
  readonly waitingFor?: string
}

/** Under load. Counts are of all that is measured; percentiles are those of the last second. */
export interface RunningSnapshot {
  readonly stage: 'warmup' | 'load' | 'draining'
  /** Milliseconds since the load began, how long it lasts by plan, and how long the warm-up and the drain may last. */
  readonly elapsedMs: number
  readonly durationMs: number
  readonly warmupMs: number
  readonly drainMs: number
  readonly offered: number
  readonly outcomes: Outcomes
  readonly timely: number
  readonly inFlight: number
  /** Arrivals per second that the plan asks for now, and transactions that ended per second of late. */
  readonly offeredRate: number
  readonly perSecond: number
  /** The median response time, in ms. */
  readonly p50: number | null
  readonly p99: number | null
  readonly responseCodes: Readonly<Record<string, number>>
  /** Faults that act now; null where the scenario has none. */
  readonly faults: readonly string[] | null
  /** How late arrivals are handed over, and how long the event loop keeps callbacks waiting, in ms. */
  readonly lagP99: number | null
  readonly eventLoopP99: number | null
  /** For a monitoring system; left out where there is none. */
  readonly metered?: Metered
}

export type LiveSnapshot = StartingSnapshot | RunningSnapshot
