// Custom formats of the npm library iso_8583, as JSON or as the object in a JavaScript file: its own table with these fields in
// place of those.

import { z } from 'zod'
import type { Dialect, FieldDefinition, Kind } from '../../dialect.js'
import { iso8583 } from '../../dialects/iso-8583.js'
import { wholeField } from '../../dialects/whole-field.js'
import { formatOf } from '../field-format.js'
import { dialectNameOfFile } from '../iso-defaults.js'
import { checked, type SpecDocument } from '../isochron/spec-yaml.js'
import { refuseSpec } from '../spec-error.js'

const lengthTypes = ['fixed', 'lvar', 'llvar', 'lllvar', 'llllvar', 'lllllvar', 'llllllvar'] as const
const kinds: readonly Kind[] = ['a', 'n', 's', 'an', 'as', 'ns', 'ans', 'anp', 'b', 'z', 'x+n']

const formatSchema = z.looseObject({
  ContentType: z.string(),
  Label: z.string().optional(),
  LenType: z.enum(lengthTypes),
  MaxLen: z.int().min(1).max(999_999),
})
const formatsSchema = z.record(z.string().regex(/^\d{1,3}(\.\d{1,2})*$/, 'expected a field number'), formatSchema)

/** Throws UsageError naming file, line and field. */
export function importIso8583Formats(document: SpecDocument, file: string): Dialect {
  const formats = checked(document, formatsSchema)
  const fields: Record<string, FieldDefinition> = { ...iso8583.fields }
  let { bitmap } = iso8583.encodings
  for (const [key, format] of Object.entries(formats)) {
    const place = { ...document.at([key]), path: key }
    if (key.includes('.'))
      refuseSpec(
        place,
        'is a sub-field: the library packs those of 127 by a table of its own, whatever the formats say',
      )
    const number = Number(key)
    // The message type is four digits whatever the formats say; a bitmap of text is one of hex digits.
    if (number === 0) continue
    if (number === 1) {
      bitmap = { ...bitmap, encoding: format.ContentType === 'b' ? 'binary' : 'hex' }
      continue
    }
    if (number > 128 || number === 65) refuseSpec(place, 'is none that the library can send')
    fields[key] = { ...fieldOf(format, place), ...maskOf(iso8583.fields[key]) }
  }
  return {
    ...iso8583,
    name: dialectNameOfFile(file),
    about: `${file.replace(/^.*[\\/]/, '')} (formats of the npm library iso_8583)`,
    encodings: { ...iso8583.encodings, bitmap },
    fields,
  }
}

const maskOf = (field: FieldDefinition | undefined) => (field?.mask === undefined ? {} : { mask: field.mask })

/** True for what looks like such formats. */
export function looksLikeIso8583Formats(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(
    (each) => typeof each === 'object' && each !== null && Object.hasOwn(each, 'LenType'),
  )
}

function fieldOf(
  { ContentType, Label, LenType, MaxLen }: z.output<typeof formatSchema>,
  place: Parameters<typeof refuseSpec>[0],
): FieldDefinition {
  const kind = kinds.find((each) => each === ContentType.replace(/\s/g, ''))
  if (kind === undefined)
    refuseSpec(place, `ContentType '${ContentType.slice(0, 20)}' is not one of ${kinds.join(', ')}`)
  const dots = lengthTypes.indexOf(LenType)
  if (kind === 'b' && dots > 0) refuseSpec(place, 'is binary of variable length, which the library cannot send')
  // Binary is counted in hex digits, and a signed amount with its sign.
  const length = kind === 'b' ? MaxLen >> 1 : kind === 'x+n' ? MaxLen - 1 : MaxLen
  return wholeField(Label?.trim() || `field ${place.path}`, formatOf(kind, length, dots))
}
