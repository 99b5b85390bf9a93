// Messages of any dialect, generated from its own definitions: full width and short values, nested values where there are fields inside.

import fc from 'fast-check'
import type { Dialect, FieldDefinition } from '../../src/codec/dialect.js'
import { parseFormat } from '../../src/codec/fields/format.js'
import type { Fields, FieldValue, Message } from '../../src/codec/message.js'

const digits = '0123456789'
const letters = 'ABCXYZabcxyz'
const charactersOf: Record<string, string> = {
  a: letters,
  n: digits,
  s: '-/.,:',
  an: digits + letters,
  as: `${letters}-/.`,
  ns: `${digits}-/.`,
  ans: `${digits}${letters} -/.,:'`,
  anp: `${digits}${letters} `,
  z: `${digits}=`,
  b: '0123456789ABCDEF',
}

/** Longer values show nothing new, and are slow. */
const longestUnits = 40

function text(characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength, size: 'small' })
}

function leafValue(definition: FieldDefinition): fc.Arbitrary<string> {
  const { kind, length, dots } = parseFormat(definition.format, definition.name)
  const most = Math.min(length, longestUnits)
  const isExact = dots === 0
  if (kind === 'x+n') {
    return fc.tuple(fc.constantFrom('C', 'D'), text(digits, length, length)).map(([sign, amount]) => sign + amount)
  }
  if (kind === 'b') {
    const bytes = fc.uint8Array({ minLength: isExact ? length : 0, maxLength: isExact ? length : most, size: 'small' })
    return bytes.map((value) => Buffer.from(value).toString('hex').toUpperCase())
  }
  const isPackedText = kind === 'an' && definition.data === 'bcd'
  const characters = isPackedText ? (charactersOf.b as string) : (charactersOf[kind] as string)
  if (dots > 0) return text(characters, 0, most)
  if (definition.pad?.side === 'none' || isPackedText || kind === 'z') return text(characters, length, length)
  return text(characters, kind === 'n' ? 1 : 0, length)
}

const tags = ['9F26', '9F27', '5F2A', '82', '95', '9A', '9C', 'DF8101', '5A', '57']
const hexBytes = fc.uint8Array({ maxLength: 20 }).map((value) => Buffer.from(value).toString('hex').toUpperCase())
const berTlv = fc.dictionary(fc.constantFrom(...tags), hexBytes, { maxKeys: 6, noNullPrototype: true })
const berTlvWithTemplate = fc.record(
  { 70: berTlv, E1: berTlv, 84: hexBytes },
  { requiredKeys: [], noNullPrototype: true },
)

/** The bytes of BER-TLV data objects: tag, length in one byte or two (X.690, 8.1.3), value. */
function berBytes(fields: Fields): number {
  let bytes = 0
  for (const [tag, value] of Object.entries(fields)) {
    const inside = typeof value === 'string' ? value.length / 2 : berBytes(value as Fields)
    bytes += tag.length / 2 + (inside < 128 ? 1 : 2) + inside
  }
  return bytes
}

function nestedValue(definition: FieldDefinition): fc.Arbitrary<FieldValue> {
  const { inside } = definition
  if (inside === undefined) return leafValue(definition)
  if (inside.kind === 'ber-tlv') {
    const { length } = parseFormat(definition.format, definition.name)
    return fc.oneof(berTlv, berTlvWithTemplate).filter((fields) => berBytes(fields) <= length)
  }
  const fields = Object.entries(inside.fields ?? {})
  // Parts that stand one after another in a fixed width are all there.
  const isFixed = inside.kind === 'positional' && parseFormat(definition.format, definition.name).dots === 0
  const values = fc.record(Object.fromEntries(fields.map(([key, inner]) => [key, nestedValue(inner)])), {
    requiredKeys: isFixed ? fields.map(([key]) => key) : [],
    noNullPrototype: true,
  })
  if (inside.kind !== 'positional') return values as fc.Arbitrary<Fields>
  return fc.tuple(values, fc.nat(fields.length)).map(([all, count]) => {
    const present: Record<string, FieldValue> = {}
    for (const [key] of isFixed ? fields : fields.slice(0, count)) {
      const value = (all as Record<string, FieldValue>)[key]
      if (value === undefined) break
      present[key] = value
    }
    return present
  })
}

/** Some of the dialect's fields, up to `most` of them. */
export function arbitraryMessage(dialect: Dialect, most = 12): fc.Arbitrary<Message> {
  const keys = Object.keys(dialect.fields)
  return fc
    .tuple(
      fc.constantFrom('0100', '0200', '0421', '1814'),
      fc.subarray(keys, { maxLength: Math.min(most, keys.length) }),
    )
    .chain(([mti, chosen]) => {
      const model = Object.fromEntries(
        chosen.map((key) => [key, nestedValue(dialect.fields[key] as FieldDefinition)] as const),
      )
      return fc.record(model, { noNullPrototype: true }).map((fields): Message => ({ mti, fields: fields as Fields }))
    })
}
