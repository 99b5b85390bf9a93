// moov-io/iso8583 spec files, JSON and YAML: the text of a file in, a dialect out.

import { z } from 'zod'
import type { BitmapDefinition, DataEncoding, Dialect, FieldDefinition } from '../../dialect.js'
import { withDefaults } from '../encoding-defaults.js'
import { completeDialect } from '../iso-defaults.js'
import { checked, type SpecDocument } from '../isochron/spec-yaml.js'
import { refuseSpec } from '../spec-error.js'
import { type MoovField, moovField } from './moov-field.js'
import { moovEncoding, moovType } from './moov-names.js'

const padding = z.strictObject({ type: z.string(), pad: z.union([z.string(), z.number()]).optional() })

const moovFieldSchema: z.ZodType<MoovField> = z.strictObject({
  type: z.string(),
  length: z.number().int().min(0).max(999_999).optional(),
  description: z.string().optional(),
  enc: z.string().optional(),
  prefix: z.string().optional(),
  prefix_length: z.number().int().min(0).max(6).optional(),
  padding: padding.optional(),
  tag: z
    .strictObject({
      length: z.number().int().min(0).max(8).optional(),
      enc: z.string().optional(),
      padding: padding.optional(),
      sort: z.string().optional(),
      skipUnknownTLVTags: z.boolean().optional(),
      storeUnknownTLVTags: z.boolean().optional(),
      prefUnknownTLV: z.string().optional(),
    })
    .optional(),
  get subfields() {
    return z.record(z.string(), moovFieldSchema).optional()
  },
  get bitmap() {
    return moovFieldSchema.optional()
  },
  disableAutoExpand: z.boolean().optional(),
  // As YAML files of older versions spell it.
  disableautoexpand: z.boolean().optional(),
})

export const moovSpecSchema = z.strictObject({
  name: z.string().optional(),
  fields: z.record(z.string(), moovFieldSchema),
})

/** Throws UsageError naming file, line and field. */
export function importMoov(document: SpecDocument, file: string): Dialect {
  const spec = checked(document, moovSpecSchema)
  const fields = new Map<number, FieldDefinition>()
  let mti: DataEncoding = 'ascii'
  let bitmap: BitmapDefinition | undefined
  const inHex = isInHex(spec.fields)
  for (const [key, field] of Object.entries(spec.fields)) {
    const path = ['fields', key]
    const number = numberOf(key, document)
    const read = moovField(field, { document, path, number, inHex })
    if (number === 0) mti = mtiOf(read, document, path)
    else if (number === 1) bitmap = bitmapOf(read, document, path)
    else if (read.kind === 'bitmap') refuseSpec(document.at(path), 'is a bitmap; the bitmap of a message is field 1')
    else fields.set(number, read.definition)
  }
  if (bitmap === undefined) refuseSpec(document.at(['fields']), 'has no field 1, the bitmap')
  // A bit that announces another part is no field, and moov skips it.
  const highest = Math.max(...fields.keys())
  const partBits = 8 * bitmap.bytes
  if (bitmap.extends === 'byNeed') for (let bit = partBits + 1; bit < highest; bit += partBits) fields.delete(bit)
  const parts = bitmap.bytes === 8 && highest > 128 ? { ...bitmap, parts: 3 as const } : bitmap
  const sorted = Object.fromEntries([...fields].sort((a, b) => a[0] - b[0]))
  return completeDialect({
    file,
    format: 'moov-io/iso8583 spec',
    ...(spec.name === undefined ? {} : { title: spec.name }),
    ...withDefaults({ mti, bitmap: parts, fields: sorted }),
    envelope: {},
    notes: [],
  })
}

/** Where the message type is hexadecimal text of its characters, so is all other text. */
function isInHex(fields: Readonly<Record<string, MoovField>>): boolean {
  const mti = fields['0'] ?? fields.Field000
  return mti !== undefined && moovType(mti.type) === 'String' && moovEncoding(mti.enc ?? '')?.text === 'hex'
}

/** `2` today, `Field002` in older files. */
function numberOf(key: string, document: SpecDocument): number {
  const digits = /^(?:Field)?(\d{1,3})$/i.exec(key)?.[1]
  const number = Number(digits)
  if (digits === undefined || number > 192) {
    refuseSpec(document.at(['fields', key]), `'${key.slice(0, 20)}' is not a field number from 0 to 192`)
  }
  return number
}

type Read = ReturnType<typeof moovField>

function mtiOf(read: Read, document: SpecDocument, path: readonly string[]): DataEncoding {
  if (read.kind === 'field' && read.definition.inside !== undefined) {
    refuseSpec(document.at(path), `is the message type, and holds sub-fields: ${headerAdvice}`)
  }
  if (read.kind !== 'field') refuseSpec(document.at(path), 'is the message type, and cannot be a bitmap')
  const { format, data = 'ascii' } = read.definition
  // Two bytes, packed or as hexadecimal text, are four digits.
  if (format === 'b 2') return data === 'hex' ? 'ascii' : 'bcd'
  if (!/^(n|ans|b) 4$/.test(format))
    refuseSpec(document.at(path), `is the message type: expected four digits of fixed width; ${headerAdvice}`)
  return data === 'binary' || data === 'latin1' ? 'ascii' : data
}

const headerAdvice =
  'what stands before the message type is no field here; declare it in a file of ours beside this one, under `envelope: { header: … }`, and leave field 0 the four digits'

function bitmapOf(read: Read, document: SpecDocument, path: readonly string[]): BitmapDefinition {
  if (read.kind !== 'bitmap') refuseSpec(document.at(path), 'is the bitmap, and its type is not Bitmap')
  return read.bitmap
}

/** True for what looks like such a spec: a map of fields with moov's keys. */
export function looksLikeMoov(value: unknown): boolean {
  const fields = (value as { fields?: unknown } | null)?.fields
  if (typeof fields !== 'object' || fields === null) return false
  return Object.values(fields).some((field: unknown) => {
    const { type, enc, prefix } = (typeof field === 'object' && field !== null ? field : {}) as Record<string, unknown>
    return (
      typeof type === 'string' &&
      (typeof enc === 'string' || (typeof prefix === 'string' && moovEncoding(prefix) === undefined))
    )
  })
}
