// How much slower than a quiet machine this one is now: what a document waits for is waited for as much longer.

import { spawnSync } from 'node:child_process'

/** Milliseconds that Node takes to start on a quiet machine. */
const quietMs = 60

/** At least 1. */
export function slowness(): number {
  const startedAt = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return Math.max(1, (performance.now() - startedAt) / quietMs)
}
