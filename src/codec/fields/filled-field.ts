// A field with a length prefix whose body is always as wide as the format: padding fills what the value leaves.

import { counted, stillLeft } from '../../base/text/counted.js'
import { bytesOf } from '../encodings/encoding.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { type LeafCodec, verbatim, writesBack } from './field-codec.js'
import { fieldPrefix } from './field-prefix.js'
import { padded } from './fixed-field.js'
import { asVerbatim, type LeafParts, writeOctets, wrongKind, wrongLengthError } from './leaf-parts.js'

export function filledField(parts: LeafParts): LeafCodec {
  const { definition, encoding, units: most } = parts
  const { path } = parts.context
  const { codec, counts, own } = fieldPrefix(parts)
  const prefixBytes = codec.bytes
  const bodyBytes = bytesOf(encoding, most)
  const width = prefixBytes + bodyBytes
  const halvesOfUnit = counts === 'units' ? encoding.halves : counts === 'bytes' ? 2 : 1
  const numberOf = (units: number) =>
    counts === 'units' ? units : Math.ceil((bytesOf(encoding, units) * 2) / halvesOfUnit)
  const isLeft = parts.padder?.side === 'left'

  const unitsIn = (bytes: Uint8Array, at: number) => {
    const number = codec.read(bytes, at) - own
    return Math.min(most, Math.floor((number * halvesOfUnit) / encoding.halves))
  }

  const text = (source: Source, at: number, end: number) => {
    const units = unitsIn(source.bytes, at)
    const size = bytesOf(encoding, units)
    const from = isLeft ? end - size : at + prefixBytes
    return encoding.read(source, from, from + size, units)
  }

  const write = (target: Uint8Array, at: number, value: FieldValue): number => {
    if (typeof value !== 'string') return writeVerbatim(target, at, value)
    const units = encoding.measure(value)
    if (units < 0 || units > most) throw wrongLengthError(parts, units)
    codec.write(target, at, numberOf(units) + own)
    const full = units === most ? value : units === 0 ? blank(parts) : padded(parts, value)
    if (!encoding.write(target, at + prefixBytes, full)) throw wrongKind(parts)
    return at + width
  }

  const writeVerbatim = (target: Uint8Array, at: number, value: FieldValue): number => {
    const { hex, length = numberOf(most) } = asVerbatim(parts, value)
    if (hex.length !== 2 * bodyBytes || !Number.isInteger(length) || length < 0 || length > numberOf(most)) {
      throw new PackError(
        'BAD_VERBATIM',
        path,
        `exactly ${counted(bodyBytes, 'byte')} and a length up to ${numberOf(most)}`,
      )
    }
    codec.write(target, at, length + own)
    return at + prefixBytes + writeOctets(parts, target, at + prefixBytes, hex)
  }

  const asItStands = (source: Source, at: number, end: number) => {
    const number = codec.read(source.bytes, at) - own
    return verbatim(source, at + prefixBytes, end, number === numberOf(most) ? undefined : number)
  }

  return {
    definition,
    path,
    // Always the same, but skip() has to look at the prefix.
    ...{ width: -1, maxBytes: width, encoding, prefixBytes, lengthBytes: prefixBytes },
    skip(bytes, at, end) {
      if (at + width > end)
        throw new UnpackError('TRUNCATED', path, at, `${counted(width, 'byte')}, ${stillLeft(end - at)}`)
      const number = codec.read(bytes, at) - own
      if (number >= 0 && number <= numberOf(most)) return at + width
      throw new UnpackError('BAD_LENGTH', path, at, `a length from ${own} to ${numberOf(most) + own}`)
    },
    read(source, at, end) {
      const value = text(source, at, end)
      if (value !== undefined && writesBack(write, value, source.bytes, at, end)) return value
      return asItStands(source, at, end)
    },
    asItStands,
    text,
    write,
    seal() {
      throw new PackError('WRONG_KIND', path, 'a string: a filled field holds no nested values')
    },
  }
}

/** A body of nothing but padding, also where an empty value is not allowed without a length. */
function blank(parts: LeafParts): string {
  if (parts.padder === undefined) throw wrongLengthError(parts, 0)
  return parts.padder.pad('', parts.units)
}
