// A dialect whose messages are XML: the framing that carries elements carries nothing else.

import type { Dialect, DialectRules, FieldDefinition, MessageDefinition } from '../dialect.js'
import type { FieldValue } from '../message.js'
import { hasPlaceInXml } from './xml-codec.js'

/** The dialect as a framing of this kind can carry it: elements carry messages as XML alone. */
export const carriedAs = (dialect: Dialect, kind: string): Dialect =>
  kind === 'element' || dialect.form === 'xml' ? asXml(dialect) : dialect

/**
 * The same fields and rules as jPOS's XMLChannel sends them: no bitmap, no encodings, and nothing in front of the element. XML
 * has no place for tags: a field of them is one text, and a message that needs single tags is left out. No MAC is sent or
 * checked, because the bytes that it would cover differ from writer to writer. `lacks` tells both.
 */
export function asXml(dialect: Dialect): Dialect {
  const fields = Object.fromEntries(Object.entries(dialect.fields).map(([key, field]) => [key, asText(field)]))
  const lacks: Record<string, string> = { ...dialect.lacks }
  const messages: Record<string, MessageDefinition> = {}
  for (const [name, message] of Object.entries(dialect.messages)) {
    const kept = Object.entries(message.fields).filter(
      ([key, value]) => value !== '{mac}' && !isOfOriginal(value, fields[key]),
    )
    const tagged = kept.find(([key, value]) => !isText(value) && fields[key]?.inside === undefined)
    if (tagged !== undefined) lacks[name] = `field ${tagged[0]}: XML has no place for its tags`
    else messages[name] = { ...message, fields: Object.fromEntries(kept) }
    for (const [key, value] of Object.entries(message.fields))
      if (value === '{mac}')
        lacks[`field ${key}`] = 'a MAC covers bytes, and those of XML are not the same for every writer'
  }
  const rules = withoutMac(dialect.rules)
  const carried = dialect.form === 'xml' ? {} : { framing: 'xml', envelope: {} }
  const told = Object.keys(lacks).length === 0 ? {} : { lacks }
  return { ...dialect, ...carried, form: 'xml', fields, rules, messages, ...told }
}

function withoutMac({ security, ...rules }: DialectRules): DialectRules {
  if (security === undefined) return rules
  const { mac: _mac, ...others } = security
  return { ...rules, security: others }
}

const isText = (value: FieldValue) => typeof value === 'string'

/** Tags that are copied from the original, which had none: a reversal goes without them. */
function isOfOriginal(value: FieldValue, field: FieldDefinition | undefined): boolean {
  if (typeof value !== 'object' || field?.inside !== undefined) return false
  return Object.values(value).every((each) => typeof each === 'string' && each.startsWith('{original.'))
}

function asText(field: FieldDefinition): FieldDefinition {
  const { inside, ...text } = field
  return inside === undefined || hasPlaceInXml(inside) ? field : text
}
