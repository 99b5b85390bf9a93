// Tag, length, value in ASCII, BCD, EBCDIC or binary, as private fields use it. Known tags have definitions.

import { UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { FieldDefinition, Format, Inside, PrefixEncoding } from '../dialect.js'
import { alphabetOf } from '../encodings/alphabet.js'
import { type CharacterSet, characters } from '../encodings/characters.js'
import type { Encoding } from '../encodings/encoding.js'
import { octets } from '../encodings/octets.js'
import { packed } from '../encodings/packed.js'
import type { FieldCodec, FieldContext } from '../fields/field-codec.js'
import { compilePrefix } from '../fields/prefix.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import { type ContentCodec, orderOf, reservedKeys, withOrder } from './content.js'

/** Compiles one field; handed in, because what stands inside a tag may nest again. */
export type CompileField = (definition: FieldDefinition, context: FieldContext) => FieldCodec

export type TlvInside = Extract<Inside, { kind: 'tlv' }>

/** Throws UsageError for a tag that cannot be written. */
export function tlv(inside: TlvInside, context: FieldContext, compileField: CompileField): ContentCodec {
  const { where, path } = context
  const tags = tagCodec(inside.tag.encoding, inside.tag.size, where)
  const largest = Math.min(compilePrefix(inside.length.encoding, inside.length.size, where).largest, 999_999)
  const known = new Map<string, FieldCodec>()
  for (const [tag, definition] of Object.entries(inside.fields ?? {})) {
    if (reservedKeys.has(tag) || !tags.isTag(tag)) {
      throw new UsageError(`has tag '${tag}': expected ${tags.expected}`, { where })
    }
    known.set(tag, compileField(taggedValue(definition, inside), valueContext(tag)))
  }
  const unknownFormat = unknownTagField(inside, largest)
  const codecOf = (tag: string) => known.get(tag) ?? compileField(unknownFormat, valueContext(tag))
  // Compiled once for writing and checking; errors of unknown tags name the field that they stand in.
  const unknown = compileField(unknownFormat, context)

  function valueContext(tag: string): FieldContext {
    return { ...context, where: `${where}.${tag}`, path: [...path, tag] }
  }

  return {
    read(source, start, end) {
      const fields: Record<string, FieldValue> = {}
      const order: string[] = []
      for (let at = start; at < end; ) {
        const valueAt = at + tags.bytes
        const tag = valueAt > end ? undefined : tags.encoding.read(source, at, valueAt, tags.units)
        if (tag === undefined) throw new UnpackError('BAD_TAG', path, at, tags.expected)
        const codec = known.get(tag) ?? unknown
        const next = codec.skip(source.bytes, valueAt, end)
        fields[tag] = codec.read(source, valueAt, next)
        order.push(tag)
        at = next
      }
      return withOrder(fields, order, inside.sort)
    },
    write(target, start, value) {
      let at = start
      for (const key of orderOf(value, path, inside.sort)) {
        const tag = fullTag(key, inside)
        if (reservedKeys.has(tag) || !tags.isTag(tag) || (tag !== key && Object.hasOwn(value, tag))) {
          throw new PackError('UNKNOWN_FIELD', [...path, key], tags.expected)
        }
        tags.encoding.write(target, at, tag)
        at = codecOf(tag).write(target, at + tags.bytes, value[key] as FieldValue)
      }
      return at
    },
  }
}

/** A number as a tag: 1 is 01 where tags are of two digits, as moov's own keys have it. */
const fullTag = (key: string, { tag: { encoding, size } }: TlvInside): string =>
  encoding === 'binary' || encoding === 'hex' || !/^\d+$/.test(key) ? key : key.padStart(size, '0')

/** The tag's length stands for the length of the format: that says only how long the value may be. */
function taggedValue(definition: FieldDefinition, inside: TlvInside): FieldDefinition {
  const { pad: _pad, ...rest } = definition
  const format = definition.format.replace(/^(\S+?)(?: |\.+)(\d+)$/, '$1......$2') as Format
  return { ...rest, format, prefix: { ...inside.length, ...definition.prefix }, filled: false }
}

/** Values of tags that no definition names: text where the tags are text, else bytes. */
export function unknownTagField(inside: TlvInside, largest: number): FieldDefinition {
  const { encoding } = inside.tag
  const { counts, inclusive, size } = inside.length
  const own = inclusive ? size * (counts === 'nibbles' ? 2 : 1) : 0
  const most = Math.max(0, counts === 'nibbles' ? (largest - own) >> 1 : largest - own)
  const isText = encoding !== 'binary' && encoding !== 'hex' && encoding !== 'bcd'
  return {
    name: 'unknown',
    format: isText ? `ans......${most}` : `b......${most}`,
    data: isText ? encoding : 'binary',
    prefix: inside.length,
  }
}

interface TagCodec {
  readonly bytes: number
  readonly units: number
  readonly encoding: Encoding
  readonly expected: string
  isTag(text: string): boolean
}

/** `size`: characters of text, digits of BCD, bytes of binary and hex. Bytes show as upper-case hex. */
export function tagCodec(encoding: PrefixEncoding | 'hex', size: number, where: string): TagCodec {
  if (!Number.isInteger(size) || size < 1 || size > 6) {
    throw new UsageError(`has tags of size ${size}: expected 1 to 6`, { where })
  }
  if (encoding === 'binary' || encoding === 'hex') {
    const isTag = (text: string) => new RegExp(`^[0-9A-F]{${2 * size}}$`).test(text)
    return {
      bytes: size,
      units: size,
      encoding: octets,
      expected: `a tag of ${counted(size, 'byte')} in upper-case hex`,
      isTag,
    }
  }
  if (encoding === 'bcd') {
    const isTag = (text: string) => new RegExp(`^\\d{${size}}$`).test(text)
    const digits = packed('digits', { align: 'right', fill: '0' })
    return {
      bytes: (size + 1) >> 1,
      units: size,
      encoding: digits,
      expected: `a tag of ${counted(size, 'digit')}`,
      isTag,
    }
  }
  const isTag = (text: string) => text.length === size && /^[\x20-\x7e]*$/.test(text)
  const text = characters(encoding satisfies CharacterSet, alphabetOf('ans'))
  return { bytes: size, units: size, encoding: text, expected: `a tag of ${counted(size, 'character')}`, isTag }
}
