// Whether something keeps memory: bytes in use are read at equal distances, and the least growth of any of them counts for all.
// A leak grows between any two readings. Code that is compiled late, or a cache that fills once, grows between two of them alone,
// and a busy machine changes when it does so.

import { setImmediate } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'

/** Distances between readings. */
const spans = 4

/** Work that is done before the first reading: caches fill, functions are compiled. */
const warmUpShare = 0.1

/** Runs cases `from` up to but not including `to`. */
export type RunCases = (from: number, to: number) => void

/** Runs `cases` cases, at most `block` in one go; resolves to the bytes that all of them would keep after the first tenth. */
export async function growthOver(cases: number, block: number, run: RunCases): Promise<number> {
  const warm = Math.ceil(cases * warmUpShare)
  const readings: number[] = []
  let from = 0
  for (let span = 0; span <= spans; span++) {
    const to = warm + Math.floor(((cases - warm) * span) / spans)
    for (; from < to; from = Math.min(to, from + block)) run(from, Math.min(to, from + block))
    readings.push(await usedBytes())
  }
  return growthOf(readings)
}

/** Bytes that were kept from the first reading to the last, were every span like the one that kept least. */
export function growthOf(readings: readonly number[]): number {
  const steps = readings.slice(1).map((reading, index) => reading - (readings[index] as number))
  return steps.length === 0 ? 0 : Math.min(...steps) * steps.length
}

/** Collections until nothing more is freed: what one leaves, such as the keys of a WeakMap, the next may take. */
const mostCollections = 6

/** The bytes that are reachable, on the heap and beside it. */
async function usedBytes(): Promise<number> {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as () => void
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < mostCollections; count++) {
    // A turn of its own: targets of weak references, and what finalizers hold, live until the end of the turn.
    await setImmediate()
    collect()
    const used = v8.getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers
    if (used >= least) return least
    least = used
  }
  return least
}
