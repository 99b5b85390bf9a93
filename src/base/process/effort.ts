// The effort of this process: its processor time, the collections of garbage that stopped the calling thread, and the wait of that thread
// for a processor. Signs of a machine that is the bottleneck, and of why.

import { PerformanceObserver } from 'node:perf_hooks'
import { threadTime } from './thread-time.js'

export interface Effort {
  /** Processor time of the process by the time that passed: 1 is a whole core. Compiler, collector and hosts in it count too. */
  readonly cores: number
  /**
   * Part of the time in which the calling thread could have run and had no processor, because other processes had them. Left out where
   * the system does not say, and in parts that an earlier version wrote.
   */
  readonly waitShare?: number
  readonly gc: {
    readonly pauses: number
    /** Part of the time in which the thread stood still. */
    readonly share: number
    readonly longestMs: number
  }
}

export interface EffortWatch {
  /** Since the start, or the last reset. */
  read(): Effort
  /** Forgets what was seen so far: warm-up is in no figure. */
  reset(): void
  /** Sees no more. Idempotent. */
  stop(): void
}

export function startEffort(): EffortWatch {
  let began = now()
  let ended: ReturnType<typeof now> | undefined
  let [pauses, pausedMs, longestMs] = [0, 0, 0]
  const observer = new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) {
      if (startTime < began.at) continue
      pauses++
      pausedMs += duration
      longestMs = Math.max(longestMs, duration)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return {
    read() {
      const { at, cpuMs, waitedMs } = ended ?? now()
      const ms = Math.max(at - began.at, 1)
      const share = (part: number) => Math.min(1, part / ms)
      return {
        cores: (cpuMs - began.cpuMs) / ms,
        ...(waitedMs !== undefined && { waitShare: share(waitedMs - (began.waitedMs ?? 0)) }),
        gc: { pauses, share: share(pausedMs), longestMs },
      }
    },
    reset() {
      began = now()
      ;[pauses, pausedMs, longestMs] = [0, 0, 0]
    },
    stop() {
      ended ??= now()
      observer.disconnect()
    },
  }
}

function now() {
  const { user, system } = process.cpuUsage()
  return { at: performance.now(), cpuMs: (user + system) / 1000, waitedMs: threadTime()?.waitedMs }
}
