// Padding of fixed-width values: added when packing, taken off when unpacking where that is reversible.

import { UsageError } from '../../base/errors.js'
import type { DataEncoding, Kind, Padding } from '../dialect.js'
import { alphabetOf } from '../encodings/alphabet.js'

export interface Padder {
  readonly side: 'left' | 'right'
  /** The padding character, or two hex digits. */
  readonly unit: string
  /** The padding character, where values of the field's kind may not hold it themselves; else empty. */
  readonly extra: string
  /** True when an empty value is a field full of padding. */
  readonly strips: boolean
  /** Zeros stand in front: with them or without, it is the same number. */
  readonly zeros: boolean
  /** A value that is too long is cut at its end. */
  readonly cuts: boolean
  /** Adds `missing` units. */
  pad(value: string, missing: number): string
  /** Takes padding off; undefined when the padding character is left inside a value that may not hold it. */
  strip(value: string): string | undefined
}

/** Undefined: values must be exactly as wide as the field. Throws UsageError that begins with `where`. */
export function compilePadding(
  padding: Padding | undefined,
  kind: Kind,
  data: DataEncoding,
  where: string,
): Padder | undefined {
  const { side, with: unit, cut }: Padding = padding ?? defaultPadding(kind, data)
  if (cut && (kind === 'n' || kind === 'x+n' || kind === 'b' || data === 'bcd')) {
    throw new UsageError('cuts values that are too long: expected a field of text', { where })
  }
  if (side === 'none') return undefined
  if (kind === 'b' ? !/^[0-9A-F]{2}$/.test(unit) : unit.length !== 1) {
    const expected = kind === 'b' ? 'two upper-case hex digits' : 'one character'
    throw new UsageError(`is padded with '${unit}': expected ${expected}`, { where })
  }
  if (data === 'bcd' && unit !== '0') throw new UsageError(`is packed and padded with '${unit}': expected 0`, { where })
  if (kind === 'x+n' && (side !== 'left' || unit !== '0')) {
    throw new UsageError('is a signed amount: expected padding on the left with 0', { where })
  }
  // Digits keep their zeros and binary its bytes: both are values, and only their width tells padding from value.
  const strips = kind !== 'b' && kind !== 'x+n' && !((kind === 'n' || data === 'bcd') && unit === '0')
  const extra = kind === 'b' || alphabetOf(kind)[unit.charCodeAt(0)] === 1 ? '' : unit
  const strip = side === 'left' ? stripLeft(unit.charCodeAt(0)) : stripRight(unit.charCodeAt(0))
  return {
    side,
    unit,
    extra,
    strips,
    zeros: side === 'left' && unit === '0',
    cuts: cut === true,
    pad: padOf(kind, side, unit),
    strip: strips ? (value) => without(strip(value), extra) : (value) => value,
  }
}

function defaultPadding(kind: Kind, data: DataEncoding): Padding {
  if (kind === 'n' || kind === 'x+n') return { side: 'left', with: '0' }
  if (kind === 'b' || data === 'bcd') return { side: 'none', with: '' }
  return { side: 'right', with: ' ' }
}

function padOf(kind: Kind, side: 'left' | 'right', unit: string): Padder['pad'] {
  if (kind === 'x+n') return (value, missing) => value.substring(0, 1) + unit.repeat(missing) + value.substring(1)
  return side === 'left'
    ? (value, missing) => unit.repeat(missing) + value
    : (value, missing) => value + unit.repeat(missing)
}

const without = (value: string, extra: string) => (extra !== '' && value.includes(extra) ? undefined : value)

function stripRight(code: number): (value: string) => string {
  return (value) => {
    let end = value.length
    while (end > 0 && value.charCodeAt(end - 1) === code) end--
    return end === value.length ? value : value.substring(0, end)
  }
}

function stripLeft(code: number): (value: string) => string {
  return (value) => {
    let at = 0
    while (at < value.length && value.charCodeAt(at) === code) at++
    return at === 0 ? value : value.substring(at)
  }
}
