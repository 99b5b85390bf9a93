// A field that always takes the same bytes, without a length prefix.

import { counted, stillLeft } from '../../base/text/counted.js'
import type { FieldDefinition } from '../dialect.js'
import { bytesOf, isWhole } from '../encodings/encoding.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { type LeafCodec, verbatim } from './field-codec.js'
import { asVerbatim, type LeafParts, readStrict, writeOctets, wrongKind, wrongLengthError } from './leaf-parts.js'

export function fixedField(parts: LeafParts): LeafCodec {
  const { definition, encoding, padder, units } = parts
  const { path } = parts.context
  const width = bytesOf(encoding, units)

  // Characters of a value at full width; -1 where only measuring can tell.
  const fullLength = encoding.span === 0 ? -1 : encoding.span * units
  const hasNoSpare = isWhole(encoding, units)
  // Spaces behind a last sub-field that may be short, as behind a value that is one text.
  const fillsInside = encoding.span === 1 && endsOpen(definition)
  const strip = padder?.strips === true ? padder.strip : undefined

  const shownText = (source: Source, at: number, end: number): string | undefined => {
    const value = encoding.read(source, at, end, units)
    return value === undefined || strip === undefined ? value : strip(value)
  }
  // A compared value has all its digits, whether or not a spec shows them: 000000 is a processing code, and 42 is
  // 000042.
  const text =
    padder?.zeros === true
      ? (source: Source, at: number, end: number) => encoding.read(source, at, end, units)
      : shownText

  const write = (target: Uint8Array, at: number, value: FieldValue): number => {
    if (typeof value !== 'string') return writeVerbatim(target, at, value)
    const full = value.length === fullLength || encoding.measure(value) === units ? value : padded(parts, value)
    if (!encoding.write(target, at, full)) throw wrongKind(parts)
    return at + width
  }

  const writeVerbatim = (target: Uint8Array, at: number, value: FieldValue): number => {
    const { hex, length } = asVerbatim(parts, value)
    if (hex.length !== 2 * width || length !== undefined) {
      throw new PackError('BAD_VERBATIM', path, `exactly ${counted(width, 'byte')} in hex and no length`)
    }
    return at + writeOctets(parts, target, at, hex)
  }

  return {
    definition,
    path,
    width,
    maxBytes: width,
    encoding,
    prefixBytes: 0,
    skip(_bytes, at, end) {
      if (at + width > end)
        throw new UnpackError('TRUNCATED', path, at, `${counted(width, 'byte')}, ${stillLeft(end - at)}`)
      return at + width
    },
    read(source, at, end) {
      const shown = shownText(source, at, end)
      if (shown !== undefined && hasNoSpare) return shown
      const value = readStrict(parts, source, at, end, units, shown)
      return value === undefined ? verbatim(source, at, end) : value
    },
    asItStands: verbatim,
    text,
    ...copierOf(parts, width),
    write,
    seal(target, at, end) {
      const missing = at + width - end
      const isFilled = missing > 0 && fillsInside && padder?.side === 'right' && padder.strips
      if (isFilled && encoding.write(target, end, padder.pad('', missing))) return at + width
      if (missing === 0) return end
      throw new PackError('WRONG_LENGTH', path, `exactly ${counted(width, 'byte')} inside, got ${end - at}`)
    },
  }
}

/** Where bytes are characters, and no padding needs to be looked for: behind a letter or a digit there is none that is a blank. */
function copierOf({ encoding: { copy }, padder }: LeafParts, width: number): Pick<LeafCodec, 'copyText'> {
  const isAsItStands = padder?.zeros === true || padder?.strips !== true
  if (copy === undefined || !(isAsItStands || (padder.side === 'right' && padder.unit === ' ' && padder.extra === '')))
    return {}
  return {
    copyText(bytes, at, end, target, to) {
      if (to + width > target.length || !copy(bytes, at, end, target, to)) return -1
      return isAsItStands || (target[to + width - 1] as number) > blank ? to + width : -1
    },
  }
}

const blank = 0x20

function endsOpen({ inside }: FieldDefinition): boolean {
  return inside?.kind === 'positional' && Object.values(inside.fields).at(-1)?.rest === true
}

/** The value at full width. Throws PackError where it is too long, or short where nothing may be added. */
export function padded(parts: LeafParts, value: string): string {
  const { encoding, padder, units } = parts
  const own = encoding.measure(value)
  if (own > units && padder?.cuts) return cutTo(parts, value)
  if (own < 0 || own > units || padder === undefined || (own === 0 && !padder.strips))
    throw wrongLengthError(parts, own)
  if (padder.extra !== '' && value.includes(padder.extra)) throw wrongKind(parts)
  return padder.pad(value, units - own)
}

/** As much of the beginning as fits, at full width: a character of two bytes that would be halved is left out. */
function cutTo(parts: LeafParts, value: string): string {
  const { encoding, units } = parts
  let kept = value
  while (encoding.measure(kept) > units) kept = kept.slice(0, -1)
  return encoding.measure(kept) === units ? kept : padded(parts, kept)
}
