// Processor time of the calling thread alone, and its wait for a processor: the compiler and the garbage collector have threads of
// their own, and a machine that is busy otherwise takes none of it.

import { readFileSync } from 'node:fs'

export interface ThreadTime {
  /** Time on a processor, in ms. */
  readonly ranMs: number
  /** Time in which the thread could have run and had no processor, because others had them all, in ms. */
  readonly waitedMs: number
}

/** Since the thread began; undefined where the system does not say (it is Linux that does, Documentation/scheduler/sched-stats.rst). */
export function threadTime(): ThreadTime | undefined {
  try {
    const [ran = Number.NaN, waited = Number.NaN] = readFileSync('/proc/thread-self/schedstat', 'utf8')
      .split(' ')
      .map(Number)
    return Number.isFinite(ran + waited) ? { ranMs: ran / 1e6, waitedMs: waited / 1e6 } : undefined
  } catch {
    return undefined
  }
}
