// Whether the data of a request can be right at all: what a host looks at before it carries a request out, and what a
// terminal can look at before it sends one. Pure; the same table for both sides.

import { knownNumericCurrencies } from '../../base/currencies.js'
import { passesLuhn } from '../../base/text/card-number.js'
import { bareAmount } from '../amount.js'
import type { DataCheckRules } from '../rules/data-check-rules.js'
import { compileMatch, type Matchable } from './match.js'

export const dataChecks = ['format', 'luhn', 'amount', 'currency', 'expiry'] as const
export type DataCheck = (typeof dataChecks)[number]

/** A problem of the data, and the field that has it. */
export interface DataProblem {
  readonly check: DataCheck
  readonly field: number
  readonly words: string
  /** The response code that says so. */
  readonly code: string
}

/**
 * `month` is the current one, YYMM, where the cards are used. The same few objects are returned every time; undefined where
 * nothing is wrong, and for messages that are not checked: advices tell what has happened already.
 */
export type CheckData = (message: Matchable, month: string) => DataProblem | undefined

/** ISO 8583 numbers these the same in every version. */
const pan = 2
const amount = 4
const expiry = 14
/** Where no dialect says otherwise. */
const usualCurrency = { field: 49 }

/** ISO/IEC 7812-1: digits of a card number. */
const shortestPan = 12

/** `only`: what is looked at. Throws UsageError for a condition of the rules that is none. */
export function compileDataChecks(
  { requests, required, codes, currency = usualCurrency }: DataCheckRules,
  ownCurrency: string,
  only: readonly DataCheck[] = dataChecks,
): CheckData {
  const looksAt = Object.fromEntries(dataChecks.map((check) => [check, only.includes(check)])) as Record<
    DataCheck,
    boolean
  >
  const isChecked = rememberByMti(compileMatch(requests))
  const needs = compileMatch(required.of)
  const currencies = new Set(knownNumericCurrencies)
  const missing = new Map(
    required.fields.map((field) => [field, problem('format', field, `field ${field} is missing`, codes.format)]),
  )
  const wrong = {
    pan: problem('luhn', pan, 'card number wrong', codes.card),
    amount: problem('amount', amount, 'amount is zero', codes.amount),
    month: problem('format', expiry, 'no month', codes.format),
    expired: problem('expiry', expiry, 'card expired', codes.expired),
    currency: problem('currency', currency.field, 'no currency', codes.currency),
  }

  const isAmount = remembered((text) => !isZero(bareAmount(text)))
  const isCurrency = remembered((text) => {
    const code = text.slice(currency.from, currency.to)
    return code === ownCurrency || currencies.has(code)
  })

  const checkMissing = (message: Matchable) => {
    for (const field of required.fields) {
      if (!message.has(field)) return needs(message) ? missing.get(field) : undefined
    }
    return undefined
  }
  const checkExpiry = (message: Matchable, month: string) => {
    const text = message.text(expiry)
    if (text === undefined) return undefined
    if (looksAt.format && !isMonth(text)) return wrong.month
    return looksAt.expiry && text < month ? wrong.expired : undefined
  }
  const checkPan = (message: Matchable) => {
    const text = message.text(pan)
    return text === undefined || (text.length >= shortestPan && passesLuhn(text)) ? undefined : wrong.pan
  }
  const checkAmount = (message: Matchable) => {
    const text = message.text(amount)
    return text === undefined || isAmount(text) ? undefined : wrong.amount
  }
  const checkCurrency = (message: Matchable) => {
    const text = message.text(currency.field)
    return text === undefined || isCurrency(text) ? undefined : wrong.currency
  }

  return (message, month) => {
    if (!isChecked(message)) return undefined
    return (
      (looksAt.format ? checkMissing(message) : undefined) ??
      (looksAt.luhn ? checkPan(message) : undefined) ??
      (looksAt.amount ? checkAmount(message) : undefined) ??
      checkExpiry(message, month) ??
      (looksAt.currency ? checkCurrency(message) : undefined)
    )
  }
}

/** Most requests have the value of the one before, which need not be looked at again. */
function remembered(isRight: (text: string) => boolean): (text: string) => boolean {
  let right: string | undefined
  return (text) => {
    if (text === right) return true
    if (!isRight(text)) return false
    right = text
    return true
  }
}

/** Loops and no patterns: a host asks for every request. */
function isZero(digits: string): boolean {
  for (let index = digits.length - 1; index >= 0; index--) if (digits.charCodeAt(index) !== zero) return false
  return true
}

/** YYMM with a month from 01 to 12. */
function isMonth(text: string): boolean {
  if (text.length !== 4) return false
  for (let index = 0; index < 4; index++) if (!isDigit(text.charCodeAt(index))) return false
  const month = (text.charCodeAt(2) - zero) * 10 + text.charCodeAt(3) - zero
  return month >= 1 && month <= 12
}

const zero = 48
const isDigit = (code: number) => code >= zero && code <= zero + 9

const problem = (check: DataCheck, field: number, words: string, code: string): DataProblem => ({
  ...{ check, field, words, code },
})

/** At most one entry for each of the 10,000 MTIs. */
function rememberByMti(fits: (message: Matchable) => boolean): (message: Matchable) => boolean {
  const known = new Map<string, boolean>()
  return (message) => {
    const remembered = known.get(message.mti)
    if (remembered !== undefined) return remembered
    const isFit = fits(message)
    known.set(message.mti, isFit)
    return isFit
  }
}
