// Length, tag, value: as Europay field 48 and GICC field 60 have it. The length counts the tag and the value, in bytes.

import { UsageError } from '../../base/errors.js'
import type { FieldDefinition, Format } from '../dialect.js'
import type { FieldCodec, FieldContext } from '../fields/field-codec.js'
import { compilePrefix } from '../fields/prefix.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import { type ContentCodec, orderOf, reservedKeys, withOrder } from './content.js'
import { type CompileField, type TlvInside, tagCodec, unknownTagField } from './tlv.js'

/** Throws UsageError for a tag that cannot be written, and for a length that counts otherwise. */
export function lengthFirstTlv(inside: TlvInside, context: FieldContext, compileField: CompileField): ContentCodec {
  const { where, path } = context
  if (inside.length.counts === 'nibbles' || inside.length.inclusive) {
    throw new UsageError('lengthFirst needs a length that counts bytes and does not include itself', { where })
  }
  const tags = tagCodec(inside.tag.encoding, inside.tag.size, where)
  const prefix = compilePrefix(inside.length.encoding, inside.length.size, where)
  const largest = Math.max(0, prefix.largest - tags.bytes)
  const known = new Map<string, FieldCodec>()
  for (const [tag, definition] of Object.entries(inside.fields ?? {})) {
    if (reservedKeys.has(tag) || !tags.isTag(tag))
      throw new UsageError(`has tag '${tag}': expected ${tags.expected}`, { where })
    known.set(tag, compileField(open(definition), { ...context, where: `${where}.${tag}`, path: [...path, tag] }))
  }
  const unknown = compileField(open(unknownTagField(inside, largest)), context)

  return {
    read(source, start, end) {
      const fields: Record<string, FieldValue> = {}
      const order: string[] = []
      for (let at = start; at < end; ) {
        const tagAt = at + prefix.bytes
        const length = tagAt > end ? -1 : prefix.read(source.bytes, at)
        const next = tagAt + length
        if (length < tags.bytes || next > end) {
          throw new UnpackError('BAD_LENGTH', path, at, `a length from ${tags.bytes} to ${Math.max(0, end - tagAt)}`)
        }
        const valueAt = tagAt + tags.bytes
        const tag = tags.encoding.read(source, tagAt, valueAt, tags.units)
        if (tag === undefined) throw new UnpackError('BAD_TAG', path, tagAt, tags.expected)
        const codec = known.get(tag) ?? unknown
        codec.skip(source.bytes, valueAt, next)
        fields[tag] = codec.read(source, valueAt, next)
        order.push(tag)
        at = next
      }
      return withOrder(fields, order, inside.sort)
    },
    write(target, start, value) {
      let at = start
      for (const tag of orderOf(value, path, inside.sort)) {
        if (reservedKeys.has(tag) || !tags.isTag(tag))
          throw new PackError('UNKNOWN_FIELD', [...path, tag], tags.expected)
        const tagAt = at + prefix.bytes
        tags.encoding.write(target, tagAt, tag)
        const next = (known.get(tag) ?? unknown).write(target, tagAt + tags.bytes, value[tag] as FieldValue)
        if (next - tagAt > prefix.largest) throw new PackError('TOO_LONG', [...path, tag], `at most ${largest} bytes`)
        prefix.write(target, at, next - tagAt)
        at = next
      }
      return at
    },
  }
}

/** A value whose end its surroundings know. */
function open(definition: FieldDefinition): FieldDefinition {
  const { pad: _pad, prefix: _prefix, odd: _odd, filled: _filled, ...rest } = definition
  const format = definition.format.replace(/^(\S+?)(?: |\.+)(\d+)$/, '$1......$2') as Format
  return { ...rest, format, rest: true }
}
