// What settlements said, as the books and the result have it. Pure.

import type { SettledTotals } from '../measure/books.js'
import type { Result } from '../measure/result.js'
import type { Settled } from '../terminal/settlement.js'

export function countSettled(settled: readonly Settled[]): NonNullable<Result['settlements']> {
  const counts = { balanced: 0, outOfBalance: 0, unknown: 0 }
  for (const { verdict } of settled) counts[verdict]++
  return counts
}

export function settledTotals(settled: readonly Settled[]): readonly SettledTotals[] {
  return settled.map(({ terminal, batch, verdict, own, host }) => ({
    terminal: terminal.id,
    merchant: terminal.merchant,
    batch,
    verdict,
    ownMinor: own.debitAmount - own.creditAmount,
    hostMinor: host && host.debitAmount - host.creditAmount,
  }))
}
