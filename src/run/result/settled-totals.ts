// The totals of settlements, in the form of the books and of the result. Pure.

import { counted } from '../../base/text/counted.js'
import type { SettledTotals } from '../../measure/money/books.js'
import type { Result } from '../../measure/result.js'
import { netTotal, totalsAgree } from '../../terminal/settlement/host-totals.js'
import type { SettledTerminal } from '../../terminal/settlement/settlement.js'

export function countSettled(settled: readonly SettledTerminal[]): NonNullable<Result['settlements']> {
  const counts = { balanced: 0, outOfBalance: 0, unknown: 0, unanswered: 0 }
  for (const { verdict, silence } of settled) {
    counts[verdict]++
    if (silence !== undefined) counts.unanswered++
  }
  return counts
}

/** Lines about settlements without an answer and why, about the totals that got none in an earlier run, and about the totals that are unanswered now. */
export function settlementLines(settled: readonly SettledTerminal[], unanswered: number): readonly string[] {
  const again = settled.filter(({ isAgain }) => isAgain)
  const { balanced, outOfBalance, unknown } = countSettled(again)
  const silent = unknown > 0 ? `, ${unknown} without a verdict` : ''
  const told = `sent the totals of an earlier run to the host again: ${balanced} balanced, ${outOfBalance} out of balance${silent}`
  const left = `no host has answered the totals of ${counted(unanswered, 'terminal')}: the next run with this --journal sends them again`
  return [...silentLines(settled), ...(again.length > 0 ? [told] : []), ...(unanswered > 0 ? [left] : [])]
}

/** One for each reason. */
function silentLines(settled: readonly SettledTerminal[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { silence } of settled) if (silence !== undefined) counts.set(silence, (counts.get(silence) ?? 0) + 1)
  return [...counts].map(
    ([why, count]) => `warning: ${count} of ${counted(settled.length, 'settlement')} without an answer: ${why}`,
  )
}

export function settledTotals(settled: readonly SettledTerminal[]): readonly SettledTotals[] {
  return settled.map(({ terminal, batch, over, verdict, own, host }) => {
    const net = netTotal(host)
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
