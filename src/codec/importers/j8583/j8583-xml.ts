// j8583 configuration files (also jreactive-8583's): guides, templates and headers by message type in, one dialect out.

import type { Dialect, Encodings, FieldDefinition } from '../../dialect.js'
import { completeDialect } from '../iso-defaults.js'
import type { XmlElement } from '../jpos/spec-xml.js'
import { refuseSpec } from '../spec-error.js'
import { type J8583Field, type J8583Fields, j8583Attribute, placeOf, readMessageTypes } from './j8583-fields.js'

const encodings: Encodings = {
  mti: 'ascii',
  bitmap: { encoding: 'hex', bytes: 8, extends: 'byNeed' },
  length: 'ascii',
  digits: 'ascii',
  track: 'ascii',
  text: 'latin1',
  bytes: 'hex',
  oddFixed: { align: 'right', fill: '0' },
  oddVariable: { align: 'right', fill: '0' },
}

/** Throws UsageError naming file, line and field for whatever the file says that cannot be imported. */
export function importJ8583Xml(root: XmlElement, file: string): Dialect {
  const notes: string[] = []
  for (const child of root.children)
    if (!['header', 'template', 'parse'].includes(child.name))
      refuseSpec(placeOf(child, file), `<${child.name}> is not an element of a j8583 configuration`)
  const guides = readMessageTypes(root, 'parse', file)
  const templates = readMessageTypes(root, 'template', file)
  const fields = oneTable([guides, templates], notes)
  if (Object.keys(fields).length === 0) refuseSpec(placeOf(root, file), 'has no <parse> and no <template> with fields')
  const header = headerOf(root, file, notes)
  const dialect = completeDialect({
    file,
    format: 'j8583 configuration',
    encodings,
    fields,
    envelope: header === undefined ? {} : { header },
    notes,
  })
  return withTemplates(dialect, templates)
}

/** All message types must define a field alike: a dialect has one table for all of them. */
function oneTable(sources: readonly J8583Fields[], notes: string[]): Record<string, FieldDefinition> {
  const table = new Map<number, { readonly field: J8583Field; readonly mti: string }>()
  for (const [mti, fields] of sources.flatMap((source) => [...source])) {
    for (const field of fields.values()) {
      const known = table.get(field.number)
      if (known === undefined) table.set(field.number, { field, mti })
      else if (!isSame(known.field, field))
        table.set(field.number, { field: either(known, { field, mti }, notes), mti })
    }
  }
  const sorted = [...table.values()].sort((a, b) => a.field.number - b.field.number)
  return Object.fromEntries(sorted.map(({ field }) => [field.number, field.definition]))
}

const isSame = (a: J8583Field, b: J8583Field) => JSON.stringify(a.definition) === JSON.stringify(b.definition)

/** Digits and text of one width are the same on the wire of text; what has sub-fields in one guide has them in all. */
function either(
  first: { readonly field: J8583Field; readonly mti: string },
  second: { readonly field: J8583Field; readonly mti: string },
  notes: string[],
): J8583Field {
  const [a, b] = [first.field, second.field]
  if (wireOf(a.definition) !== wireOf(b.definition)) {
    refuseSpec(
      b.place,
      `is ${describe(b)} in ${second.mti} and ${describe(a)} in ${first.mti} (line ${a.place.line}): one message type in two forms cannot be imported; keep one of them`,
    )
  }
  const wider = a.definition.inside !== undefined || /^ans/.test(a.definition.format) ? a : b
  notes.push(
    `field ${a.number} is ${describe(a)} in ${first.mti} and ${describe(b)} in ${second.mti}: read as ${wider.type}`,
  )
  return wider
}

/** The parts of a definition that tell where a field ends. Digits and text count as the same. */
const wireOf = ({ format, data, prefix }: FieldDefinition) =>
  JSON.stringify([format.replace(/^(n|ans)/, ''), data ?? '', prefix ?? ''])

const describe = ({ type, definition }: J8583Field) => `${type}${/ (\d+)$/.exec(definition.format)?.[0] ?? ''}`

/** One header for all messages, as hex; undefined where there is none. */
function headerOf(root: XmlElement, file: string, notes: string[]): string | undefined {
  const elements = root.children.filter(({ name }) => name === 'header')
  const texts = elements.flatMap((element) => {
    j8583Attribute(element, 'type', file)
    if (element.text === '') return []
    const isBinary = element.attributes.binary === 'true'
    if (isBinary && !/^([0-9A-Fa-f]{2})+$/.test(element.text))
      refuseSpec(placeOf(element, file), 'is a binary header, and no hex')
    const hex = isBinary ? element.text : Buffer.from(element.text, 'latin1').toString('hex')
    return [{ element, hex: hex.toUpperCase() }]
  })
  const [first] = texts
  const other = texts.find(({ hex }) => hex.length !== first?.hex.length)
  if (other !== undefined)
    refuseSpec(placeOf(other.element, file), 'is longer or shorter than another: headers of one length can be imported')
  if (texts.some(({ hex }) => hex !== first?.hex))
    notes.push('every message has the first header: those of other message types differ')
  return first?.hex
}

/** Adds the values of the templates to the messages, in fields that no message here carries itself. */
function withTemplates(dialect: Dialect, templates: J8583Fields): Dialect {
  const own = new Set(Object.values(dialect.messages).flatMap(({ fields }) => Object.keys(fields)))
  const messages = Object.entries(dialect.messages).map(([name, message]) => {
    const template = [...(templates.get(message.mti)?.values() ?? [])]
    const fixed = template.filter(({ number, text, definition }) => {
      const isText = definition.inside === undefined && text !== '' && !/[{}]/.test(text)
      return isText && !own.has(String(number)) && !answered.includes(number)
    })
    const fields = Object.fromEntries(fixed.map(({ number, text }) => [number, text]))
    return [name, { ...message, fields: { ...fields, ...message.fields } }] as const
  })
  return { ...dialect, messages: Object.fromEntries(messages) }
}

/** Fields that a host fills, or that would make another message of it. */
const answered = [38, 39, 64, 66, 70, 90, 95, 128]
