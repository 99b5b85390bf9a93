// The fields of one message type in a file of j8583: a guide or a template, with what it takes over from another.

import { suggestion } from '../../../base/suggest.js'
import type { FieldDefinition } from '../../dialect.js'
import { formatOf } from '../field-format.js'
import type { XmlElement } from '../jpos/spec-xml.js'
import { ownEntry } from '../own-entry.js'
import { refuseSpec, type SpecPlace } from '../spec-error.js'
import { type J8583Type, j8583Types } from './j8583-types.js'

/** A field as one message type has it. */
export interface J8583Field {
  readonly number: number
  readonly place: SpecPlace
  readonly type: string
  readonly definition: FieldDefinition
  /** In a template, the value that every such message carries. */
  readonly text: string
}

/** The fields of each message type, such as 0200, by number. */
export type J8583Fields = ReadonlyMap<string, ReadonlyMap<number, J8583Field>>

/** Above, a third bitmap stands in field 65. */
const highestField = 128

/** The elements of that name (`parse`, `template`), each with the fields of what it extends. Throws UsageError by line. */
export function readMessageTypes(root: XmlElement, name: 'parse' | 'template', file: string): J8583Fields {
  const elements = new Map(
    root.children.filter((each) => each.name === name).map((each) => [typeOf(each, 'type', file), each]),
  )
  const read = new Map<string, ReadonlyMap<number, J8583Field>>()
  for (const type of elements.keys()) fieldsOf(type, [])
  return read

  function fieldsOf(type: string, through: readonly string[]): ReadonlyMap<number, J8583Field> {
    const known = read.get(type)
    if (known !== undefined) return known
    const element = elements.get(type) as XmlElement
    const extended = element.attributes.extends === undefined ? undefined : typeOf(element, 'extends', file)
    const place = placeOf(element, file)
    if (extended !== undefined && !elements.has(extended))
      refuseSpec(place, `extends ${extended.slice(0, 20)}, of which there is no <${name}>`)
    if (extended !== undefined && (extended === type || through.includes(extended)))
      refuseSpec(place, `extends ${extended}, which extends it in turn`)
    const fields = new Map(extended === undefined ? [] : fieldsOf(extended, [...through, type]))
    for (const child of element.children) {
      if (child.name !== 'field') refuseSpec(placeOf(child, file), `<${child.name}> is not an element of <${name}>`)
      const number = numberOf(child, file)
      if (child.attributes.type === 'exclude') fields.delete(number)
      else fields.set(number, readField(child, number, file))
    }
    read.set(type, fields)
    return fields
  }
}

/** Three digits are four with a zero in front. */
function typeOf(element: XmlElement, name: 'type' | 'extends', file: string): string {
  const text = j8583Attribute(element, name, file)
  if (!/^[0-9A-Fa-f]{3,4}$/.test(text))
    refuseSpec(placeOf(element, file), `${name}="${text.slice(0, 20)}" is not a message type of four digits`)
  return text.toUpperCase().padStart(4, '0')
}

function numberOf(element: XmlElement, file: string): number {
  const text = j8583Attribute(element, 'num', file)
  const number = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (number >= 2 && number <= highestField) return number
  const why = number > highestField ? ': j8583 has a third bitmap in field 65, which cannot be imported' : ''
  refuseSpec(placeOf(element, file), `num="${text.slice(0, 20)}" is not a field number from 2 to ${highestField}${why}`)
}

function readField(element: XmlElement, number: number, file: string): J8583Field {
  const place = { ...placeOf(element, file), path: String(number) }
  const type = j8583Attribute(element, 'type', file)
  return { number, place, type, definition: definitionOf(element, type, place), text: element.text }
}

function definitionOf(element: XmlElement, type: string, place: SpecPlace): FieldDefinition {
  const known = ownEntry(j8583Types, type)
  if (known === undefined)
    refuseSpec(place, `type ${type.slice(0, 40)} is not a type of j8583${suggestion(type, Object.keys(j8583Types))}`)
  const { digits, data, prefix, pad } = known
  // Tracks have a separator among their digits.
  const kind = known.kind === 'n' && digits > 0 && ['35', '36'].includes(place.path) ? 'z' : known.kind
  const width = widthOf(known, element, place)
  const subfields = element.children.filter(({ name }) => name === 'field')
  const definition: FieldDefinition = {
    name: `field ${place.path}`,
    format: formatOf(kind, width, digits),
    ...(data === undefined ? {} : { data }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(pad === undefined ? {} : { pad }),
  }
  if (subfields.length === 0) return definition
  const { pad: _pad, ...around } = definition
  const padding = digits > 0 ? {} : { pad: { side: 'right' as const, with: kind === 'b' ? '00' : ' ' } }
  return { ...around, ...padding, inside: { kind: 'positional', fields: numbered(subfields, place) } }
}

/** The numbers of sub-fields say nothing: they count from 1. */
function numbered(subfields: readonly XmlElement[], place: SpecPlace): Record<string, FieldDefinition> {
  const fields = subfields.map((element, index) => {
    const own = { ...placeOf(element, place.file), path: `${place.path}.${index + 1}` }
    return [index + 1, definitionOf(element, j8583Attribute(element, 'type', place.file), own)] as const
  })
  return Object.fromEntries(fields)
}

function widthOf({ width }: J8583Type, element: XmlElement, place: SpecPlace): number {
  if (width !== 'length') return width
  const text = element.attributes.length?.trim() ?? ''
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text)
  refuseSpec(place, `type ${element.attributes.type} needs a length, a whole number above 0`)
}

export function j8583Attribute(element: XmlElement, name: string, file: string): string {
  const value = element.attributes[name]?.trim()
  if (value === undefined || value === '')
    refuseSpec(placeOf(element, file), `<${element.name}> has no attribute ${name}`)
  return value
}

export const placeOf = ({ line, column }: XmlElement, file: string): SpecPlace => ({ file, line, column, path: '' })
