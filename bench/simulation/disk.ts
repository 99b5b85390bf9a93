// A disk that outlives processes, with one file on it: the terminals' journal.

import type { JournalStorage } from '../../src/terminal/journal/journal.js'

export type SimulatedDisk = JournalStorage

export function createDisk(): SimulatedDisk {
  let bytes = Buffer.alloc(0)
  return {
    read: () => Buffer.from(bytes),
    append: (more) => {
      bytes = Buffer.concat([bytes, more])
    },
    replace: (others) => {
      bytes = Buffer.from(others)
    },
    close: () => {},
  }
}
