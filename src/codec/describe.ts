// A dialect's table as text: what an analyst holds against the paper.

import { counted } from '../base/text/counted.js'
import type { Dialect, FieldDefinition, Inside, LengthPrefix, MessageValue } from './dialect.js'

/** Fields with their formats, encodings and masks; then messages and rules. Ends with a line feed. */
export function describeDialect(dialect: Dialect): string {
  const { name, about, framing, envelope, encodings } = dialect
  const { mti, bitmap, length, digits, text, bytes } = encodings
  return [
    `${name}: ${about}`,
    '',
    `framing    ${framing}${envelope.tpdu === undefined ? '' : `, TPDU ${envelope.tpdu}`}${envelope.header === undefined ? '' : `, header ${envelope.header}`}`,
    `encodings  MTI ${mti}, bitmap ${bitmap.encoding} ${counted(bitmap.bytes, 'byte')} ${bitmap.extends}, length ${length}, digits ${digits}, text ${text}, bytes ${bytes}`,
    '',
    ...table([['field', 'name', 'format', 'differs', 'mask', 'inside'], ...fieldRows(dialect.fields, '')]),
    '',
    'messages',
    ...Object.entries(dialect.messages).flatMap(([message, { mti: type, about: use, fields }]) => [
      `  ${message}  ${type}${use === undefined ? '' : `  ${use}`}`,
      ...Object.entries(fields).map(([field, value]) => `    ${field.padStart(3)}  ${valueText(value)}`),
    ]),
    '',
    ...ruleLines(dialect),
    '',
  ].join('\n')
}

function ruleLines({ rules }: Dialect): string[] {
  const { matchBy, responseCode, approved, retry, signOn, echo, reversal, currency, meanings = {} } = rules
  return [
    'rules',
    `  an answer belongs to the request with equal version, class and fields ${matchBy.join(', ')}`,
    `  response code in field ${responseCode}; approved ${approved.join(' ')}; decides nothing ${retry.join(' ') || 'none'}`,
    `  sign-on ${signOn ?? 'none'}; echo ${echo ?? 'none'}; reversal ${reversal}; currency ${currency}`,
    ...Object.entries(meanings).map(([code, meaning]) => `    ${code}  ${meaning}`),
  ]
}

function fieldRows(fields: Readonly<Record<string, FieldDefinition>>, indent: string): string[][] {
  return Object.entries(fields).flatMap(([key, definition]) => [
    [
      indent + key,
      definition.name,
      definition.format,
      differences(definition),
      definition.mask ?? '',
      definition.inside?.kind ?? '',
    ],
    ...insideRows(definition.inside, `${indent}${key}.`),
  ])
}

function insideRows(inside: Inside | undefined, indent: string): string[][] {
  return inside !== undefined && 'fields' in inside && inside.fields !== undefined
    ? fieldRows(inside.fields, indent)
    : []
}

/** The properties of a field that replace the dialect's defaults. */
function differences({ data, prefix, odd, pad, filled, rest, terminator, sign }: FieldDefinition): string {
  return [
    data,
    prefix && prefixText(prefix),
    filled && 'filled to its width',
    rest && 'to the end',
    terminator && `ends before ${terminator}`,
    sign && `sign in the ${sign}`,
    odd && `odd digit ${odd.align} ${odd.fill}`,
    pad && `pad ${pad.side} '${pad.with}'${pad.cut ? ', cut when too long' : ''}`,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(', ')
}

function prefixText({ encoding, size, counts, inclusive }: Partial<LengthPrefix>): string {
  const count = counts === undefined || counts === 'units' ? undefined : `counts ${counts}`
  const parts = [encoding, size && `size ${size}`, count, inclusive === true ? 'counts itself' : undefined]
  return `prefix ${parts.filter((part) => part !== undefined).join(' ')}`
}

function valueText(value: MessageValue): string {
  // Quotes show the spaces at an end.
  if (typeof value === 'string') return value === value.trim() ? value : `'${value}'`
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${valueText(inner)}`)
    .join(', ')} }`
}

function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
