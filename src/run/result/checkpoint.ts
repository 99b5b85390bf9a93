// A result of what was measured so far, in the run's folder, once a minute. It is one like any other, marked as interrupted,
// without books and causes; the run's own result takes its place at the end.

import type { Clock } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import { inSlices, type Slices } from '../../base/slices.js'
import type { PartRecord } from '../../measure/part-record.js'
import { checkpointName, writeCheckpoint } from '../files/run-folder.js'
import type { GeneratorHooks } from '../run-options.js'
import type { ResultByRow } from './assemble-result.js'

const everyMs = 60_000

/** Returns what stops them, and waits for the one that is being written. A generator among several hands its part over. */
export function startCheckpoints(options: {
  readonly folder: string
  readonly clock: Clock
  readonly generator: Pick<GeneratorHooks, 'checkpoint'> | undefined
  readonly part: () => PartRecord
  readonly resultOf: (part: PartRecord) => Slices<ResultByRow>
  readonly say: (line: string) => void
}): () => Promise<void> {
  const { folder, clock, generator, part, resultOf, say } = options
  if (generator?.checkpoint !== undefined) {
    const stop = everyMinute(clock, async () => generator.checkpoint?.(part()))
    return async () => stop()
  }
  const file = createCheckpointFile(folder, say)
  const stop = everyMinute(clock, () => file.write(resultOf(part())))
  return () => {
    stop()
    return file.close()
  }
}

/** Calls `act` once a minute, and not again before it is done. Returns what stops it. */
function everyMinute(clock: Clock, act: () => Promise<void>): () => void {
  let isOver = false
  const look = async () => {
    await act()
    if (!isOver) timer = clock.after(everyMs, look)
  }
  let timer = clock.after(everyMs, look)
  return () => {
    isOver = true
    timer.cancel()
  }
}

/** A file that cannot be written is told once, and is no reason to end. */
export function createCheckpointFile(folder: string, say: (line: string) => void) {
  let told = false
  let isOver = false
  let underWay = Promise.resolve()
  const make = async (making: Slices<ResultByRow>) => {
    const { result, rows } = await inSlices(making)
    // The run's own result takes its place.
    if (isOver) return
    try {
      await writeCheckpoint(folder, { ...result, causes: null }, rows())
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      if (!told) say(`warning: no ${checkpointName}: ${error.message}`)
      told = true
    }
  }
  return {
    /** In slices, because the load goes on; one after another. */
    write(making: Slices<ResultByRow>): Promise<void> {
      underWay = underWay.then(() => make(making))
      return underWay
    },
    /** From now on none is begun. Resolves when none is being written. */
    close(): Promise<void> {
      isOver = true
      return underWay
    },
  }
}
