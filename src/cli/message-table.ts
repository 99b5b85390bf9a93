// A message as a table for people: number, name, value. Nested fields by their path.

import { printable } from '../base/text/shown-text.js'
import type { Dialect, FieldDefinition, Inside } from '../codec/dialect.js'
import { type FieldValue, isVerbatim, type Message } from '../codec/message.js'
import { alignedColumns } from '../report/layout/table.js'

/** Lines of the table. The values are shown as they are: mask the message first. */
export function messageTable(message: Message, dialect: Dialect): readonly string[] {
  const { tpdu, header, mti, fields } = message
  const rows = Object.entries(fields).flatMap(([number, value]) => fieldRows([number], value, dialect.fields[number]))
  return alignedColumns([
    ...(tpdu === undefined ? [] : [['tpdu', '', tpdu]]),
    ...(header === undefined ? [] : [['header', '', header]]),
    ['mti', '', mti],
    ...rows.map(([path = '', name = '', value = '']) => [path, name, value + meaning(path, value, dialect)]),
  ])
}

function fieldRows(path: readonly string[], value: FieldValue, field: FieldDefinition | undefined): string[][] {
  const row = (text: string) => [[path.join('.'), field?.name ?? '', printable(text)]]
  if (typeof value === 'string') return row(value)
  if (isVerbatim(value)) return row(`hex ${value.hex}`)
  // The order of tags on the wire: their values stand here in it already, or it is a matter for encode.
  if (Array.isArray(value)) return path.at(-1) === 'order' ? [] : value.flatMap((each: string) => row(each))
  const inside = fieldsInside(field?.inside)
  const inner = Object.entries(value).flatMap(([key, each]) => fieldRows([...path, key], each, inside?.[key]))
  return [[path.join('.'), field?.name ?? '', ''], ...inner]
}

const fieldsInside = (inside: Inside | undefined) =>
  inside === undefined || inside.kind === 'ber-tlv' || inside.kind === 'datasets' ? undefined : inside.fields

function meaning(path: string, value: string, { rules }: Dialect): string {
  const text = path === String(rules.responseCode) ? rules.meanings?.[value] : undefined
  return text === undefined ? '' : `  (${text})`
}
