// Totals that a terminal has told and heard nothing of. A host that gets the first copy of them late, when the terminal has
// traded on, has counted some of what came since: the difference must be made of that, and of nothing else.

import type { BookRow } from '../../src/measure/money/books.js'
import type { SettledTerminal } from '../../src/terminal/settlement/settlement.js'

export interface UnheardTotals {
  /** These terminals are about to tell their totals. Until `heard` is called, nobody knows whether they were told. */
  telling(terminals: readonly { readonly id: string }[], rows: Iterable<BookRow>): Telling
  forget(terminal: string): void
}

export interface Telling {
  /** True when the host's difference is what this terminal has done since it told totals in vain, or some of it. */
  explains(settled: SettledTerminal): boolean
  heard(settled: readonly SettledTerminal[]): void
}

export function createUnheardTotals(): UnheardTotals {
  /** The rows that each terminal had when it first told totals in vain. */
  const unheard = new Map<string, number>()
  return {
    telling(terminals, rows) {
      const all = [...rows]
      const rowsOf = (terminal: string) => all.filter((row) => row.terminal === terminal)
      const before = new Map(unheard)
      for (const { id } of terminals) unheard.set(id, unheard.get(id) ?? rowsOf(id).length)
      return {
        explains(settled) {
          const since = before.get(settled.terminal.id)
          return since !== undefined && isMadeOf(rowsOf(settled.terminal.id).slice(since), settled)
        },
        heard(settled) {
          const silent = settled.filter(({ verdict }) => verdict === 'unknown').map(({ terminal }) => terminal.id)
          for (const { id } of terminals) if (!silent.includes(id) && !before.has(id)) unheard.delete(id)
        },
      }
    },
    forget: (terminal) => {
      unheard.delete(terminal)
    },
  }
}

/** Whose sums are looked through: every one more doubles them. */
const mostRows = 14

function isMadeOf(rows: readonly BookRow[], { own, host }: SettledTerminal): boolean {
  const sums = new Set([0])
  for (const { amountMinor } of rows.slice(0, mostRows)) for (const sum of [...sums]) sums.add(sum + amountMinor)
  const debits = (host.get('debitAmount')?.value ?? 0) - own.debitAmount
  const credits = (host.get('creditAmount')?.value ?? 0) - own.creditAmount
  return sums.has(Math.abs(debits)) && sums.has(Math.abs(credits))
}
