// How messages of ISO 8583:2003 belong together: as in 1993, with version 2 in the MTI, action codes of four digits, trace
// numbers of twelve, amounts behind their currency, and all totals in data element 74.

import type { AnswerRule, DialectRules, LedgerRules, MatchDefinition, OriginalParts } from '../dialect.js'
import { iso93Ledger } from './iso93-ledger.js'
import { iso93Rules } from './iso93-rules.js'
import { to2003 } from './iso2003-codes.js'

const versionTwo = (mti: string): string => mti.replace(/^1/, '2')

/** In 2003 notifications are acknowledged, so that totals may come in one too. */
function requestOf({ mti, ...fields }: MatchDefinition): MatchDefinition {
  if (mti === undefined) return fields
  const patterns = [mti].flat().map(versionTwo)
  return { mti: patterns.some((pattern) => pattern.startsWith('25')) ? [...patterns, '254*'] : patterns, ...fields }
}

const codesOf = <T extends object>(codes: T): T =>
  Object.fromEntries(Object.entries(codes).map(([what, code]) => [what, to2003(String(code))])) as T

/** Data element 54: account type, amount type 02 (available), currency, its decimals, sign and amount. */
const balance = '0002{currency}2C{balance}'

/** No currency of its own (49): each amount has it. */
const answerOf = ({ request, echoed, set, setWhenApproved }: AnswerRule): AnswerRule => {
  const { 74: totals, ...others } = set
  const isReconciliation = totals !== undefined
  const kept = Object.entries(others).filter(([field]) => !isReconciliation || field === '39')
  return {
    request: requestOf(request),
    echoed: echoed.filter((field) => field !== 49 && field !== 50),
    set: { ...Object.fromEntries(kept), ...(isReconciliation && { 74: '{totals.74}' }) },
    ...(setWhenApproved && {
      setWhenApproved: {
        ...setWhenApproved,
        ...(setWhenApproved[39] && { 39: to2003(setWhenApproved[39]) }),
        ...(setWhenApproved[54] && { 54: balance }),
      },
    }),
  }
}

/** Data element 56: MTI 4, trace number 12, local date and time 14. */
const named: OriginalParts = {
  batch: [{ field: 56, from: 16, to: 30 }],
  stan: { field: 56, from: 4, to: 16 },
  reference: { field: 37 },
}

type Total = LedgerRules['totals']['parts'][number]['total']

/** Data element 74: amount 16 and number 10 of credits, their chargebacks and reversals, then the same of debits. */
const totals: readonly (readonly [amount: Total, count: Total])[] = [
  ['creditAmount', 'creditCount'],
  ['none', 'none'],
  ['creditReversalAmount', 'creditReversalCount'],
  ['debitAmount', 'debitCount'],
  ['none', 'none'],
  ['debitReversalAmount', 'debitReversalCount'],
]
const [amountDigits, countDigits] = [16, 10]

/** The text of data element 74 in a terminal's message. */
export const primaryTotals: string = totals
  .map(([amount, count]) =>
    amount === 'none' ? '0'.repeat(amountDigits + countDigits) : `{totals.${amount}.16}{totals.${count}.10}`,
  )
  .join('')

const ledger: LedgerRules = {
  ...iso93Ledger,
  postings: iso93Ledger.postings.map(({ original, request, ...posting }) => ({
    ...posting,
    request: requestOf(request),
    ...(original && { original: named }),
  })),
  codes: codesOf(iso93Ledger.codes),
  totals: {
    ...iso93Ledger.totals,
    parts: totals.flatMap(([amount, count], index) => {
      const from = index * (amountDigits + countDigits)
      const between = from + amountDigits
      return [
        { field: 74, from, to: between, total: amount, digits: amountDigits },
        { field: 74, from: between, to: between + countDigits, total: count, digits: countDigits },
      ]
    }),
    sentAs: ['2500', '2501', '2520', '2521', '2521'],
  },
}

const { payoutAdvice: _none, codeClasses, dataChecks, security, cardOutcomes, meanings = {}, ...rules } = iso93Rules

export const iso2003Rules: DialectRules = {
  ...rules,
  approved: rules.approved.map(to2003),
  // A part of an amount would need its currency in front.
  partial: [],
  retry: rules.retry.map(to2003),
  ...(codeClasses && {
    codeClasses: {
      dataError: codeClasses.dataError.map(to2003),
      setup: codeClasses.setup.map(to2003),
      down: codeClasses.down.map(to2003),
    },
  }),
  codes: codesOf(rules.codes),
  ...(cardOutcomes && { cardOutcomes: codesOf(cardOutcomes) }),
  meanings: Object.fromEntries(Object.entries(meanings).map(([code, meaning]) => [to2003(code), meaning])),
  answers: rules.answers.map(answerOf),
  ...(dataChecks && {
    dataChecks: {
      ...dataChecks,
      requests: requestOf(dataChecks.requests),
      // In front of the amount.
      currency: { field: 4, from: 0, to: 3 },
      codes: codesOf(dataChecks.codes),
    },
  }),
  ...(security?.pin && {
    security: { ...security, pin: { ...security.pin, formatError: to2003(security.pin.formatError) } },
  }),
  ledger,
}
