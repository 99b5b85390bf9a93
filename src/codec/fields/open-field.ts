// A field whose length nobody says: it ends before a token, or with the message or the field around it.

import { UsageError } from '../../base/errors.js'
import { bytesOf, unitsOf } from '../encodings/encoding.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import { type LeafCodec, verbatim } from './field-codec.js'
import { asVerbatim, type LeafParts, writeOctets, wrongKind, wrongLengthError } from './leaf-parts.js'

/** Throws UsageError for packed digits, of which nobody could tell an odd number, and for a token around other fields. */
export function openField(parts: LeafParts): LeafCodec {
  const { definition, encoding, units: most } = parts
  const { path, where } = parts.context
  const token = Buffer.from(definition.terminator ?? '', 'hex')
  if (encoding.halves === 1) throw new UsageError('is packed and has no length: expected text or bytes', { where })
  if (token.length > 0 && definition.inside !== undefined) {
    throw new UsageError('ends at a terminator: nothing can stand inside', { where })
  }
  const largest = bytesOf(encoding, most)
  const unitsIn = (at: number, bodyEnd: number) => Math.max(0, unitsOf(encoding, bodyEnd - at))

  const seal = (target: Uint8Array, at: number, end: number): number => {
    if (end - at > largest) throw wrongLengthError(parts, unitsIn(at, end))
    if (token.length === 0) return end
    const written = Buffer.from(target.buffer, target.byteOffset, target.byteLength)
    const found = written.subarray(at, end).indexOf(token)
    if (found !== -1) throw new PackError('WRONG_KIND', path, 'a value without the bytes that end the field')
    target.set(token.subarray(0, Math.max(0, target.length - end)), Math.min(end, target.length))
    return end + token.length
  }

  return {
    definition,
    path,
    width: -1,
    maxBytes: largest + token.length,
    encoding,
    prefixBytes: 0,
    skip(bytes, at, end) {
      const found =
        token.length === 0 ? end - at : Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).indexOf(token)
      if (found === -1) throw new UnpackError('TRUNCATED', path, at, 'the bytes that end the field')
      if (found > largest) throw new UnpackError('BAD_LENGTH', path, at, `at most ${largest} bytes`)
      return at + found + token.length
    },
    read(source, at, end) {
      const bodyEnd = end - token.length
      const units = unitsIn(at, bodyEnd)
      const text = bytesOf(encoding, units) === bodyEnd - at ? encoding.read(source, at, bodyEnd, units) : undefined
      return text ?? verbatim(source, at, bodyEnd)
    },
    asItStands: (source, at, end) => verbatim(source, at, end - token.length),
    text: (source, at, end) => encoding.read(source, at, end - token.length, unitsIn(at, end - token.length)),
    write(target: Uint8Array, at: number, value: FieldValue): number {
      if (typeof value !== 'string') {
        const { hex, length } = asVerbatim(parts, value)
        if (length !== undefined) throw new PackError('BAD_VERBATIM', path, 'bytes in hex and no length')
        return seal(target, at, at + writeOctets(parts, target, at, hex))
      }
      const units = encoding.measure(value)
      if (units < 0 || units > most) throw wrongLengthError(parts, units)
      if (!encoding.write(target, at, value)) throw wrongKind(parts)
      return seal(target, at, at + bytesOf(encoding, units))
    },
    seal,
  }
}
