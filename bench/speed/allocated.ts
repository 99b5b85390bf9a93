// Bytes that a thread allocates on its heap: what each collection found, less what the one before had left.

import { GCProfiler } from 'node:v8'

export interface Allocated {
  readonly bytes: number
  readonly collections: number
  /** Time in collections, in ms. */
  readonly pausedMs: number
}

/** Begins to count in the calling thread; the function that it returns ends that. */
export function countAllocated(): () => Allocated {
  const profiler = new GCProfiler()
  const before = process.memoryUsage().heapUsed
  profiler.start()
  return () => {
    const after = process.memoryUsage().heapUsed
    const { statistics } = profiler.stop()
    let [left, bytes, pausedUs] = [before, 0, 0]
    for (const { beforeGC, afterGC, cost } of statistics) {
      bytes += beforeGC.heapStatistics.usedHeapSize - left
      left = afterGC.heapStatistics.usedHeapSize
      pausedUs += cost
    }
    return { bytes: bytes + after - left, collections: statistics.length, pausedMs: pausedUs / 1000 }
  }
}
