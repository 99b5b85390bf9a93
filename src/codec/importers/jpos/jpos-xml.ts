// jPOS GenericPackager XML: the elements of a packager file in, a dialect out. Nothing is fetched, nothing is expanded.

import type { DataEncoding, Dialect, FieldDefinition } from '../../dialect.js'
import { type SpelledFields, withDefaults } from '../encoding-defaults.js'
import { completeDialect } from '../iso-defaults.js'
import { refuseSpec, type SpecPlace } from '../spec-error.js'
import { hasBit } from './jpos-bitmap.js'
import { isTrue, type JposField, optionalInteger } from './jpos-field.js'
import { readJposFields } from './jpos-inside.js'
import type { XmlElement } from './spec-xml.js'

/** Throws UsageError naming file, line and field for whatever the file says that cannot be imported. */
export function importJposXml(root: XmlElement, file: string): Dialect {
  const place = { file, line: root.line, column: root.column, path: '' }
  if (root.name !== 'isopackager') {
    refuseSpec(
      place,
      `<${root.name}> is neither a jPOS packager nor a j8583 configuration: expected <isopackager> or <j8583-config> as the outermost element${isFsd(root) ? '; an FSD schema is of messages without message type and bitmap, which are not ISO 8583' : ''}`,
    )
  }
  const notes: string[] = []
  const fields = readJposFields(root, { file, path: '', note: (text) => notes.push(text) })
  const bitmap = bitmapOf(root, fields, place)
  const spelled = { mti: mtiOf(fields, place), bitmap, fields: dataFields(fields, bitmap) }
  const headerBytes = optionalInteger(root, 'headerLength', place) ?? 0
  return completeDialect({
    file,
    format: 'jPOS packager',
    ...withDefaults(spelled),
    envelope: headerBytes === 0 ? {} : { header: '00'.repeat(headerBytes) },
    notes,
  })
}

/** jPOS's schemas of fixed-field messages. */
const isFsd = ({ name, children }: XmlElement) => name === 'schema' && children.some((each) => each.name === 'field')

const x92 = 'ANSI X9.2 packagers, which have none, cannot be imported'

function bitmapOf(root: XmlElement, fields: readonly JposField[], place: SpecPlace): SpelledFields['bitmap'] {
  const id = bitmapField(root, place)
  const field = fields.find((candidate) => candidate.id === id)
  const emits = root.attributes.emitBitmap
  if (emits !== undefined && !isTrue(emits))
    refuseSpec(place, `emitBitmap="${emits}": a message without a bitmap; ${x92}`)
  if (field === undefined) refuseSpec(place, `has no field ${id}, which is the bitmap; ${x92}`)
  if (field.kind !== 'bitmap') {
    refuseSpec(field.place, `class ${field.element.attributes.class?.trim()} is not a bitmap; ${x92}`)
  }
  const third = thirdField(root, fields, place)
  return third === undefined ? field.bitmap : { ...field.bitmap, thirdIn: third.id }
}

function bitmapField(root: XmlElement, place: SpecPlace): number {
  const id = optionalInteger(root, 'bitmapField', place) ?? 1
  if (id !== 1) refuseSpec(place, `bitmapField="${id}": the bitmap of a message is field 1`)
  return id
}

type JposBitmap = Extract<JposField, { kind: 'bitmap' }>

/** The bitmap of fields from 129 on, where it stands among the fields. A negative number is how jPOS says that there is none. */
function thirdField(root: XmlElement, fields: readonly JposField[], place: SpecPlace): JposBitmap | undefined {
  const text = root.attributes.thirdBitmapField?.trim()
  if (text === undefined || text.startsWith('-')) return undefined
  const id = optionalInteger(root, 'thirdBitmapField', place) ?? 0
  const field = fields.find((candidate) => candidate.id === id)
  if (field?.kind === 'bitmap' && field.bitmap.bytes === 8 && id > 1 && id <= 128) return field
  refuseSpec(
    place,
    `thirdBitmapField="${text.slice(0, 20)}": expected a field from 2 to 128 with a bitmap class such as IFB_BITMAP and length="8"`,
  )
}

function thirdDefinition({ bitmap: { encoding }, element }: JposBitmap): FieldDefinition {
  const name = element.attributes.name?.trim() || 'third bitmap'
  return { name, format: 'b 8', data: encoding, mask: 'none' }
}

function mtiOf(fields: readonly JposField[], place: SpecPlace): DataEncoding {
  const field = fields.find(({ id }) => id === 0)
  if (field === undefined) refuseSpec(place, 'has no field 0, the message type')
  if (field.kind !== 'field') refuseSpec(field.place, 'is the message type, and cannot be a bitmap or unused')
  const { format, data, prefix, filled } = field.definition
  const isFour = /^(n|ans) 4$/.test(format) && prefix === undefined && filled === undefined
  if (!isFour) refuseSpec(field.place, 'is the message type: expected four digits of fixed width')
  return data === 'latin1' || data === undefined ? 'ascii' : data
}

/** Without the message type and the bitmaps; an unused field is left out, so that its bit is an error as in jPOS. */
function dataFields(
  fields: readonly JposField[],
  bitmap: SpelledFields['bitmap'],
): Readonly<Record<string, FieldDefinition>> {
  return Object.fromEntries(
    fields.flatMap((field) =>
      field.kind === 'bitmap' && field.id === bitmap.thirdIn
        ? [[field.id, thirdDefinition(field)] as const]
        : field.kind === 'field' && field.id > 1 && hasBit(bitmap, field.id)
          ? [[field.id, field.definition] as const]
          : [],
    ),
  )
}
