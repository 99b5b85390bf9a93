// A ledger whose disks are slow, simulated: a posting is answered when the write that takes it with it has ended. Every disk writes
// one group at a time; what comes meanwhile waits for the next one, first come, first served.

import type { Clock } from '../../base/clock.js'
import { createQueue, type Queue } from '../../base/collections/queue.js'
import { logNormal } from '../../base/distributions.js'
import type { Random } from '../../base/random.js'
import type { Asker, Decision, Posting } from '../posting.js'
import type { StorageOptions } from './options.js'

export interface SlowStorage extends Posting {
  /** The host has died: what was not written yet gets no answer. */
  lose(): void
}

export interface SlowStorageSetup {
  readonly posting: Posting
  readonly storage: StorageOptions
  readonly clock: Clock
  readonly random: Random
}

interface Unwritten {
  readonly final: Decision | undefined
  readonly asker: Asker
}

interface Disk {
  readonly line: Queue<Unwritten>
  /** The group that is being written; undefined: the disk is idle. */
  group: readonly Unwritten[] | undefined
}

/** DE42 in every version of ISO 8583. */
const merchantField = 42

export function createSlowStorage({ posting, storage, clock, random }: SlowStorageSetup): SlowStorage {
  const disks = Array.from({ length: storage.shards }, (): Disk => ({ line: createQueue(), group: undefined }))
  const writeMs = logNormal(storage.write, random)
  let deaths = 0

  const write = (disk: Disk) => {
    const group = disk.line.take(storage.group)
    disk.group = group.length === 0 ? undefined : group
    if (disk.group === undefined) return
    const writtenIn = deaths
    clock.precisely(writeMs(), () => {
      if (deaths !== writtenIn) return
      for (const { asker, final } of group) asker.conclude(final)
      write(disk)
    })
  }

  return {
    post(request, decision, asker) {
      const merchant = request.text(merchantField)?.trimEnd() ?? ''
      const disk = disks[shardOf(merchant, disks.length)] as Disk
      let isInside = true
      const conclude = (final: Decision | undefined) => {
        // A request that does not concern the books is never written.
        if (isInside) return asker.conclude(final)
        disk.line.push({ final, asker })
        if (disk.group === undefined) write(disk)
      }
      posting.post(request, decision, { conclude })
      isInside = false
    },
    lose() {
      deaths++
      for (const disk of disks) {
        const lost = [...(disk.group ?? []), ...disk.line.take(Number.POSITIVE_INFINITY)]
        disk.group = undefined
        for (const { asker } of lost) asker.conclude(undefined)
      }
    },
  }
}

/** The same disk for a merchant always, whatever others there are (FNV-1a). */
export function shardOf(merchant: string, shards: number): number {
  let hash = 2_166_136_261
  for (let index = 0; index < merchant.length; index++)
    hash = Math.imul(hash ^ merchant.charCodeAt(index), 16_777_619) >>> 0
  // The low bits alone know little of the first letters.
  return ((hash ^ (hash >>> 15)) >>> 0) % shards
}
