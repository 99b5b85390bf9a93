// One <isofield> of a jPOS packager as a field definition.

import { suggestion } from '../../../base/suggest.js'
import type { BitmapDefinition, FieldDefinition, Kind, LengthPrefix, OddDigit, Padding } from '../../dialect.js'
import { digitsFor, formatOf } from '../field-format.js'
import { ownEntry } from '../own-entry.js'
import { refuseSpec, type SpecPlace } from '../spec-error.js'
import {
  type BitmapClass,
  bitmapClasses,
  type FieldClass,
  fieldClasses,
  refusedClasses,
  shortName,
  unusedClasses,
  widerClasses,
} from './jpos-classes.js'
import type { XmlElement } from './spec-xml.js'

/** The definition in an <isofield>, or in the outside of an <isofieldpackager>. */
export type JposField = { readonly id: number; readonly place: SpecPlace; readonly element: XmlElement } & (
  | { readonly kind: 'field'; readonly fieldClass: FieldClass; readonly definition: FieldDefinition }
  | { readonly kind: 'bitmap'; readonly bitmap: BitmapDefinition }
  | { readonly kind: 'unused' }
)

/** Highest field number that three bitmaps can announce. */
const highestField = 192
/** Sub-fields may carry numbers of their own: four digits are the widest tag of any class. */
const highestSubfield = 9999

/** Throws UsageError naming file, line and field. */
export function readJposField(element: XmlElement, file: string, parent: string): JposField {
  const here = { file, line: element.line, column: element.column, path: parent }
  const id = integer(element, 'id', here)
  const place = { ...here, path: parent === '' ? String(id) : `${parent}.${id}` }
  const highest = parent === '' ? highestField : highestSubfield
  if (id > highest) refuseSpec(place, `has an id above ${highest}, which no bitmap can announce`)
  const name = shortName(attribute(element, 'class', place))
  const base = { id, place, element }
  if (unusedClasses.includes(name)) return { ...base, kind: 'unused' }
  const reason = ownEntry(refusedClasses, name)
  if (reason !== undefined) refuseSpec(place, `class ${name} ${reason}`)
  const asked = integer(element, 'length', place)
  const bitmapClass = ownEntry(bitmapClasses, name)
  if (bitmapClass !== undefined) return { ...base, kind: 'bitmap', bitmap: bitmapOf(bitmapClass, name, asked) }
  const fieldClass = ownEntry(fieldClasses, name) ?? unknownClass(name, place)
  // These classes take the most that their prefix leaves room for beside the tag, whatever the file says.
  const length = fieldClass.caps ? Math.min(asked, fieldClass.max ?? asked) : asked
  if (fieldClass.max !== undefined && length > fieldClass.max) {
    refuseSpec(place, tooLong(name, length, fieldClass.max))
  }
  const isTrack = parent === '' && (id === 35 || id === 36) && fieldClass.kind === 'n'
  const spelled = definitionOf(isTrack ? { ...fieldClass, kind: 'z' } : fieldClass, length, element, place)
  const definition = isTrimmed(element) ? trimmed(spelled, place, parent) : spelled
  return { ...base, kind: 'field', fieldClass, definition }
}

/** jPOS stops at such a field too, with an IllegalArgumentException of the class (setLength), also in files of its own. */
function tooLong(name: string, length: number, max: number): string {
  const wider = widerClasses(name, length)
  const remedy = wider.length === 0 ? '' : `, or name the class of the host: ${wider.join(' or ')}`
  return `length ${length} is more than class ${name} takes, which is ${max}; jPOS refuses it too. Write ${max}${remedy}`
}

/** The attribute without white space around it: files carry some. */
export function attribute(element: XmlElement, name: string, place: SpecPlace): string {
  const value = element.attributes[name]?.trim()
  if (value === undefined) refuseSpec(place, `<${element.name}> has no attribute ${name}`)
  return value
}

/** Undefined when the attribute is absent. */
export function optionalInteger(element: XmlElement, name: string, place: SpecPlace): number | undefined {
  return element.attributes[name] === undefined ? undefined : integer(element, name, place)
}

function integer(element: XmlElement, name: string, place: SpecPlace): number {
  const text = attribute(element, name, place)
  if (!/^\d{1,6}$/.test(text)) refuseSpec(place, `${name}="${text.slice(0, 20)}" is not a whole number up to 999999`)
  return Number(text)
}

function unknownClass(name: string, place: SpecPlace): never {
  const known = [...Object.keys(fieldClasses), ...Object.keys(bitmapClasses)]
  const near = suggestion(name, known)
  refuseSpec(place, `class ${name.slice(0, 60)} is not a field class of jPOS that can be imported${near}`)
}

/** Bytes of the bitmap by class and length, as ISOUtil.byte2BitSet reads them: 8 bytes of IFB_BITMAP never grow. */
function bitmapOf(bitmapClass: BitmapClass, name: string, length: number): BitmapDefinition {
  const { encoding } = bitmapClass
  if (bitmapClass.fixed || length < 8 || (name === 'IFB_BITMAP' && length === 8)) {
    return { encoding, bytes: Math.max(1, length), extends: 'fixed' }
  }
  return { encoding, bytes: 8, extends: 'byNeed', ...(length >= 24 ? { parts: 3 as const } : {}) }
}

function definitionOf(fieldClass: FieldClass, length: number, element: XmlElement, place: SpecPlace): FieldDefinition {
  const name = element.attributes.name?.replace(/\s+/g, ' ').trim() || `field ${place.path}`
  const { data, kind } = fieldClass
  if (fieldClass.length === 'none') return { name, format: formatOf(kind, 0, 0), data }
  if (fieldClass.length === 'nibbles' && length % 2 === 0) {
    return { name, format: formatOf('b', length / 2, 0), data: 'binary', pad: { side: 'left', with: '00' } }
  }
  const nibbles = fieldClass.length === 'nibbles'
  const units = fieldClass.length === 'signed' ? Math.max(0, length - 1) : length
  const prefix = prefixOf(fieldClass, element)
  const odd = oddOf(fieldClass, element)
  return {
    name,
    format: formatOf(
      nibbles ? 'an' : kind,
      sayable(units === 0 ? (fieldClass.max ?? 0) : units, prefix, kind === 'b'),
      dotsOf(fieldClass, units),
    ),
    data,
    ...(prefix === undefined ? {} : { prefix }),
    ...(odd === undefined ? {} : { odd }),
    ...(fieldClass.pad === undefined ? {} : { pad: fieldClass.pad as Padding }),
    ...(fieldClass.filled ? { filled: true } : {}),
    ...(fieldClass.sign === undefined ? {} : { sign: fieldClass.sign }),
    ...endOf(fieldClass, element, place),
  }
}

/** The longest value that the prefix can announce, where that is less than `units`. */
function sayable(units: number, prefix: LengthPrefix | undefined, isBytes: boolean): number {
  if (prefix === undefined) return units
  const { encoding, size, counts, inclusive } = prefix
  const largest = (encoding === 'binary' ? 256 ** size - 1 : 10 ** size - 1) - (inclusive ? size : 0)
  if (counts !== 'nibbles') return Math.min(units, largest)
  return Math.min(units, isBytes ? largest >> 1 : largest - (largest % 2))
}

function dotsOf(fieldClass: FieldClass, units: number): number {
  if (fieldClass.end !== undefined) return digitsFor(units)
  if (fieldClass.prefix === undefined) return 0
  return fieldClass.prefix.encoding === 'binary' ? digitsFor(units) : fieldClass.prefix.size
}

function prefixOf(fieldClass: FieldClass, element: XmlElement): LengthPrefix | undefined {
  if (fieldClass.prefix === undefined) return undefined
  return { ...fieldClass.prefix, inclusive: isTrue(element.attributes.inclusive) }
}

/** pad="true" puts a spare half byte in front; "false" and no attribute put it at the end. */
function oddOf(fieldClass: FieldClass, element: XmlElement): OddDigit | undefined {
  const { odd } = fieldClass
  if (odd === undefined) return undefined
  if (odd !== 'f' && isTrue(element.attributes.pad)) return { align: 'right', fill: '0' }
  return { align: 'left', fill: odd === 'zero' ? '0' : 'F' }
}

function endOf(fieldClass: FieldClass, element: XmlElement, place: SpecPlace): Partial<FieldDefinition> {
  if (fieldClass.end === 'rest') return { rest: true }
  if (fieldClass.end !== 'token') return {}
  const token = element.attributes.token
  if (token === undefined || token === '') refuseSpec(place, 'ends at a token, and has no attribute token')
  return { terminator: Buffer.from(token, 'latin1').toString('hex').toUpperCase() }
}

export const isTrimmed = ({ attributes }: XmlElement): boolean => isTrue(attributes.trim)

/** Written without padding: as the last sub-field of another field it may be shorter than it is. */
function trimmed({ pad: _pad, ...definition }: FieldDefinition, place: SpecPlace, parent: string): FieldDefinition {
  const match = /^(\S+) (\d+)$/.exec(definition.format)
  if (match === null || parent === '')
    refuseSpec(place, 'has trim="true": only a sub-field of fixed width may be trimmed, the last one of its field')
  return {
    ...definition,
    format: formatOf(match[1] as Kind, Number(match[2]), digitsFor(Number(match[2]))),
    rest: true,
  }
}

export function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'true'
}
