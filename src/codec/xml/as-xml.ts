// A dialect whose messages are XML: the framing that carries elements carries nothing else.

import type { Dialect, FieldDefinition } from '../dialect.js'
import type { FieldValue } from '../message.js'
import { hasPlaceInXml } from './xml-codec.js'

/**
 * The same fields and rules as jPOS's XMLChannel sends them: no bitmap, no encodings, and nothing in front of the element. XML
 * has no place for tags: a field of them is one text, and a message that names single tags is left out.
 */
export function asXml(dialect: Dialect): Dialect {
  if (dialect.form === 'xml') return dialect
  const fields = Object.fromEntries(Object.entries(dialect.fields).map(([key, field]) => [key, asText(field)]))
  const isSendable = ({ fields: values }: Dialect['messages'][string]) =>
    Object.entries(values).every(([key, value]) => isPlain(value) || fields[key]?.inside !== undefined)
  const messages = Object.fromEntries(Object.entries(dialect.messages).filter(([, message]) => isSendable(message)))
  return { ...dialect, form: 'xml', framing: 'xml', envelope: {}, fields, messages }
}

const isPlain = (value: FieldValue) => typeof value === 'string'

function asText(field: FieldDefinition): FieldDefinition {
  const { inside, ...text } = field
  return inside === undefined || hasPlaceInXml(inside) ? field : text
}
