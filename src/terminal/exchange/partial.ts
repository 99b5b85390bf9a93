// Partial approval: the issuer approves less than was asked for, and the amount of its answer is what is charged.
// Rule: more than was asked for is never charged, whatever an answer says.

import { amountField } from '../../codec/amount.js'
import type { DialectRules } from '../../codec/dialect.js'

/** Whether an answer with this code may carry a lower amount than its request. */
export const isPartial = ({ partial }: Pick<DialectRules, 'partial'>, code: string | undefined): boolean =>
  code !== undefined && partial?.includes(code) === true

/**
 * The amount that a partial approval charges, as it stands in the answer; undefined: all, because the approval is of the
 * whole, or says no amount that could be charged instead.
 */
export function partOf(
  rules: Pick<DialectRules, 'partial' | 'responseCode'>,
  answer: { text(field: number): string | undefined } | undefined,
  asked: string | undefined,
): string | undefined {
  if (!isPartial(rules, answer?.text(rules.responseCode))) return undefined
  const approved = answer?.text(amountField)
  return approved !== undefined && isLess(approved, asked) ? approved : undefined
}

/** Digits against digits, however many leading zeros each has. */
export function isLess(approved: string, asked: string | undefined): boolean {
  return /^\d{1,15}$/.test(approved) && asked !== undefined && Number(approved) < Number(asked)
}
