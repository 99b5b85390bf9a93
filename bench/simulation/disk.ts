// The disks of a simulation: one that outlives processes, with the terminals' journal on it, and a folder for the ledger.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JournalStorage, renewalInMemory } from '../../src/terminal/journal/journal-storage.js'

export type SimulatedDisk = JournalStorage

export function createDisk(): SimulatedDisk {
  let bytes = Buffer.alloc(0)
  return {
    read: () => [Buffer.from(bytes)],
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

/** A folder for the files of one simulation; in memory where the system has a place for files there. */
export function memoryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'isochron-simulation-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
