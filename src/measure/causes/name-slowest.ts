// Gives the slowest transactions of a result the causes that the diagnosis found for them.

import type { SlowTransaction } from '../result.js'
import type { Diagnosis } from './diagnose.js'
import type { Observed } from './observations.js'

/** Saved instants are rounded to the µs. */
const roundingMs = 0.001

export function nameSlowest(
  slowest: readonly SlowTransaction[],
  transactions: readonly Observed[],
  verdicts: Diagnosis['verdicts'],
): readonly SlowTransaction[] {
  const wanted = new Set(slowest.map(({ terminal }) => terminal))
  const known = transactions.filter(({ terminal }) => wanted.has(terminal))
  return slowest.map((slow) => {
    const found = known.find(
      ({ terminal, intendedAt }) => terminal === slow.terminal && Math.abs(intendedAt - slow.intendedAt) <= roundingMs,
    )
    return { ...slow, cause: (found && verdicts.get(found.id)?.cause) ?? null }
  })
}
