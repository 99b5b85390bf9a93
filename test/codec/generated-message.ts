// Generates messages of the iso_8583 dialect that both codecs must take: what the library refuses is left out.

import fc from 'fast-check'
import type { FieldDefinition } from '../../src/codec/dialect.js'
import { iso8583 } from '../../src/codec/dialects/iso-8583.js'
import { parseFormat } from '../../src/codec/fields/format.js'
import type { FieldValue, Message } from '../../src/codec/message.js'

const digits = '0123456789'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** The special characters that the library lets through: not @ # \ and none beyond ASCII. */
const special = '-!$%^&*()_+|~=`{}[]:";\'<>?,./ '

const charactersOf: Record<string, string> = {
  a: letters,
  n: digits,
  s: special,
  an: digits + letters,
  anp: `${digits}${letters} `,
  ans: digits + letters + special,
  ns: digits + special,
  z: `${digits}=`,
  b: '0123456789ABCDEF',
}

/** Values longer than this show nothing new, and are slow. */
const longestVariable = 40

function valueOfField(definition: FieldDefinition): fc.Arbitrary<string> {
  const { kind, length, dots } = parseFormat(definition.format, definition.name)
  // 127.32: text for us, for the library hex digits that it sends as text.
  if (definition.name === 'ucafData') return textOf(charactersOf.b as string, 1, length)
  if (kind === 'x+n') {
    return fc.tuple(fc.constantFrom('C', 'D'), textOf(digits, length, length)).map(([sign, amount]) => sign + amount)
  }
  const width = kind === 'b' ? 2 * length : length
  const largest = dots === 0 ? width : Math.min(width, longestVariable)
  return textOf(charactersOf[kind] as string, dots === 0 ? width : 1, largest)
}

function textOf(characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength, size: 'small' })
}

/** Values for any of the fields; nested where there are fields inside. */
function valuesOf(fields: Readonly<Record<string, FieldDefinition>>): fc.Arbitrary<Values> {
  const model: Record<string, fc.Arbitrary<FieldValue>> = {}
  for (const [number, definition] of Object.entries(fields)) {
    const inside = definition.inside?.kind === 'bitmap' ? definition.inside.fields : undefined
    model[number] = inside === undefined ? valueOfField(definition) : valuesOf(inside).filter(isNotEmpty)
  }
  return fc.record(model, { requiredKeys: [] }).map((values) => values as Values)
}

type Values = Readonly<Record<string, FieldValue>>

const isNotEmpty = (value: object) => Object.keys(value).length > 0

const mtis = [
  '0100',
  '0110',
  '0120',
  '0200',
  '0201',
  '0210',
  '0220',
  '0230',
  '0400',
  '0420',
  '0430',
  '0500',
  '0800',
  '0810',
]

/** Field 11 is always there, because the library refuses field 127 where it is alone. */
export const generatedMessage: fc.Arbitrary<Message> = fc
  .tuple(fc.constantFrom(...mtis), valuesOf(iso8583.fields), fc.subarray(Object.keys(iso8583.fields)))
  .map(([mti, values, chosen]) => {
    const fields: Record<string, FieldValue> = { 11: '000001' }
    for (const number of chosen) if (values[number] !== undefined) fields[number] = values[number]
    return { mti, fields }
  })
