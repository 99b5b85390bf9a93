// Whom a settlement asks, and about what.

import { expect, test } from 'vitest'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import type { LedgerRules } from '../../src/codec/ledger-rules.js'
import type { BookRow } from '../../src/measure/books.js'
import { createTotals } from '../../src/terminal/totals.js'

const row = (change: Partial<BookRow>): BookRow => ({
  ...{ terminal: 'T1', merchant: 'M1', batch: '000001', stan: '000001', kind: 'sale', amountMinor: 1000 },
  state: 'charged',
  ...change,
})
const totals = (dialect: string, rows: readonly BookRow[], batch = '000001') =>
  createTotals(builtInDialect(dialect).rules.ledger as LedgerRules, rows).of({ id: 'T1', batch })

test('what is in force: debits and credits', () => {
  const rows = [row({}), row({ kind: 'refund', amountMinor: 1 }), row({ kind: 'preauth' }), row({ state: 'declined' })]
  expect(totals('cup-pos', rows)).toMatchObject({ debitCount: 1, debitAmount: 1000, creditCount: 1, creditAmount: 1 })
})

test('a terminal whose only sale was reversed is asked, with zeros; one that sent nothing is not', () => {
  expect(totals('cup-pos', [row({ state: 'reversed' })])).toMatchObject({ debitCount: 0, debitAmount: 0, rows: [] })
  expect(totals('cup-pos', [row({ terminal: 'T2' })])).toBeUndefined()
})

test('of the current batch, or of all', () => {
  const rows = [row({}), row({ batch: '000002', amountMinor: 5 })]
  expect(totals('cup-pos', rows, '000002')?.debitAmount).toBe(5)
  expect(totals('iso87-ascii', rows)?.debitAmount).toBe(1005)
})
