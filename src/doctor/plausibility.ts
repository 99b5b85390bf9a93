// Whether values make sense: what bytes read by a wrong dialect rarely do. Looks at values, and never keeps or names one.

import { passesLuhn } from '../base/text/card-number.js'
import type { Dialect, FieldDefinition } from '../codec/dialect.js'
import type { FieldValue, Message } from '../codec/message.js'

export interface Plausibility {
  /** Version, class, function and origin are ones that the standard and the dialect have. Without that nothing else counts. */
  readonly isMti: boolean
  readonly passed: number
  readonly made: number
}

/** Checks of single fields by number, as ISO 8583 numbers them; a dialect's width says which form a date has. */
export function plausibilityOf(message: Message, dialect: Dialect): Plausibility {
  const results = [
    true,
    ...Object.entries(checks).flatMap(([field, check]) => judge(message, field, check)),
    ...Object.entries(message.fields).flatMap(([field, value]) =>
      hasControls(value, dialect.fields[field]) ? garbled : [],
    ),
  ]
  return { isMti: isMtiOf(message.mti, dialect), passed: results.filter(Boolean).length, made: results.length }
}

/** ISO 8583-1 §4.2: versions 0 to 2, classes 1 to 8, functions 0 to 5 and 8, 9, origins 0 to 5. */
export const isKnownMti = (mti: string) => /^[012][1-8][0-589][0-5]$/.test(mti)

/** A type of the standard, in a version that the dialect has: 0200 is never a message of 1993. */
export const isMtiOf = (mti: string, dialect: Dialect) => isKnownMti(mti) && hasVersionOf(mti, dialect)

/** The versions that the dialect's own messages have; 9 and 8 are private. */
function hasVersionOf(mti: string, { messages }: Dialect): boolean {
  const versions = Object.values(messages).map((message) => message.mti[0])
  return versions.length === 0 || versions.includes(mti[0])
}

function judge({ fields }: Message, field: string, check: (value: string) => boolean): boolean[] {
  const value = fields[field]
  // A value that is in no form of the dialect's own makes as little sense as a wrong one.
  return value === undefined ? [] : [typeof value === 'string' && check(value)]
}

/** It weighs as much as several wrong values: nothing that is meant so reads like this. */
const garbled = Array.from({ length: 4 }, () => false)

/** A field of letters and digits with control characters in it was read at the wrong place, or in the wrong encoding. */
function hasControls(value: FieldValue, field: FieldDefinition | undefined): boolean {
  const isText = field !== undefined && /^(a|an|n) ?[\d.]/.test(field.format)
  return isText && typeof value === 'string' && /[^\x20-\x7e]/.test(value)
}

const isNumber = (from: number, to: number) => (text: string) => {
  const number = Number(text)
  return number >= from && number <= to
}
const isMonth = isNumber(1, 12)
const isDay = isNumber(1, 31)
const isTime = (text: string) =>
  isNumber(0, 23)(text.slice(0, 2)) && isNumber(0, 59)(text.slice(2, 4)) && isNumber(0, 59)(text.slice(4, 6))
const isMonthAndDay = (text: string) => isMonth(text.slice(0, 2)) && isDay(text.slice(2, 4))
/** MMDD or YYMMDD, by its width. */
const isDate = (text: string) => (text.length === 6 ? isMonthAndDay(text.slice(2)) : isMonthAndDay(text))
const isPrintable = (text: string) => /^[\x20-\x7e]*$/.test(text)
const isDigits = (text: string) => /^\d+$/.test(text)

/** ISO/IEC 7812-1: no issuer has numbers that begin with 0. */
const isPan = (text: string) => /^[1-9]\d{11,18}$/.test(text) && passesLuhn(text)
const isTrack2 = (text: string) => /^\d{12,19}[=D]/.test(text) && isPan(text.replace(/[=D].*$/, ''))

const checks: Readonly<Record<string, (value: string) => boolean>> = {
  2: isPan,
  3: isDigits,
  4: (text) => isDigits(text) && Number(text) < 1e10,
  7: (text) => isMonthAndDay(text) && isTime(text.slice(4)),
  11: (text) => isDigits(text) && Number(text) > 0,
  // hhmmss, or YYMMDDhhmmss in 1993.
  12: (text) => (text.length === 12 ? isDate(text.slice(0, 6)) && isTime(text.slice(6)) : isTime(text)),
  13: isDate,
  14: (text) => isMonth(text.slice(2, 4)),
  15: isDate,
  35: isTrack2,
  37: isPrintable,
  38: isPrintable,
  39: (text) => /^[0-9A-Z]{2,3}$/.test(text),
  41: isPrintable,
  42: isPrintable,
  49: (text) => /^(\d{3}|[A-Z]{3})$/.test(text),
  70: isDigits,
}
