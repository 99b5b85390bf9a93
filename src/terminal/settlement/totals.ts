// A terminal's totals for its settlements: what is in force, debits (sales, completions) and credits (voids, refunds).
// Reversed transactions are in none: a terminal that had no answer cannot know whether the host ever had them.

import type { LedgerRules, PostingRule } from '../../codec/dialect.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Terminal } from '../terminal.js'

export interface TerminalTotals {
  readonly debitCount: number
  readonly debitAmount: number
  readonly creditCount: number
  readonly creditAmount: number
  /** The transactions that they are made of. */
  readonly rows: readonly BookRow[]
  /** Texts for names such as `totals.debitAmount.12`: the value in so many digits. */
  names(wanted: readonly string[]): Readonly<Record<string, string>>
}

const debits: readonly PostingRule['effect'][] = ['charge', 'capture']
const credits: readonly PostingRule['effect'][] = ['void', 'refund']

export interface BatchTotals {
  readonly batch: string
  readonly totals: TerminalTotals
}

/**
 * Totals by terminal, of each batch that it has a row in where the dialect's settlements are of batches: it may have signed
 * on to a new one in between. The current batch is the last. None for a terminal without any row. One whose transactions
 * were all reversed has totals of zeros: its host may have kept them.
 */
export function createTotals(
  ledger: LedgerRules,
  rows: Iterable<BookRow>,
): { of(terminal: Pick<Terminal, 'id' | 'batch'>): readonly BatchTotals[] } {
  const effects = new Map(ledger.postings.map(({ kind, effect }) => [kind, effect]))
  const effectOf = ({ kind }: BookRow) => effects.get(kind) ?? 'inquire'
  const isOfBatch = ledger.totals.over === 'batch'
  const byTerminal = new Map<string, Map<string, BookRow[]>>()
  for (const row of rows) {
    const batches = byTerminal.get(row.terminal) ?? new Map<string, BookRow[]>()
    byTerminal.set(row.terminal, batches)
    const batch = isOfBatch ? row.batch : ''
    const own = batches.get(batch) ?? []
    batches.set(batch, own)
    if (row.state === 'charged' && [...debits, ...credits].includes(effectOf(row))) own.push(row)
  }
  return {
    of({ id, batch: current }) {
      const all = [...(byTerminal.get(id) ?? [])].map(([batch, own]) => ({
        batch: isOfBatch ? batch : current,
        totals: totalsOf(own, (row) => debits.includes(effectOf(row))),
      }))
      return [...all.filter(({ batch }) => batch !== current), ...all.filter(({ batch }) => batch === current)]
    },
  }
}

function totalsOf(rows: readonly BookRow[], isDebit: (row: BookRow) => boolean): TerminalTotals {
  const sum = (side: readonly BookRow[]) => side.reduce((total, { amountMinor }) => total + amountMinor, 0)
  const debit = rows.filter(isDebit)
  const credit = rows.filter((row) => !isDebit(row))
  const values: Readonly<Record<string, number>> = {
    debitCount: debit.length,
    debitAmount: sum(debit),
    creditCount: credit.length,
    creditAmount: sum(credit),
    net: sum(credit) - sum(debit),
  }
  return {
    debitCount: debit.length,
    debitAmount: sum(debit),
    creditCount: credit.length,
    creditAmount: sum(credit),
    rows,
    names: (wanted) => totalTexts(values, wanted),
  }
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
