// A message as it may be shown: card numbers as first six and last four, secrets as stars. What was not read whole, or may
// have been read by a wrong dialect, shows its MTI, its bitmap and how long each value is.

import { maskFieldText, maskPan } from '../base/mask.js'
import { cardWindows } from '../base/text/card-number.js'
import type { Dialect, FieldDefinition } from './dialect.js'
import { cardsOf, hideOverBorders, type ShownValue } from './masks/borders.js'
import { doubtOf } from './masks/doubt.js'
import { type FieldMask, fieldMask } from './masks/field-mask.js'
import { fitsLayout } from './masks/known-layout.js'
import { type Fields, type FieldValue, isVerbatim, type Message } from './message.js'

/** The message with every value masked by its rule; its shape alone where doubtOf() knows a reason not to trust it. */
export function maskMessage(dialect: Dialect, message: Message): Message {
  if (doubtOf(dialect, message) !== undefined) return lengthsOnly(message)
  const fields = maskFields(message.fields, dialect.fields, true)
  const shown: ShownValue[] = []
  collect(fields, dialect.fields, true, shown)
  hideOverBorders(shown, cardsOf(message.fields))
  return { ...message, ...maskedHeader(message), fields }
}

/**
 * The message that inspect() has read, masked. After an error only its shape, because nobody knows what the values are.
 */
export function maskInspected(dialect: Dialect, read: { readonly message: Message; readonly error?: Error }): Message {
  return read.error === undefined ? maskMessage(dialect, read.message) : lengthsOnly(read.message)
}

/** MTI, bitmap and lengths: every value as stars, as many as it has characters. */
export function lengthsOnly({ mti, tpdu, header, bitmap, fields }: Message): Message {
  return {
    ...(tpdu === undefined ? {} : { tpdu: stars(tpdu) }),
    ...(header === undefined ? {} : { header: stars(header) }),
    mti,
    ...(bitmap === undefined ? {} : { bitmap: maskFieldText(bitmap) }),
    fields: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, hide(value)])),
  }
}

const maskedHeader = ({ header }: Message) => (header === undefined ? {} : { header: maskFieldText(header) })

type Definitions = Readonly<Record<string, FieldDefinition>>

/** A new object, whose values may be changed. */
type Masked = Record<string, FieldValue>

function maskFields(fields: Fields, definitions: Definitions, areElements: boolean): Masked {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      key === 'order' && Array.isArray(value)
        ? value
        : mask(value, fieldMask(definitions[key], areElements ? key : undefined)),
    ]),
  )
}

function mask(value: FieldValue, rule: FieldMask): FieldValue {
  if (rule.kind === 'inside' && typeof value === 'object' && !isVerbatim(value) && !Array.isArray(value))
    return maskFields(value as Fields, rule.fields, false)
  // The values of a tag that stands there several times.
  if (Array.isArray(value)) return value.map((each: string) => mask(each, rule) as string)
  if (typeof value !== 'string') return hide(value)
  switch (rule.kind) {
    case 'pan':
      return maskPan(value)
    case 'layout':
      return fitsLayout(value, rule.layout) ? maskParts(value) : hide(value)
    case 'mac':
      return isMac(value) ? value : hide(value)
    case 'searched':
      return /\p{Cc}/u.test(value) ? hide(value) : maskFieldText(value)
    default:
      return hide(value)
  }
}

/** Eight bytes at the most, and no card number that fits into them. */
const isMac = (value: string) => /^[\dA-F]{1,16}$/i.test(value) && !holdsPackedCard(value)

/** A packed card number stands on whole bytes: half a byte beside it is fill, which a MAC has there by chance only. */
function holdsPackedCard(hex: string): boolean {
  const isFill = (at: number) => hex[at] === undefined || /[0F]/i.test(hex[at])
  return [...hex.matchAll(/\d{13,}/g)].some(({ 0: digits, index }) =>
    cardWindows(digits).some(([from, to]) => {
      const [start, end] = [index + from, index + to]
      return (start % 2 === 0 || isFill(start - 1)) && (end % 2 === 0 || isFill(end))
    }),
  )
}

/** Digits with their signs are what the layout says; text may hold more. */
const maskParts = (value: string) => (/^[\dCD ]*$/.test(value) ? value : maskFieldText(value))

const stars = (text: string) => '*'.repeat(text.length)

/** Stars of the value's length; the tags of what is nested stay, for they say what was sent. */
function hide(value: FieldValue): FieldValue {
  if (typeof value === 'string') return stars(value)
  if (Array.isArray(value)) return value.map(stars)
  if (isVerbatim(value)) return { ...value, hex: stars(value.hex) }
  return Object.fromEntries(
    Object.entries(value as Fields).map(([key, inner]) => [key, key === 'order' ? inner : hide(inner)]),
  )
}

/** Every value that is still shown in part, in the order of the message. */
function collect(fields: Masked, definitions: Definitions, areElements: boolean, into: ShownValue[]): void {
  for (const [key, value] of Object.entries(fields)) {
    const rule = fieldMask(definitions[key], areElements ? key : undefined)
    if (typeof value === 'string') {
      const isText = rule.kind === 'searched' && rule.isText
      into.push({ text: value, isText, hide: () => Object.assign(fields, { [key]: stars(value) }) })
    } else if (rule.kind === 'inside' && !isVerbatim(value) && !Array.isArray(value)) {
      collect(value as Masked, rule.fields, false, into)
    }
  }
}
