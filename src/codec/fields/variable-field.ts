// A field with a length prefix.

import { counted, stillLeft } from '../../base/text/counted.js'
import { bytesOf, type Encoding, isWhole, unitsOf } from '../encodings/encoding.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { type LeafCodec, verbatim } from './field-codec.js'
import { type FieldPrefix, fieldPrefix, type LengthUnit, prefixNumber } from './field-prefix.js'
import { asVerbatim, type LeafParts, readStrict, writeOctets, wrongKind, wrongLengthError } from './leaf-parts.js'

export function variableField(parts: LeafParts): LeafCodec {
  const { definition, encoding, units: most } = parts
  const { path } = parts.context
  const prefix = fieldPrefix(parts)
  const { codec, counts, own } = prefix
  const prefixBytes = codec.bytes
  const unitsIn = unitCounter(parts, prefix)
  const { span } = encoding

  const write = (target: Uint8Array, at: number, value: FieldValue): number => {
    if (typeof value !== 'string') return writeVerbatim(parts, prefix, target, at, value)
    const units = span === 1 ? value.length : encoding.measure(value)
    if (units < 0 || units > most) throw wrongLengthError(parts, units)
    codec.write(target, at, prefixNumber(encoding, counts, units) + own)
    if (!encoding.write(target, at + prefixBytes, value)) throw wrongKind(parts)
    return at + prefixBytes + bytesOf(encoding, units)
  }

  const asItStands = (source: Source, at: number, end: number) => {
    const units = unitsIn(source.bytes, at, end)
    const follows = counts !== 'units' || units === unitsOf(encoding, end - at - prefixBytes)
    return verbatim(source, at + prefixBytes, end, follows ? undefined : units)
  }

  return {
    definition,
    path,
    width: -1,
    maxBytes: prefixBytes + bytesOf(encoding, most),
    encoding,
    ...{ prefixBytes, lengthBytes: prefixBytes },
    skip: skipper(parts, prefix),
    reach(bytes, at, end) {
      const number = at + prefixBytes > end ? -1 : codec.read(bytes, at) - own
      const next = at + prefixBytes + bodySize(encoding, counts)(number)
      return number < 0 || next > end ? undefined : next
    },
    read(source, at, end) {
      const units = unitsIn(source.bytes, at, end)
      const bodyAt = at + prefixBytes
      const shown = encoding.read(source, bodyAt, end, units)
      if (shown !== undefined && isWhole(encoding, units)) return shown
      const value = readStrict(parts, source, bodyAt, end, units, shown)
      return value === undefined ? asItStands(source, at, end) : value
    },
    text: (source, at, end) => encoding.read(source, at + prefixBytes, end, unitsIn(source.bytes, at, end)),
    asItStands,
    write,
    seal(target, at, end) {
      const units = unitsOf(encoding, end - at - prefixBytes)
      if (units > most) throw wrongLengthError(parts, units)
      codec.write(target, at, prefixNumber(encoding, counts, units) + own)
      return end
    },
  }
}

function skipper(parts: LeafParts, prefix: FieldPrefix): LeafCodec['skip'] {
  const { encoding, units: most } = parts
  const { path } = parts.context
  const { codec, counts, own } = prefix
  const prefixBytes = codec.bytes
  const largest = prefixNumber(encoding, counts, most)
  const bodyBytes = bodySize(encoding, counts)
  // Bytes must hold whole units: hex digits come in pairs.
  const holdsUnits = (number: number) =>
    counts === 'units' || prefixNumber(encoding, counts, unitsOf(encoding, bodyBytes(number))) === number

  return (bytes, at, end) => {
    const bodyAt = at + prefixBytes
    if (bodyAt > end) throw truncated(path, at, end, prefixBytes)
    const number = codec.read(bytes, at) - own
    if (number < 0 || number > largest || !holdsUnits(number)) {
      const unit = { units: '', bytes: ' bytes', nibbles: ' half bytes' }[counts]
      throw new UnpackError('BAD_LENGTH', path, at, `a length from ${own} to ${largest + own}${unit}`)
    }
    const next = bodyAt + bodyBytes(number)
    if (next > end) throw truncated(path, bodyAt, end, next - bodyAt)
    return next
  }
}

function truncated(path: readonly string[], at: number, end: number, needed: number): UnpackError {
  return new UnpackError('TRUNCATED', path, at, `${counted(needed, 'byte')}, ${stillLeft(end - at)}`)
}

function bodySize(encoding: Encoding, counts: LengthUnit): (number: number) => number {
  if (counts === 'bytes') return (number) => number
  if (counts === 'nibbles') return (number) => (number + 1) >> 1
  const { halves, extra } = encoding
  return (number) => (number === 0 ? 0 : (number * halves + extra + 1) >> 1)
}

/** Units of the field in [at, end), prefix included. */
function unitCounter(parts: LeafParts, { codec, counts, own }: FieldPrefix) {
  if (counts === 'units') return (bytes: Uint8Array, at: number, _end: number): number => codec.read(bytes, at) - own
  const { encoding, fill, units: most } = parts
  const prefixBytes = codec.bytes
  // Where only bytes are counted, a spare half byte shows by its fill, or because the value would be too long.
  return (bytes: Uint8Array, at: number, end: number): number => {
    const units = unitsOf(encoding, end - at - prefixBytes)
    if (encoding.spare === undefined || units < 1) return Math.max(0, units)
    if (units > most) return units - 1
    const spare = encoding.spare(bytes, at + prefixBytes, end, units - 1)
    return fill === 15 && spare === 15 ? units - 1 : units
  }
}

/** Bytes and a length that agree with each other and with the field. */
function writeVerbatim(
  parts: LeafParts,
  { codec, counts, own }: FieldPrefix,
  target: Uint8Array,
  at: number,
  value: FieldValue,
): number {
  const { encoding, units: most } = parts
  const { hex, length } = asVerbatim(parts, value)
  const size = writeOctets(parts, target, at + codec.bytes, hex)
  const natural = Math.max(0, unitsOf(encoding, size))
  const units = counts === 'units' ? (length ?? natural) : Math.min(natural, most)
  const isFitting = Number.isInteger(units) && units >= 0 && units <= most && bytesOf(encoding, units) === size
  if (!isFitting || (counts !== 'units' && length !== undefined)) {
    const { path } = parts.context
    throw new PackError(
      'BAD_VERBATIM',
      path,
      `bytes and a length that agree, at most ${counted(bytesOf(encoding, most), 'byte')}`,
    )
  }
  codec.write(target, at, prefixNumber(encoding, counts, units) + own)
  return at + codec.bytes + size
}
