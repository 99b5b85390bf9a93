// How many processes serve.

import { availableParallelism } from 'node:os'

/** `auto`: a core is left for the process that accepts and writes the ledger. Left out: that one alone. */
export function processCount(asked: number | 'auto' | undefined): number {
  if (asked !== 'auto') return asked ?? 1
  return Math.max(1, availableParallelism() - 1)
}
