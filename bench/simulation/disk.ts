// A disk that outlives processes, with one file on it: the terminals' journal.

import { type JournalStorage, renewalInMemory } from '../../src/terminal/journal/journal-storage.js'

export type SimulatedDisk = JournalStorage

export function createDisk(): SimulatedDisk {
  let bytes = Buffer.alloc(0)
  return {
    read: () => Buffer.from(bytes),
    append: (more) => {
      bytes = Buffer.concat([bytes, more])
    },
    renew: () =>
      renewalInMemory((others) => {
        bytes = Buffer.from(others)
      }),
    close: () => {},
  }
}

/** These bytes take the place of all that is there. */
export function putInPlace(disk: Pick<SimulatedDisk, 'renew'>, bytes: Uint8Array): void {
  const renewal = disk.renew()
  renewal.append(bytes)
  renewal.take()
}
