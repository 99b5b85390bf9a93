// The totals of a settlement: how a terminal states its own, how a host's are written, whether the two agree.

import type { Peek } from '../../codec/codec.js'
import type { LedgerRules } from '../../codec/dialect.js'

type TotalRules = LedgerRules['totals']
type Part = TotalRules['parts'][number]

/** Over the transactions in force. Amounts in minor units. */
export interface Totals {
  readonly debitCount: number
  readonly debitAmount: number
  readonly creditCount: number
  readonly creditAmount: number
}

/** The figures of a request for each part that it has; the verdict is the host's and not among them. */
export type StatedTotals = readonly { readonly total: Part['total']; readonly digits: number; readonly value: number }[]

export function readTotals(request: Peek, rules: TotalRules): StatedTotals {
  return rules.parts.flatMap(({ total, digits, field, from, to }) => {
    if (total === 'verdict') return []
    const value = signedOf(request.text(field)?.slice(from, to))
    return value === undefined ? [] : [{ total, digits, value }]
  })
}

/**
 * Every part that the request has must be the host's own; a request that states nothing only asks, and agrees. Numbers
 * that have outgrown their digits are compared by the digits that there are.
 */
export function isBalanced(stated: StatedTotals, totals: Totals): boolean {
  return stated.every(({ total, digits, value }) => value === valueOfTotal(total, totals) % 10 ** digits)
}

/** The host's totals by field, with its verdict. Parts of one field stand in it one after another. */
export function writeTotals(rules: TotalRules, totals: Totals, balanced: boolean): Record<number, string> {
  const { verdicts } = rules
  const texts: Record<number, string> = {}
  for (const { field, total, digits } of rules.parts) {
    const text =
      total === 'verdict'
        ? verdicts[balanced ? 'balanced' : 'outOfBalance']
        : textOf(valueOfTotal(total, totals), digits, total === 'net')
    texts[field] = (texts[field] ?? '') + text
  }
  return texts
}

/**
 * A transaction that was reversed is in no total, because a terminal that had no answer cannot know whether the host ever
 * had it; so there are no reversals to count.
 */
function valueOfTotal(total: Part['total'], totals: Totals): number {
  switch (total) {
    case 'debitCount':
    case 'debitAmount':
    case 'creditCount':
    case 'creditAmount':
      return totals[total]
    case 'net':
      return totals.creditAmount - totals.debitAmount
    default:
      return 0
  }
}

const textOf = (value: number, digits: number, signed: boolean): string =>
  (signed ? (value < 0 ? 'D' : 'C') : '') +
  String(Math.abs(value) % 10 ** digits)
    .padStart(digits, '0')
    .slice(-digits)

/** Digits, with C (credit) or D (debit) in front where the field has a sign. */
function signedOf(text: string | undefined): number | undefined {
  const match = /^([CD]?)(\d+)$/.exec(text ?? '')
  if (match === null) return undefined
  const value = Number(match[2])
  return match[1] === 'D' && value !== 0 ? -value : value
}
