// One <isofieldpackager> of a jPOS packager: the field outside, and what its packager holds inside.

import { suggestion } from '../../../base/suggest.js'
import type { FieldDefinition, Inside } from '../../dialect.js'
import { formatOf } from '../field-format.js'
import { ownEntry } from '../own-entry.js'
import { refuseSpec } from '../spec-error.js'
import { digitsInside, textInside } from '../text-inside.js'
import { throughEbcdic } from '../through-ebcdic.js'
import { hasBit } from './jpos-bitmap.js'
import { shortName } from './jpos-classes.js'
import { type Container, containers, refusedContainers } from './jpos-containers.js'
import { attribute, isTrimmed, isTrue, type JposField, optionalInteger, readJposField } from './jpos-field.js'
import { readTagged } from './jpos-tagged.js'
import type { XmlElement } from './spec-xml.js'

/** Elements of validating packagers, which say nothing about the wire. */
const ignoredElements = ['isofieldvalidator', 'isovalidator', 'isobasevalidator', 'property', 'param']

/** Takes a note on a part that the dialect cannot express: the note is shown to the user, never silent. */
export type ImportNote = (text: string) => void

/** Reads the fields under an <isopackager> or <isofieldpackager>; of a repeated id the last counts, as in jPOS. */
export function readJposFields(
  parent: XmlElement,
  options: { readonly file: string; readonly path: string; readonly note: ImportNote },
): readonly JposField[] {
  const { file, path, note } = options
  const fields = new Map<number, JposField>()
  for (const element of parent.children) {
    if (ignoredElements.includes(element.name)) continue
    const field = readElement(element)
    fields.set(field.id, field)
  }
  return [...fields.values()].sort((a, b) => a.id - b.id)

  function readElement(element: XmlElement): JposField {
    if (element.name === 'isofield') return readJposField(element, file, path)
    if (element.name === 'isofieldpackager') return withInside(readJposField(element, file, path), note)
    const near = suggestion(element.name, ['isofield', 'isofieldpackager'])
    const place = { file, line: element.line, column: element.column, path }
    refuseSpec(place, `<${element.name}> is not an element of a jPOS packager${near}`)
  }
}

function withInside(outer: JposField, note: ImportNote): JposField {
  const { place, element } = outer
  const name = shortName(attribute(element, 'packager', place))
  const reason = ownEntry(refusedContainers, name)
  if (reason !== undefined) refuseSpec(place, `packager ${name} ${reason}`)
  const container = ownEntry(containers, name)
  if (container === undefined) {
    const near = suggestion(name, Object.keys(containers))
    refuseSpec(place, `packager ${name.slice(0, 60)} is not a packager of jPOS that can be imported${near}`)
  }
  if (outer.kind !== 'field') return outer
  if (container.kind === 'whole') {
    note(`field ${place.path} is kept whole: what ${name} writes inside it is not told apart`)
    return outer
  }
  if (container.kind === 'ber') {
    const data =
      name === 'BERTLVAsciiHexPackager' ? 'hex' : name === 'BERTLVEbcdicHexPackager' ? 'ebcdic-hex' : 'binary'
    return { ...outer, definition: around(outer, { kind: 'ber-tlv' }, data) }
  }
  const children = readJposFields(element, { file: place.file, path: place.path, note })
  const inside =
    container.kind === 'datasets'
      ? { kind: 'datasets' as const, fields: definitions(children) }
      : insideOf(container, outer, children)
  if (inside === undefined) note(`field ${place.path} is kept whole: the tags of ${name} do not follow from the file`)
  return { ...outer, definition: inside === undefined ? outer.definition : around(outer, inside) }
}

function insideOf(container: Container, outer: JposField, children: readonly JposField[]): Inside | undefined {
  const { element, place } = outer
  const fields = children.filter((child) => child.kind === 'field')
  const isTagged = fields.some((child) => child.kind === 'field' && child.fieldClass.tag !== undefined)
  if (container.kind === 'tagged' || isTagged) return readTagged(outer, fields)
  const header = optionalInteger(element, 'headerLength', place) ?? 0
  const ahead = header === 0 ? {} : { header }
  const bitmapField = optionalInteger(element, 'bitmapField', place) ?? container.bitmapField ?? 1
  const emits = element.attributes.emitBitmap === undefined || isTrue(element.attributes.emitBitmap)
  const bitmap = children.find((child) => child.id === bitmapField)
  const firstField = optionalInteger(element, 'firstField', place)
  if (emits && bitmap?.kind === 'bitmap') {
    const first = Math.max(1, firstField ?? (bitmapField === 1 ? 2 : 1))
    const announced = fields.filter(({ id }) => id >= first && hasBit(bitmap.bitmap, id))
    return { kind: 'bitmap', ...ahead, bitmap: bitmap.bitmap, fields: definitions(announced) }
  }
  const first = firstField ?? container.firstField ?? 1
  const early = fields.slice(0, -1).find(({ element: each }) => isTrimmed(each))
  if (early !== undefined) refuseSpec(early.place, 'has trim="true": only the last sub-field may be shorter than it is')
  return { kind: 'positional', fills: true, ...ahead, fields: definitions(fields.filter(({ id }) => id >= first)) }
}

function definitions(fields: readonly JposField[]): Record<string, FieldDefinition> {
  return Object.fromEntries(fields.flatMap((field) => (field.kind === 'field' ? [[field.id, field.definition]] : [])))
}

/**
 * The outside of a field with others inside: jPOS hands the packed inside to the outer class as bytes, so that a class
 * of text writes them as they are, and one of EBCDIC text translates each.
 */
function around(
  outer: Extract<JposField, { kind: 'field' }>,
  inside: Inside,
  tlvData: 'binary' | 'hex' | 'ebcdic-hex' = 'binary',
): FieldDefinition {
  const { definition, place, fieldClass } = outer
  const { data, pad: _pad, odd: _odd, format, ...rest } = definition
  if (fieldClass.length !== undefined) {
    refuseSpec(place, `class ${shortName(outer.element.attributes.class ?? '')} cannot hold sub-fields`)
  }
  // The inside as ASCII digits, of which two go into each byte.
  if (data === 'bcd') return { ...definition, inside }
  const { kind, length, digits } = partsOf(format)
  const isEbcdic = data === 'ebcdic1047' && inside.kind !== 'ber-tlv'
  const spelled = isEbcdic ? throughEbcdic(inside, place) : inside
  const text = kind === 'b' ? undefined : textInside(spelled)
  if (text !== undefined) {
    const pad = digits > 0 ? {} : { pad: { side: 'right' as const, with: ' ' } }
    return { ...rest, format: formatOf('ans', length, digits), data: text, ...pad, inside: spelled }
  }
  const packed = kind === 'b' && digits === 0 && tlvData === 'binary' ? digitsInside(spelled) : undefined
  if (packed !== undefined && digitCount(packed) === 2 * length)
    return { ...rest, format: `n ${2 * length}`, data: 'bcd', inside: packed }
  const own = kind !== 'b' || data === 'binary' ? tlvData : data === 'hex' || data === 'ebcdic-hex' ? data : 'binary'
  const counts =
    tlvData !== 'binary' && definition.prefix !== undefined
      ? { prefix: { ...definition.prefix, counts: 'bytes' as const } }
      : {}
  const units = tlvData === 'binary' ? length : length >> 1
  return {
    ...rest,
    format: formatOf('b', units, digits),
    data: own,
    ...counts,
    ...(digits === 0 && kind !== 'b'
      ? { pad: { side: 'right' as const, with: data === 'ebcdic1047' ? '40' : '20' } }
      : {}),
    inside: spelled,
  }
}

/** Digits of sub-fields that are digits alone. */
const digitCount = (inside: Inside): number =>
  Object.values('fields' in inside ? (inside.fields ?? {}) : {}).reduce(
    (sum, { format }) => sum + partsOf(format).length,
    0,
  )

function partsOf(format: string): { readonly kind: string; readonly length: number; readonly digits: number } {
  const match = /^([a-z+]+)( |\.+)(\d+)$/.exec(format)
  const separator = match?.[2] ?? ' '
  return { kind: match?.[1] ?? 'b', length: Number(match?.[3] ?? 0), digits: separator === ' ' ? 0 : separator.length }
}
