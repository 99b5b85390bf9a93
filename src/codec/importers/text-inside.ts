// Sub-fields one after another that are characters alone: the field around them is one text, which a message can give as a
// whole and a rule can ask about ('000000' for a processing code of three parts).

import type { DataEncoding, FieldDefinition, Inside } from '../dialect.js'

type Text = 'ascii' | 'latin1' | 'ebcdic037' | 'ebcdic500' | 'ebcdic1047'

/** The encoding of all sub-fields; undefined where one is not characters, or of another encoding. */
export function textInside(inside: Inside): Text | undefined {
  if (inside.kind !== 'positional' || inside.header !== undefined) return undefined
  const encodings = new Set<DataEncoding | undefined>()
  for (const definition of Object.values(inside.fields)) {
    if (!isText(definition)) return undefined
    encodings.add(definition.data)
    if (definition.prefix !== undefined) encodings.add(definition.prefix.encoding as DataEncoding)
  }
  // ISO 8859-1 has the characters of ASCII at their places.
  if (encodings.has('latin1')) encodings.delete('ascii')
  const [only, second] = [...encodings]
  return second === undefined && isPage(only) ? only : undefined
}

/** A sub-field of sub-fields, a terminator or what is left of the field is no plain text. */
const isText = ({ format, inside, sign }: FieldDefinition): boolean =>
  inside === undefined && sign === undefined && !/^b/.test(format)

const isPage = (encoding: DataEncoding | undefined): encoding is Text =>
  encoding === 'latin1' ||
  encoding === 'ascii' ||
  (encoding?.startsWith('ebcdic') === true && encoding !== 'ebcdic-hex')

/** Sub-fields of packed digits, an even number each: the field is packed digits, and the sub-fields are digits in it. */
export function digitsInside(inside: Inside): Inside | undefined {
  if (inside.kind !== 'positional' || inside.header !== undefined) return undefined
  const fields = Object.entries(inside.fields).map(([key, definition]) => [key, digitsOf(definition)] as const)
  if (fields.length === 0 || fields.some(([, definition]) => definition === undefined)) return undefined
  return { ...inside, fields: Object.fromEntries(fields) as Record<string, FieldDefinition> }
}

function digitsOf({ odd: _odd, ...definition }: FieldDefinition): FieldDefinition | undefined {
  const digits = Number(/^n (\d+)$/.exec(definition.format)?.[1] ?? Number.NaN)
  const isWhole = digits % 2 === 0 && definition.data === 'bcd' && definition.inside === undefined
  return isWhole ? { ...definition, data: 'ascii' } : undefined
}
