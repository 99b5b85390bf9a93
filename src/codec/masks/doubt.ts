// Whether a message may have been read by a wrong dialect: then its values are pieces of other values, and any of them may
// be part of a card number. Looks at values, and never keeps or names one.

import type { Dialect, FieldDefinition } from '../dialect.js'
import { parseFormat } from '../fields/format.js'
import type { FieldValue, Message } from '../message.js'

/**
 * Why the values of a message that was read to its end are not to be trusted; undefined where nothing speaks against them.
 * Names what is wrong, never a value. A single wrong date may be a mistake of the sender; two of them are none.
 */
export function doubtOf(dialect: Dialect, { mti, fields }: Message): string | undefined {
  if (!isMti(mti)) return 'the MTI is none that ISO 8583 has'
  const wrong = Object.entries(fields).flatMap(([number, value]) => {
    const definition = dialect.fields[number]
    return definition === undefined ? [] : judge(number, value, definition)
  })
  const [first, second] = wrong
  if (first === undefined) return undefined
  const serious = wrong.find(({ isSerious }) => isSerious)
  if (serious !== undefined) return `field ${serious.number} ${serious.words}`
  return second === undefined ? undefined : `fields ${first.number} and ${second.number} ${first.words}`
}

interface Wrong {
  readonly number: string
  readonly words: string
  readonly isSerious: boolean
}

/** ISO 8583-1 §4.2: versions 0 to 2, and 8 and 9 for national and private use; classes, functions and origins. */
const isMti = (mti: string) => /^[0-289][1-8][0-589][0-5]$/.test(mti)

function judge(number: string, value: FieldValue, definition: FieldDefinition): Wrong[] {
  const { kind, length } = parseFormat(definition.format, 'a field')
  const text = typeof value === 'string' ? value : undefined
  if (number === '2' && definition.mask === 'pan') return check(number, isPan(text), 'is no card number', true)
  if (number === '35') return check(number, isTrack2(text), 'is no track 2', true)
  if (text === undefined) return []
  if (kind === 'n') return check(number, dateForms[`${number} ${length}`]?.test(text) !== false, 'are no dates', false)
  if (kind === 'b' || kind === 'z' || kind === 'x+n') return []
  return check(number, definition.inside !== undefined || isWritten(text), 'is no text', true)
}

const check = (number: string, isRight: boolean, words: string, isSerious: boolean): Wrong[] =>
  isRight ? [] : [{ number, words, isSerious }]

/** ISO/IEC 7812-1: 12 to 19 digits. A wrong check digit is a mistake of whoever typed it, and tells nothing else. */
const isPan = (text: string | undefined) => text !== undefined && /^\d{12,19}$/.test(text)

/** ISO/IEC 7813: the number, a separator, expiry and service code or separators in their places, and what the issuer adds. */
const isTrack2 = (text: string | undefined) => text !== undefined && /^;?\d{12,19}[=D][\d=D]*F?\??$/.test(text)

/** Control characters, and what a decoder puts in the place of bytes that are no text. */
const isWritten = (text: string) => !/[\p{Cc}\ufffd]/u.test(text)

const unset = '0+|9+'
const month = '(?:0[1-9]|1[0-2])'
const date = `${month}(?:0[1-9]|[12]\\d|3[01])`
const time = '(?:[01]\\d|2[0-3])[0-5]\\d[0-5]\\d'
const form = (text: string) => new RegExp(`^(?:${text}|${unset})$`)

/** The form of a field in ISO 8583, by number and count of digits. Zeros or nines say that nothing is known. */
const dateForms: Readonly<Record<string, RegExp>> = {
  '7 10': form(date + time),
  '12 6': form(time),
  '12 12': form(`\\d\\d${date}${time}`),
  '13 4': form(date),
  '14 4': form(`\\d\\d${month}`),
  '15 4': form(date),
  '15 6': form(`\\d\\d${date}`),
  '17 4': form(date),
}
