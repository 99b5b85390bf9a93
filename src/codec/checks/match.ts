// Conditions on messages, as scenarios and dialects write them: compiled once, asked for every message.

import { UsageError } from '../../base/errors.js'
import { bareAmount } from '../amount.js'
import type { Peek } from '../codec.js'
import type { MatchDefinition } from '../dialect.js'
import { mostFields } from '../head/bitmap.js'
import { cardCondition } from './card-condition.js'

/** The parts of a message that a condition asks for. The message was read, or is planned. */
export type Matchable = Pick<Peek, 'mti' | 'has' | 'text'>

/**
 * `mti`, `card` (a brand, or the outcome of a test card) and field numbers; a value is exact, 'prefix*' ('*': present), 'from..to' (digits of equal length) or a list of
 * these; all keys must hold. Throws UsageError for a key or a value of another form.
 */
export function compileMatch(definition: MatchDefinition): (message: Matchable) => boolean {
  const conditions = Object.entries(definition).map(([key, value]) => condition(key, value))
  const [only] = conditions
  if (conditions.length === 1 && only !== undefined) return only
  // Loops, here and below: a host asks for every message, and a function for each would be made anew each time.
  return (message) => {
    for (const holds of conditions) if (!holds(message)) return false
    return true
  }
}

function condition(key: string, value: string | readonly string[]): (message: Matchable) => boolean {
  const texts = [value].flat()
  if (texts.some((text) => typeof text !== 'string'))
    throw new UsageError(`${name(key)}: expected text in quotes, such as "00" or "41*"`)
  if (key === 'card') return cardCondition(texts)
  const isAmount = amountFields.includes(key)
  const tests = texts.map((text) => valueTest(key, text, isAmount))
  if (tests.length === 0) throw new UsageError(`${name(key)}: the list is empty, so nothing would ever match`)
  const [first] = tests
  const fits = tests.length === 1 && first !== undefined ? first : anyOf(tests)
  if (key === 'mti') return (message) => fits(message.mti)
  const field = Number(key)
  if (!/^[1-9]\d{0,2}$/.test(key) || field < 2 || field > mostFields) {
    const whole = /^(\d+)\./.exec(key)?.[1]
    const hint = whole === undefined ? '' : `; match the start of field ${whole} with 'prefix*' instead`
    throw new UsageError(`'${key}' is neither mti nor card nor a field number from 2 to ${mostFields}${hint}`)
  }
  // A field that is not in the form of a string can only be asked for its presence.
  return (message) => message.has(field) && fits(message.text(field) ?? '')
}

function anyOf(tests: readonly ((text: string) => boolean)[]): (text: string) => boolean {
  return (text) => {
    for (const test of tests) if (test(text)) return true
    return false
  }
}

/** Digits of a range's ends up to which the schema of editors knows that both have as many: those of the longest card number. */
const mostComparedDigits = 19
const rangePattern = Array.from({ length: mostComparedDigits }).reduce<string>(
  (inner) => `\\d(?:\\.\\.|${inner})\\d`,
  '\\d+\\.\\.\\d+',
)
/** A value of a condition, for the schema of editors: a star stands only at its end, and a range has ends of one length. */
export const matchValuePattern = `^(?:(?!\\d+\\.\\.\\d+$)[^*]*\\*?|${rangePattern})$`

const name = (key: string) => (key === 'mti' || key === 'card' ? key : `field ${key}`)

/**
 * Amounts of ISO 8583 in digits alone. A spec may show them without the zeros in front, and 2003 has their currency there,
 * which a condition of sixteen digits asks for too.
 */
const amountFields: readonly string[] = ['4', '5', '6']
const digitsWithCurrency = 16

const withoutZeros = (text: string) => text.replace(/^0+(?=\d)/, '')
const amountFor = (asked: string) => (value: string) =>
  withoutZeros(asked.length === digitsWithCurrency ? value : bareAmount(value))

function valueTest(key: string, text: string, isAmount: boolean): (value: string) => boolean {
  const range = /^(\d+)\.\.(\d+)$/.exec(text)
  if (range !== null) return rangeTest(key, range[1] as string, range[2] as string, isAmount)
  if (text.slice(0, -1).includes('*')) {
    throw new UsageError(`${name(key)}: a * stands only at the end of a prefix`)
  }
  if (isAmount && /^\d+$/.test(text)) {
    const amount = withoutZeros(text)
    const amountOf = amountFor(text)
    return (value) => amountOf(value) === amount
  }
  if (!text.endsWith('*')) return (value) => value === text
  const prefix = text.slice(0, -1)
  return (value) => value.startsWith(prefix)
}

function rangeTest(key: string, from: string, to: string, isAmount: boolean): (value: string) => boolean {
  if (from.length !== to.length || from > to) {
    throw new UsageError(`${name(key)}: a range needs two numbers of the same length, the smaller first`)
  }
  const amountOf = amountFor(from)
  const compared = (value: string) => (isAmount ? amountOf(value).padStart(from.length, '0') : value)
  return (given) => {
    const value = compared(given)
    return value.length === from.length && value >= from && value <= to
  }
}
