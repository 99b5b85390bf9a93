// How a MAC stands in its field: whole, cut, filled up, or as hex digits.

import { counted } from '../../base/text/counted.js'

/** The content of a field with a MAC. */
export interface MacField {
  readonly bytes: Uint8Array
  /** True where the field is hex digits on the wire and these are in lower case, which no dialect writes. */
  readonly isLowerCase: boolean
}

/**
 * The value of a field on the wire. `digits` are the wire's bytes for the 16 upper-case hex digits, undefined for a field of bytes.
 * A pair that is no hex digits counts as a space, which some hosts fill with.
 */
export function readMacField(wire: Uint8Array, digits: Uint8Array | undefined): MacField {
  if (digits === undefined) return { bytes: wire, isLowerCase: false }
  // a-f stand in ASCII 20 above A-F, in EBCDIC 40 below.
  const lower = digits.map((byte) => (byte < 0x80 ? byte + 0x20 : byte - 0x40))
  let isLowerCase = false
  const digitOf = (byte: number) => {
    const upper = digits.indexOf(byte)
    if (upper >= 0) return upper
    const value = lower.indexOf(byte, 10)
    if (value >= 0) isLowerCase = true
    return value
  }
  const bytes = Uint8Array.from({ length: wire.length >> 1 }, (_, index) => {
    const high = digitOf(wire[2 * index] as number)
    const low = digitOf(wire[2 * index + 1] as number)
    return high < 0 || low < 0 ? 0x20 : (high << 4) | low
  })
  return { bytes, isLowerCase }
}

/** ANSI X9.9 and X9.19 send the first 32 bits where a host wants less. */
const shortBytes = 4

/** How the MAC stands in its field, in words: empty for all of it as a dialect has it; undefined where it does not. */
export function formOf(computed: Uint8Array, { bytes, isLowerCase }: MacField): string | undefined {
  const form = wholeForm(computed, bytes) ?? digitsForm(computed, bytes) ?? shortForm(computed, bytes)
  if (form === undefined || !isLowerCase) return form
  return [form, 'written in lower-case hex digits'].filter((part) => part !== '').join(', ')
}

function wholeForm(computed: Uint8Array, field: Uint8Array): string | undefined {
  const rest = field.subarray(computed.length)
  if (
    isSame(computed.subarray(0, field.length), field.subarray(0, computed.length)) &&
    rest.every((byte) => byte === 0)
  )
    return ''
  if (computed.length <= field.length) return undefined
  if (isSame(computed.subarray(-field.length), field))
    return `of which the last ${counted(field.length, 'byte')} stand in the field`
  const folded = computed.subarray(0, field.length).map((byte, index) => byte ^ (computed[field.length + index] ?? 0))
  return computed.length === 2 * field.length && isSame(folded, field)
    ? 'of which the two halves are put together by exclusive or'
    : undefined
}

/** Hex digits in a field of bytes. */
function digitsForm(computed: Uint8Array, field: Uint8Array): string | undefined {
  const text = Buffer.from(field).toString('latin1')
  const which = ends(computed, field.length >> 1).find(({ bytes }) => hexOf(bytes) === text.toUpperCase())
  if (which === undefined) return undefined
  const digits = text === text.toUpperCase() ? 'hex digits' : 'lower-case hex digits'
  return `of which the ${which.word} ${counted(which.bytes.length, 'byte')} stand in the field as ${digits}`
}

/** Four bytes, with one byte again and again in front or behind. */
function shortForm(computed: Uint8Array, field: Uint8Array): string | undefined {
  const fillers = field.length - shortBytes
  if (fillers < 1) return undefined
  for (const { word, bytes } of ends(computed, shortBytes)) {
    const only = `of which only the ${word} ${counted(shortBytes, 'byte')} stand in the field`
    const isIn = (at: number) => isSame(field.subarray(at, at + shortBytes), bytes)
    if (isIn(0) && isFiller(field.subarray(shortBytes))) return `${only}, then ${counted(fillers, 'byte')} of filler`
    if (isIn(fillers) && isFiller(field.subarray(0, fillers)))
      return `${only}, behind ${counted(fillers, 'byte')} of filler`
  }
  return undefined
}

const ends = (computed: Uint8Array, bytes: number) =>
  bytes < shortBytes
    ? []
    : [
        { word: 'first', bytes: computed.subarray(0, bytes) },
        { word: 'last', bytes: computed.subarray(-bytes) },
      ]

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()
const isFiller = (bytes: Uint8Array) => bytes.every((byte) => byte === bytes[0])
const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0
