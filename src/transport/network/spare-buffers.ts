// Buffers for writes, of one size, that are used again: the system allocates none for each write, and nothing is left to be collected.

import { poison, poisonsViews } from '../../base/lent.js'

export interface SpareBuffers {
  take(): Uint8Array
  /** Its bytes have left (Link.hasLeft): whoever writes next has it. */
  giveBack(buffer: Uint8Array): void
}

/** `most`: that many wait for the next write, in this thread. */
export function createSpareBuffers(bytes: number, most: number): SpareBuffers {
  const spare: Uint8Array[] = []
  return {
    take: () => spare.pop() ?? Buffer.allocUnsafeSlow(bytes),
    giveBack(buffer) {
      if (poisonsViews) buffer.fill(poison)
      if (spare.length < most) spare.push(buffer)
    },
  }
}
