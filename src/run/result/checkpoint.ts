// A result of what was measured so far, in the run's folder, once a minute. It is one like any other, marked as interrupted,
// without books and causes; the run's own result takes its place at the end.

import type { Clock } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import { inSlices, type Slices } from '../../base/slices.js'
import type { Result } from '../../measure/result.js'
import { checkpointName, writeCheckpoint } from '../files/run-folder.js'

const everyMs = 60_000

/** Returns what stops it. A checkpoint that cannot be written is told once, and is no reason to end. */
export function startCheckpoints(options: {
  readonly folder: string
  readonly clock: Clock
  /** In slices, because the load goes on. */
  readonly make: () => Slices<{ readonly result: Result }>
  readonly say: (line: string) => void
}): () => void {
  const { folder, clock, make, say } = options
  let told = false
  let isOver = false
  const write = async () => {
    const { result } = await inSlices(make())
    // The run's own result takes its place.
    if (isOver) return
    timer = clock.after(everyMs, write)
    try {
      writeCheckpoint(folder, { ...result, causes: null })
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      if (!told) say(`warning: no ${checkpointName}: ${error.message}`)
      told = true
    }
  }
  let timer = clock.after(everyMs, write)
  return () => {
    isOver = true
    timer.cancel()
  }
}
