// The ends that a load may come to before its time: somebody interrupts it, or a threshold with `abortOnFail` is missed.
// Such thresholds are judged once a second while the run goes on, and the first that is missed ends it.

import type { Clock, Timer } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { EventLoopDelayMonitor } from '../../base/process/event-loop-delay.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { AbortRow, ThresholdRow } from '../../measure/result.js'
import { parseThreshold, type Threshold } from '../../measure/threshold.js'
import type { ThresholdRule } from '../../measure/threshold-rule.js'
import { judgeUnderWay } from '../../report/rows/thresholds.js'
import { missedBy } from '../../report/rows/verdict.js'
import type { ScenarioParts } from '../../scenario/parts.js'

const everyMs = 1000

export interface EarlyEndOptions {
  readonly parts: Pick<ScenarioParts, 'goals' | 'load'>
  readonly clock: Clock
  /** Somebody interrupts. Left out: nobody can. */
  readonly interrupt: AbortSignal | undefined
  /** Told which threshold ends the load. */
  readonly say: ((line: string) => void) | undefined
}

interface Load {
  readonly recorder: Recorder
  /** The clock's time when the load begins. */
  readonly startAt: number
  readonly delay: EventLoopDelayMonitor | undefined
}

export class EarlyEnd {
  readonly #options: EarlyEndOptions
  readonly #missed = new AbortController()
  #timer: Timer | undefined
  #abortedBy: AbortRow | undefined
  /** Ends the load. */
  readonly signal: AbortSignal

  constructor(options: EarlyEndOptions) {
    this.#options = options
    const { interrupt } = options
    this.signal = interrupt === undefined ? this.#missed.signal : AbortSignal.any([interrupt, this.#missed.signal])
  }

  get interrupted(): boolean {
    return this.#options.interrupt?.aborted === true
  }

  /** The threshold that ended the load, in the shape of a result. */
  get abortedBy(): { readonly abortedBy?: AbortRow } {
    return this.#abortedBy === undefined ? {} : { abortedBy: this.#abortedBy }
  }

  /** Judges from now on. A figure that is not known yet ends nothing. */
  judge(load: Load): void {
    const { parts, clock } = this.#options
    const judged = parts.goals.thresholds
      .filter(({ abortOnFail }) => abortOnFail)
      .map((rule) => ({
        threshold: parseThreshold(rule.threshold),
        from: load.startAt + parts.load.warmup + rule.delayAbortEval,
      }))
    if (judged.length === 0) return
    const look = () => {
      const now = clock.now()
      const due = judged.filter(({ from }) => now >= from).map(({ threshold }) => threshold)
      const missed = firstMissed(due, now, load)
      if (missed === undefined) this.#timer = clock.after(everyMs, look)
      else this.#end({ ...missed, atMs: Math.round(now - load.startAt) })
    }
    const first = Math.min(...judged.map(({ from }) => from))
    this.#timer = clock.after(Math.max(everyMs, first - clock.now()), look)
  }

  /** Judges no more. Idempotent. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #end(by: AbortRow): void {
    this.#abortedBy = by
    const after = `${Math.round(by.atMs / 1000)} s after its start`
    this.#options.say?.(`${missedBy(by)}: this ends the load ${after} (abortOnFail: ${by.expression})`)
    this.#missed.abort()
  }
}

function firstMissed(due: readonly Threshold[], now: number, load: Load): ThresholdRow | undefined {
  const context = { loadEndedMs: now - load.startAt, eventLoopDelay: load.delay?.read() ?? null }
  return judgeUnderWay(due, load.recorder.look(), context).find(({ actual, met }) => actual !== null && !met)
}

/** Throws UsageError: a threshold that ends the run is judged by the one generator that sees all of it. */
export function refuseAbortInParts(rules: readonly ThresholdRule[], flag: string): void {
  const rule = rules.find(({ abortOnFail }) => abortOnFail)
  if (rule === undefined) return
  throw new UsageError(
    `${flag}: '${rule.threshold}' has abortOnFail, and no part of a run sees the figures of all: leave abortOnFail or ${flag} out`,
  )
}
