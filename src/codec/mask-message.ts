// A message as it may be shown: card numbers as first six and last four, secrets as stars.

import { maskPan, maskText } from '../base/mask.js'
import type { Dialect, FieldDefinition, Mask } from './dialect.js'
import { type Fields, type FieldValue, isVerbatim, type Message } from './message.js'

/** Fields that hold card data or secrets in most dialects: masked where the dialect itself says nothing. */
const maskedByNumber: Readonly<Record<string, Mask>> = {
  2: 'pan',
  ...Object.fromEntries([34, 35, 36, 45, 48, 52, 53, 55, 62, 63, 102, 103, 125, 127].map((field) => [field, 'all'])),
}

/** The message with every value masked by its rule, and Luhn-valid runs of 13 to 19 digits masked last of all. */
export function maskMessage(dialect: Dialect, message: Message): Message {
  return { ...message, fields: maskFields(message.fields, dialect.fields, maskedByNumber) }
}

function maskFields(
  fields: Fields,
  definitions: Readonly<Record<string, FieldDefinition>>,
  byNumber: Readonly<Record<string, Mask>>,
): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      key === 'order' ? value : maskField(value, definitions[key], byNumber[key] ?? 'none'),
    ]),
  )
}

function maskField(value: FieldValue, definition: FieldDefinition | undefined, otherwise: Mask): FieldValue {
  const rule = definition?.mask ?? otherwise
  if (rule === 'pan' && typeof value === 'string') return maskPan(value)
  // What is nested in a field that is masked by number alone is masked too; a dialect that knows its parts says so.
  return rule === 'none' ? maskInside(value, definition) : hide(value)
}

/** Nothing is hidden here but what looks like a card number. */
function maskInside(value: FieldValue, definition: FieldDefinition | undefined): FieldValue {
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) return value.map(maskText)
  if (isVerbatim(value)) return { ...value, hex: maskText(value.hex) }
  const inside = definition?.inside
  const definitions = inside !== undefined && 'fields' in inside ? (inside.fields ?? {}) : {}
  return maskFields(value as Fields, definitions, {})
}

/** Stars of the value's length; the tags of what is nested stay, for they say what was sent. */
function hide(value: FieldValue): FieldValue {
  if (typeof value === 'string') return '*'.repeat(value.length)
  if (Array.isArray(value)) return value.map((each: string) => '*'.repeat(each.length))
  if (isVerbatim(value)) return { ...value, hex: '*'.repeat(value.hex.length) }
  return Object.fromEntries(
    Object.entries(value as Fields).map(([key, inner]) => [key, key === 'order' ? inner : hide(inner)]),
  )
}
