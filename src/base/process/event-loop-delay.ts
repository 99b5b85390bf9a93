// How long the event loop of this thread kept callbacks waiting: one of the signs that this machine is the bottleneck, with the effort
// that it made meanwhile.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Effort, startEffort } from './effort.js'

export interface EventLoopDelay {
  /** Milliseconds beyond the moment when a callback should have run; null while nothing was seen. */
  readonly p99Ms: number | null
  readonly maxMs: number | null
  /** Left out in parts that an earlier version wrote. */
  readonly effort?: Effort | undefined
}

export interface EventLoopDelayMonitor {
  read(): EventLoopDelay
  /** Forgets what was seen so far: warm-up is in no figure. */
  reset(): void
  /** The delay that was seen until now, and no more. Idempotent. */
  stop(): EventLoopDelay
}

/** Distance between two looks, in ms: fine against the 50 ms that count as saturation, and cheap. */
const resolutionMs = 10

/** Starts watching the event loop of the calling thread. */
export function startEventLoopDelay(): EventLoopDelayMonitor {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  const effort = startEffort()
  // Node records the whole distance between two looks, so an idle loop shows the resolution itself: taken off here.
  const toMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  const read = (): EventLoopDelay =>
    histogram.count === 0
      ? { p99Ms: null, maxMs: null, effort: effort.read() }
      : { p99Ms: toMs(histogram.percentile(99)), maxMs: toMs(histogram.max), effort: effort.read() }
  return {
    read,
    reset() {
      histogram.reset()
      effort.reset()
    },
    stop: () => {
      histogram.disable()
      effort.stop()
      return read()
    },
  }
}
