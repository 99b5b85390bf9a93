// Cuts a message's texts down to the fields that a spec has, and to the widths that it has them in.

import { counted } from '../../base/text/counted.js'
import type { FieldDefinition, Kind } from '../dialect.js'
import { type ParsedFormat, parseFormat } from '../fields/format.js'
import { ownEntry } from './own-entry.js'

/** Characters that a placeholder stands for, where that is always the same. */
const widths: Readonly<Record<string, number>> = {
  stan: 6,
  terminal: 8,
  merchant: 15,
  rrn: 12,
  amount: 12,
  balance: 12,
  currency: 3,
  code: 0,
  authCode: 6,
  'card.expiry': 4,
  'card.pan': 16,
  'card.track2': 37,
  'card.track1': 47,
  'card.serviceCode': 3,
  'card.sequence': 3,
  'chip.application': 16,
  'chip.applicationBytes': 2,
  'chip.counter': 4,
  'chip.cryptogram': 16,
  'chip.number': 8,
  'original.mti': 4,
  'original.stan': 6,
  'original.7': 10,
  'original.12': 12,
  'original.rrn': 12,
  'original.authCode': 6,
  'original.amount': 12,
}

/** Local time and date by the width that the version of ISO 8583 gives them. */
const localTimes: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  12: { 6: '{local:hhmmss}', 12: '{local:YYMMDDhhmmss}', 14: '{local:YYYYMMDDhhmmss}' },
  13: { 4: '{local:MMDD}', 6: '{local:YYMMDD}', 8: '{local:YYYYMMDD}' },
  7: { 10: '{utc:MMDDhhmmss}', 14: '{utc:YYYYMMDDhhmmss}' },
}

/** A message as a spec can carry it. */
export interface FittedMessage {
  readonly fields: Record<string, string>
  /** Field to reason: of those that the spec has, and cannot say this in. */
  readonly unfit: Readonly<Record<string, string>>
}

/** Leaves out what the spec has no field for, or no room. */
export function fitMessage(
  texts: Readonly<Record<string, string>>,
  definitions: Readonly<Record<string, FieldDefinition>>,
): FittedMessage {
  const fields: Record<string, string> = {}
  const unfit: Record<string, string> = {}
  for (const [number, text] of Object.entries(texts)) {
    const definition = definitions[number]
    if (definition === undefined) continue
    const fitted = fitText(number, text, definition)
    if ('text' in fitted) fields[number] = fitted.text
    else unfit[number] = fitted.why
  }
  return { fields, unfit }
}

type Fit = { readonly text: string } | { readonly why: string }

function fitText(number: string, text: string, definition: FieldDefinition): Fit {
  const format = parseFormat(definition.format, `field ${number}`)
  const { kind, length, dots } = format
  if (number === '55') return fitsChip(text, definition, format) ? { text } : { why: 'it holds no chip data' }
  if (kind === 'b' && isHexOf(text, length, dots === 0)) return { text }
  // Sub-fields one after another in text are one text.
  if (definition.inside !== undefined && (definition.inside.kind !== 'positional' || kind === 'b'))
    return { why: 'its sub-fields are not digits or text alone' }
  if (/^\{totals\./.test(text)) return fitTotal(number, text, kind)
  if (text === `{original.${number}}`) return { text }
  if (kind === 'b' || kind === 'x+n') return { why: `it is ${kind === 'b' ? 'binary' : 'a signed amount'}` }
  // A code has the width that it has, and what the original carried fits the same field again.
  if (text === '{code}' || text === '{reason}') return { text }
  const isFixed = dots === 0
  const times = localTimes[number]
  if (times !== undefined)
    return textOr(isFixed ? times[length] : text, `it has no date or time of ${counted(length, 'digit')}`)
  // ISO 8583:2003 amounts begin with the currency and its number of decimals.
  if (number === '4' && isFixed && length === 16 && !text.startsWith('{currency}'))
    return { text: `{currency}2${text}` }
  const width = widthOf(text)
  if (width > length) return { why: `it takes ${counted(length, 'character')}, less than ${width}` }
  if (!isFixed || width === length) return { text }
  return textOr(
    widened(number, text, kind, length - width),
    `a code of ${counted(width, 'digit')} is not one of ${length}`,
  )
}

/** A sum has digits; a net has its sign in front as well (ISO 8583-1, data element 97). */
function fitTotal(number: string, text: string, kind: Kind): Fit {
  const isNet = number === '97' || text.startsWith('{totals.net')
  if (kind === 'b' || kind === 'z') return { why: 'it is binary, and a total has digits' }
  if (isNet && kind === 'n') return { why: 'it has digits alone, and no place for the sign of a net' }
  return !isNet && kind === 'x+n' ? { why: 'it is a signed amount' } : { text }
}

/** Bytes of fixed width in hex, a PIN block or a MAC: the same in every spec that has as many. */
function isHexOf(text: string, length: number, isFixed: boolean): boolean {
  if (text === '{pinBlock}' || text === '{mac}') return isFixed && length === 8
  return isFixed && text.length === 2 * length && /^[0-9A-F]+$/.test(text)
}

const textOr = (text: string | undefined, why: string): Fit => (text === undefined ? { why } : { text })

/** Tags as hex: bytes in a field of bytes, characters in one of text; as tags of BER-TLV where it holds such. */
function fitsChip(text: string, { inside }: FieldDefinition, { kind, length, dots }: ParsedFormat): boolean {
  if (dots === 0 || (inside !== undefined && inside.kind !== 'ber-tlv') || !/[bs]/.test(kind)) return false
  return widthOf(text) <= (kind === 'b' ? 2 * length : length)
}

/** Digits get zeros in front, so that the value is the same on the way back; text is padded by the codec. */
function widened(number: string, text: string, kind: Kind, missing: number): string | undefined {
  // A code of another width is another code.
  if (['3', '22', '24', '25', '26', '49', '70'].includes(number)) return undefined
  return kind === 'n' ? '0'.repeat(missing) + text : text
}

function widthOf(text: string): number {
  const filled = text.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const [zone, format] = name.split(':')
    if (format !== undefined && (zone === 'utc' || zone === 'local')) return format
    return '0'.repeat(ownEntry(widths, name) ?? 0)
  })
  return filled.length
}
