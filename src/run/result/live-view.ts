// Looks at a run once a second, from its first connection on, and says what it sees.

import type { Clock, Timer } from '../../base/clock.js'
import type { EventLoopDelayMonitor } from '../../base/process/event-loop-delay.js'
import type { LoadPlan } from '../../load/plan.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { LiveSnapshot, RunningSnapshot, StartingSnapshot } from '../../report/live/snapshot.js'
import type { ScenarioParts } from '../../scenario/parts.js'
import { actingFaults } from '../lines/side-faults.js'

const everyMs = 1000
/** Connecting and signing on is often over within a second. */
const startEveryMs = 250

export interface LiveViewOptions {
  readonly plan: LoadPlan
  readonly parts: Pick<ScenarioParts, 'load' | 'faults'>
  readonly clock: Clock
  /** Connections made so far. */
  readonly connected: () => number
  /** The bytes that came so far where no answer did, in words. */
  readonly came: () => string
  /** Undefined: nobody looks. */
  readonly onSnapshot: ((snapshot: LiveSnapshot) => void) | undefined
}

/** The stages of a run follow each other: starting, load, stop. */
export class LiveWatch {
  readonly #options: LiveViewOptions
  readonly #acting: (fromMs: number, toMs: number) => readonly string[]
  #timer: Timer | undefined
  #start: StartingSnapshot | undefined

  constructor(options: LiveViewOptions) {
    this.#options = options
    this.#acting = actingFaults(options.parts.faults.faults)
  }

  /** Terminals (or connections), so many, begin to get through. Wraps what tries one: it resolves to what went wrong. */
  starting<Item>(
    doing: StartingSnapshot['doing'],
    of: number,
    attempt: (item: Item) => Promise<string | undefined>,
  ): (item: Item) => Promise<string | undefined> {
    const { clock } = this.#options
    const began = clock.now()
    const counts = { done: 0, failed: 0 }
    this.#every(startEveryMs, () => {
      const connected = this.#options.connected()
      this.#start = {
        ...this.#start,
        stage: 'starting',
        elapsedMs: clock.now() - began,
        doing,
        connected,
        ...counts,
        of,
        came: doing === 'signOn' && connected > 0 && counts.done === 0 ? this.#options.came() : undefined,
      }
      return this.#start
    })
    return async (item) => {
      const problem = await attempt(item)
      counts[problem === undefined ? 'done' : 'failed']++
      return problem
    }
  }

  /** Terminals are through, and wait for this. */
  waitingFor(what: string): void {
    if (this.#start !== undefined) this.#start = { ...this.#start, waitingFor: what }
  }

  /** `startAt`: the clock's time when the load begins. */
  load(running: {
    readonly recorder: Recorder
    readonly startAt: number
    readonly delay: EventLoopDelayMonitor | undefined
  }): void {
    const { plan, clock, parts } = this.#options
    const { recorder, startAt, delay } = running
    const { warmup, drain } = parts.load
    this.#every(everyMs, () => {
      const now = clock.now()
      const elapsedMs = Math.max(0, now - startAt)
      const { p50, p99, lagP99, perSecond, ...counts } = recorder.snapshot(now)
      return {
        stage: stageAt(elapsedMs, { warmupMs: warmup, durationMs: plan.durationMs }),
        ...{ elapsedMs, durationMs: plan.durationMs, warmupMs: warmup, drainMs: drain },
        ...{ ...counts, perSecond, p50, p99, lagP99 },
        offeredRate: plan.offeredRateAt(elapsedMs),
        faults: parts.faults.faults.length === 0 ? null : this.#acting(Math.max(0, elapsedMs - everyMs), elapsedMs),
        eventLoopP99: delay?.read().p99Ms ?? null,
      }
    })
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #every(ms: number, look: () => LiveSnapshot): void {
    const { clock, onSnapshot } = this.#options
    this.stop()
    if (onSnapshot === undefined) return
    const tick = () => {
      this.#timer = clock.after(ms, tick)
      onSnapshot(look())
    }
    this.#timer = clock.after(ms, tick)
  }
}

function stageAt(
  elapsedMs: number,
  { warmupMs, durationMs }: { readonly warmupMs: number; readonly durationMs: number },
): RunningSnapshot['stage'] {
  if (elapsedMs >= durationMs) return 'draining'
  return elapsedMs < warmupMs ? 'warmup' : 'load'
}
