// How a field is shown: by the mask that its dialect declares, else by its number, else by what it can hold.

import type { FieldDefinition, LayoutPart } from '../dialect.js'
import { parseFormat } from '../fields/format.js'

export type FieldMask =
  /** First six and last four digits. */
  | { readonly kind: 'pan' }
  /** Stars for every value in it; tags and numbers of subfields stay. */
  | { readonly kind: 'hidden' }
  /** Shown where it is what its layout says. */
  | { readonly kind: 'layout'; readonly layout: readonly LayoutPart[] }
  /** A message authentication code: shown, unless it is no more than the digits of something else. */
  | { readonly kind: 'mac' }
  /** Shown, but for card numbers, tracks and keys in it. `isText`: the next field of text is searched with it. */
  | { readonly kind: 'searched'; readonly isText: boolean }
  /** Each of the values in it has a mask of its own. */
  | { readonly kind: 'inside'; readonly fields: Readonly<Record<string, FieldDefinition>> }

/** Fields that hold card data or secrets in most dialects: masked where the dialect itself says nothing. */
const hiddenByNumber = new Set(
  [34, 35, 36, 45, 48, 52, 53, 55, 62, 63, 96, 102, 103, 125, 127].map((number) => String(number)),
)

/** Message authentication codes (ISO 8583-1): anybody on the wire has them, and they say nothing of the key. */
const macFields = ['64', '128']
/** Bytes of the longest of them. */
const longestMac = 8

/** The names of a sub-field in a user's own spec that holds a secret or a card number. */
const secretName = /\b(?:cvv|cvc|csc|cav|pvv|pin|track|password|passcode|key|cryptogram|verification)s?\d?\b/i
const panName = /\b(?:pan|primary account|card number|account number)\b/i

/** Characters of a value that can hold no card number, and of an identifier such as a merchant's. */
const longestHarmless = 12
const longestIdentifier = 15

const hidden: FieldMask = { kind: 'hidden' }

/** `number`: of a data element; left out for a field inside another. A field that the dialect does not know is hidden. */
export function fieldMask(definition: FieldDefinition | undefined, number?: string): FieldMask {
  const mask = definition?.mask
  if (mask === 'all' || mask === 'tlv') return hidden
  if (mask === 'pan') return { kind: 'pan' }
  if (definition === undefined) return number === '2' ? { kind: 'pan' } : hidden
  if (definition.layout !== undefined) return { kind: 'layout', layout: definition.layout }
  const { inside } = definition
  if (mask === undefined) {
    if (number === '2') return { kind: 'pan' }
    if (number !== undefined && hiddenByNumber.has(number)) return hidden
    if (number !== undefined && macFields.includes(number) && inside === undefined && isMac(definition.format))
      return { kind: 'mac' }
    if (number === undefined && inside === undefined && secretName.test(inWords(definition.name))) return hidden
    if (number === undefined && inside === undefined && panName.test(inWords(definition.name))) return { kind: 'pan' }
  }
  if (inside?.kind === 'datasets') return hidden
  if (inside !== undefined)
    return 'fields' in inside && inside.fields ? { kind: 'inside', fields: inside.fields } : hidden
  return mask === 'none' ? { kind: 'searched', isText: true } : byFormat(definition)
}

function isMac(format: FieldDefinition['format']): boolean {
  const { kind, length } = parseFormat(format, 'a field')
  return kind === 'b' && length <= longestMac
}

/** cvv2Value, CVV2_VALUE and "CVV2 value" are the same words. */
const inWords = (name: string) => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[^A-Za-z\d]+/g, ' ')

/** Free text and bytes that nobody has declared safe may hold anything. */
function byFormat({ format }: FieldDefinition): FieldMask {
  const { kind, length, dots } = parseFormat(format, 'a field')
  if (kind === 'n' || kind === 'x+n') return { kind: 'searched', isText: false }
  const characters = kind === 'b' ? 2 * length : length
  const isHarmless = characters <= longestHarmless || (kind !== 'b' && dots === 0 && characters <= longestIdentifier)
  return isHarmless && kind !== 'z' ? { kind: 'searched', isText: false } : hidden
}
