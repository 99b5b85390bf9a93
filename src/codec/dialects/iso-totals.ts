// Where the totals of a reconciliation stand in ISO 8583:1987 and 1993: fields 74 to 77, 86 to 89 and 97.

import type { LedgerRules } from '../dialect.js'

type Part = LedgerRules['totals']['parts'][number]

const count = (field: number, total: Part['total']): Part => ({ field, total, digits: 10 })
const amount = (field: number, total: Part['total']): Part => ({ field, total, digits: 16 })

export const isoTotals: readonly Part[] = [
  count(74, 'creditCount'),
  count(75, 'creditReversalCount'),
  count(76, 'debitCount'),
  count(77, 'debitReversalCount'),
  amount(86, 'creditAmount'),
  amount(87, 'creditReversalAmount'),
  amount(88, 'debitAmount'),
  amount(89, 'debitReversalAmount'),
  amount(97, 'net'),
]

/** The texts that an answer is filled with, by field. */
export const isoTotalsAnswer: Readonly<Record<number, string>> = Object.fromEntries(
  isoTotals.map(({ field }) => [field, `{totals.${field}}`]),
)
