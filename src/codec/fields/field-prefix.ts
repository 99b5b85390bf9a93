// A length prefix and what its number means for one field.

import { UsageError } from '../../base/errors.js'
import type { PrefixEncoding } from '../dialect.js'
import { bytesOf, type Encoding } from '../encodings/encoding.js'
import type { LeafParts } from './leaf-parts.js'
import { compilePrefix, type PrefixCodec } from './prefix.js'

export type LengthUnit = 'units' | 'bytes' | 'nibbles'

export interface FieldPrefix {
  readonly codec: PrefixCodec
  readonly counts: LengthUnit
  /** The part of the number beyond the body, because the number includes itself. */
  readonly own: number
}

/** Throws UsageError when the prefix cannot say the field's largest length. */
export function fieldPrefix(parts: LeafParts): FieldPrefix {
  const { definition, encoding, format, units } = parts
  const { where, encodings } = parts.context
  const name: PrefixEncoding = definition.prefix?.encoding ?? encodings.length
  const size = definition.prefix?.size ?? defaultSize(name, format.dots)
  if (size === undefined) {
    throw new UsageError('has fixed width and a prefix of no known size: give prefix.size', { where })
  }
  const codec = compilePrefix(name, size, where)
  const counts = definition.prefix?.counts ?? 'units'
  const own = definition.prefix?.inclusive === true ? codec.bytes * (counts === 'nibbles' ? 2 : 1) : 0
  const largest = prefixNumber(encoding, counts, units) + own
  if (largest > codec.largest) {
    throw new UsageError(`has a length up to ${largest} in a prefix that ends at ${codec.largest}`, { where })
  }
  return { codec, counts, own }
}

/** Dots are digits; a binary prefix takes a byte for each two of them. */
function defaultSize(encoding: PrefixEncoding, dots: number): number | undefined {
  if (dots === 0) return undefined
  return encoding === 'binary' ? Math.ceil(dots / 2) : dots
}

/** The number of a prefix for a body of `units`, without the prefix itself. */
export function prefixNumber(encoding: Encoding, counts: LengthUnit, units: number): number {
  if (counts === 'units') return units
  return bytesOf(encoding, units) * (counts === 'nibbles' ? 2 : 1)
}
