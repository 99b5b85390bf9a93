// A terminal's totals for its settlements: what is in force, debits (sales, completions) and credits (voids, refunds).
// Reversed transactions are in none: a terminal that had no answer cannot know whether the host ever had them.

import type { LedgerRules, PostingRule } from '../../codec/dialect.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Terminal } from '../terminal.js'
import { ChargedRows, type RowChain, type UploadRow } from './charged-rows.js'

export interface TerminalTotals {
  readonly debitCount: number
  readonly debitAmount: number
  readonly creditCount: number
  readonly creditAmount: number
  /** Texts for names such as `totals.debitAmount.12`: the value in so many digits. */
  names(wanted: readonly string[]): Readonly<Record<string, string>>
}

const debits: readonly PostingRule['effect'][] = ['charge', 'capture']
const credits: readonly PostingRule['effect'][] = ['void', 'refund']

export interface BatchTotals {
  readonly batch: string
  readonly totals: TerminalTotals
  /** The transactions that they are made of; none where they were not asked for. */
  readonly rows: () => readonly UploadRow[]
}

/**
 * Totals by terminal, of each batch that it has a row in where the dialect's settlements are of batches: it may have signed
 * on to a new one in between. The current batch is the last. None for a terminal without any row. One whose transactions
 * were all reversed has totals of zeros: its host may have kept them. `keepsRows`: the rows themselves may be uploaded.
 */
export function createTotals(
  ledger: LedgerRules,
  rows: Iterable<BookRow>,
  { keepsRows = false }: { readonly keepsRows?: boolean } = {},
): { of(terminal: Pick<Terminal, 'id' | 'batch'>): readonly BatchTotals[] } {
  const effects = new Map(ledger.postings.map(({ kind, effect }) => [kind, effect]))
  const isOfBatch = ledger.totals.over === 'batch'
  const kept = keepsRows ? new ChargedRows() : undefined
  const byTerminal = new Map<string, Map<string, Sums>>()
  for (const row of rows) {
    const batches = byTerminal.get(row.terminal) ?? new Map<string, Sums>()
    byTerminal.set(row.terminal, batches)
    const batch = isOfBatch ? row.batch : ''
    const sums = batches.get(batch) ?? noSums()
    batches.set(batch, sums)
    const effect = effects.get(row.kind) ?? 'inquire'
    if (row.state === 'charged' && addTo(sums, row, effect)) kept?.add(sums, row)
  }
  return {
    of({ id, batch: current }) {
      const all = [...(byTerminal.get(id) ?? [])].map(([batch, sums]) => ({
        batch: isOfBatch ? batch : current,
        totals: totalsOf(sums),
        rows: () => [...(kept?.of(sums) ?? [])],
      }))
      return [...all.filter(({ batch }) => batch !== current), ...all.filter(({ batch }) => batch === current)]
    },
  }
}

interface Sums extends RowChain {
  debitCount: number
  debitAmount: number
  creditCount: number
  creditAmount: number
}

const noSums = (): Sums => ({ debitCount: 0, debitAmount: 0, creditCount: 0, creditAmount: 0, first: -1, last: -1 })

/** False: it is no part of a total. */
function addTo(sums: Sums, { amountMinor }: BookRow, effect: PostingRule['effect']): boolean {
  if (debits.includes(effect)) {
    sums.debitCount++
    sums.debitAmount += amountMinor
  } else if (credits.includes(effect)) {
    sums.creditCount++
    sums.creditAmount += amountMinor
  } else return false
  return true
}

function totalsOf({ debitCount, debitAmount, creditCount, creditAmount }: Sums): TerminalTotals {
  const sums = { debitCount, debitAmount, creditCount, creditAmount }
  const net = creditAmount - debitAmount
  return { ...sums, names: (wanted) => totalTexts({ ...sums, net }, wanted) }
}

/** The texts of names such as `totals.debitAmount.12`, from sums by name; any other sum is 0. */
export function totalTexts(
  sums: Readonly<Record<string, number>>,
  wanted: readonly string[],
): Readonly<Record<string, string>> {
  const textOf = (name: string) => {
    const [, what = '', digits] = name.split('.')
    const value = sums[what] ?? 0
    // A number that has outgrown its field keeps the digits that there is room for.
    const text = String(Math.abs(value)).padStart(Number(digits), '0').slice(-Number(digits))
    return what === 'net' ? (value < 0 ? 'D' : 'C') + text : text
  }
  return Object.fromEntries(wanted.filter((name) => name.startsWith('totals.')).map((name) => [name, textOf(name)]))
}
