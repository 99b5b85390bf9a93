// What settlements said, as the books and the result have it. Pure.

import type { SettledTotals } from '../measure/books.js'
import type { Result } from '../measure/result.js'
import { netOf, totalsAgree } from '../terminal/host-totals.js'
import type { Settled } from '../terminal/settlement.js'

export function countSettled(settled: readonly Settled[]): NonNullable<Result['settlements']> {
  const counts = { balanced: 0, outOfBalance: 0, unknown: 0 }
  for (const { verdict } of settled) counts[verdict]++
  return counts
}

/** Totals of an earlier run that were told again at the start of this one. */
export function toldAgainLine(settled: readonly Settled[]): string {
  const { balanced, outOfBalance, unknown } = countSettled(settled)
  const silent = unknown > 0 ? `, ${unknown} without a verdict` : ''
  return `told the host again the totals of an earlier run: ${balanced} balanced, ${outOfBalance} out of balance${silent}`
}

export function settledTotals(settled: readonly Settled[]): readonly SettledTotals[] {
  return settled.map(({ terminal, batch, over, verdict, own, host }) => {
    const net = netOf(host)
    return {
      terminal: terminal.id,
      merchant: terminal.merchant,
      ...{ batch, over, verdict },
      totalsAgree: totalsAgree(own, host),
      ownMinor: own.debitAmount - own.creditAmount,
      hostMinor: net === null ? null : 0 - net,
    }
  })
}
