// Whom a settlement asks, and about what.

import { expect, test } from 'vitest'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import type { LedgerRules } from '../../../src/codec/rules/ledger-rules.js'
import type { BookRow } from '../../../src/measure/money/books.js'
import { createTotals } from '../../../src/terminal/settlement/totals.js'

const row = (change: Partial<BookRow>): BookRow => ({
  ...{ terminal: 'T1', merchant: 'M1', batch: '000001', stan: '000001', kind: 'sale', amountMinor: 1000 },
  state: 'charged',
  ...change,
})
const totals = (dialect: string, rows: readonly BookRow[], batch = '000001') =>
  createTotals(builtInDialect(dialect).rules.ledger as LedgerRules, rows).of({ id: 'T1', batch })
const only = (dialect: string, rows: readonly BookRow[]) => {
  const all = totals(dialect, rows)
  expect(all).toHaveLength(1)
  return all[0]?.totals
}

test('what is in force: debits and credits', () => {
  const rows = [row({}), row({ kind: 'refund', amountMinor: 1 }), row({ kind: 'preauth' }), row({ state: 'declined' })]
  expect(only('cup-pos', rows)).toMatchObject({ debitCount: 1, debitAmount: 1000, creditCount: 1, creditAmount: 1 })
})

test('a terminal whose only sale was reversed is asked, with zeros; one that sent nothing is not', () => {
  expect(only('cup-pos', [row({ state: 'reversed' })])).toMatchObject({ debitCount: 0, debitAmount: 0 })
  expect(totals('cup-pos', [row({ terminal: 'T2' })])).toEqual([])
})

test('rows that may be uploaded come back batch by batch in their order, whatever their number', () => {
  const many = Array.from({ length: 40_000 }, (_, index) =>
    row({ stan: index === 7 ? 'odd' : String(index).padStart(6, '0'), batch: `00000${index % 2}`, amountMinor: index }),
  )
  const reversed = row({ state: 'reversed' })
  const ledger = builtInDialect('cup-pos').rules.ledger as LedgerRules
  const all = createTotals(ledger, [...many, reversed], { keepsRows: true }).of({ id: 'T1', batch: '000000' })
  expect(all.map(({ rows }) => rows())).toEqual(
    [1, 0].map((odd) =>
      many.filter((_, index) => index % 2 === odd).map(({ stan, amountMinor }) => ({ stan, amountMinor })),
    ),
  )
  expect(totals('cup-pos', many)[0]?.rows()).toEqual([])
})

test('of each batch, the current one last, or of all', () => {
  const rows = [row({}), row({ batch: '000002', amountMinor: 5 }), row({ amountMinor: 2 })]
  const said = totals('cup-pos', rows).map(({ batch, totals: { debitAmount } }) => [batch, debitAmount])
  expect(said).toEqual([
    ['000002', 5],
    ['000001', 1002],
  ])
  expect(only('iso87-ascii', rows)?.debitAmount).toBe(1007)
})
