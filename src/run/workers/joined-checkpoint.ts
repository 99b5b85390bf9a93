// checkpoint.json of a run with several generators: each hands its part over once a minute, and the last of them has it written.

import type { Slices } from '../../base/slices.js'
import type { PartRecord } from '../../measure/part-record.js'
import type { ResultByRow } from '../result/assemble-result.js'
import { createCheckpointFile } from '../result/checkpoint.js'

/** Left without a folder, nothing is written. */
export function createJoinedCheckpoint(options: {
  readonly folder: string | undefined
  readonly generators: number
  readonly resultOf: (parts: readonly PartRecord[]) => Slices<ResultByRow>
  readonly say: (line: string) => void
}) {
  const { folder, generators, resultOf, say } = options
  const file = folder === undefined ? undefined : createCheckpointFile(folder, say)
  const living = new Set(Array.from({ length: generators }, (_, index) => index))
  const latest = new Map<number, PartRecord>()
  const fresh = new Set<number>()
  return {
    add(part: PartRecord): void {
      latest.set(part.share.index, part)
      fresh.add(part.share.index)
      if ([...living].some((index) => !fresh.has(index))) return
      fresh.clear()
      void file?.write(resultOf([...latest.values()]))
    },
    /** The generator tells no more; its last part stays. */
    ended: (index: number): void => void living.delete(index),
    close: async (): Promise<void> => await file?.close(),
  }
}
