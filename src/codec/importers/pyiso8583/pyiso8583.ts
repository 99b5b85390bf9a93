// Specs of pyiso8583, as JSON or as the dictionary in a Python file: the text of a file in, a dialect out.

import { z } from 'zod'
import type {
  BitmapDefinition,
  DataEncoding,
  Dialect,
  FieldDefinition,
  Kind,
  LengthPrefix,
  OddDigit,
  PrefixEncoding,
} from '../../dialect.js'
import { withDefaults } from '../encoding-defaults.js'
import { digitsFor, formatOf } from '../field-format.js'
import { completeDialect } from '../iso-defaults.js'
import { checked, type SpecDocument } from '../isochron/spec-yaml.js'
import { ownEntry } from '../own-entry.js'
import { refuseSpec } from '../spec-error.js'
import { usualKind } from '../usual-kind.js'

const fieldSchema = z.strictObject({
  data_enc: z.string(),
  len_enc: z.string(),
  len_type: z.int().min(0).max(6),
  max_len: z.int().min(0).max(999_999),
  desc: z.string().optional(),
  len_count: z.enum(['bytes', 'nibbles']).optional(),
  left_pad: z.string().optional(),
  right_pad: z.string().optional(),
})
const specSchema = z.record(
  z.string().regex(/^([htp]|[1-9]\d{0,2})$/, 'expected h, t, p or a field number from 1 to 192'),
  fieldSchema,
)

type PyField = z.output<typeof fieldSchema>
type Refuse = (problem: string, ...path: string[]) => never

/** Throws UsageError naming file, line and field. */
export function importPyiso8583(document: SpecDocument, file: string): Dialect {
  const spec = checked(document, specSchema)
  const refuse =
    (key: string): Refuse =>
    (problem, ...path) => {
      const place = document.at([key, ...path])
      refuseSpec({ ...place, path: key }, problem)
    }
  const type = spec.t ?? refuse('t')('is missing: the message type')
  const bitmap = spec.p ?? refuse('p')('is missing: the primary bitmap')
  const fields = Object.entries(spec).flatMap(([key, field]): [string, FieldDefinition][] => {
    const number = Number(key)
    // Bits that announce another part are no fields.
    if (!(number > 1) || number === 65) return []
    if (number > 192) refuse(key)('is not a field number from 1 to 192')
    return [[key, fieldOf(number, field, refuse(key))]]
  })
  const highest = Math.max(...fields.map(([key]) => Number(key)))
  return completeDialect({
    file,
    format: 'pyiso8583 spec',
    ...withDefaults({
      mti: mtiOf(type, refuse('t')),
      bitmap: bitmapOf({ primary: bitmap, secondary: spec['1'], highest }, refuse('p')),
      fields: Object.fromEntries(fields),
    }),
    envelope: headerOf(spec.h, refuse('h')),
    notes: [],
  })
}

/** True for what looks like such a spec. */
export function looksLikePyiso8583(value: unknown): boolean {
  const type = (value as { t?: unknown; p?: unknown } | null)?.t
  return typeof type === 'object' && type !== null && Object.hasOwn(type, 'data_enc')
}

function mtiOf({ data_enc }: PyField, refuse: Refuse): DataEncoding {
  return data_enc === 'b' ? 'bcd' : textEncoding(data_enc, refuse, 'data_enc')
}

function bitmapOf(
  { primary, secondary, highest }: { primary: PyField; secondary: PyField | undefined; highest: number },
  refuse: Refuse,
): BitmapDefinition {
  if (secondary !== undefined && secondary.data_enc !== primary.data_enc)
    refuse('is in another encoding than field 1, the secondary bitmap')
  const encoding = primary.data_enc === 'b' ? 'binary' : textEncoding(primary.data_enc, refuse, 'data_enc')
  const form = encoding === 'binary' ? 'binary' : encoding.startsWith('ebcdic') ? 'ebcdic-hex' : 'hex'
  return { encoding: form, bytes: 8, extends: 'byNeed', ...(highest > 128 ? { parts: 3 as const } : {}) }
}

/** Its bytes are not in the spec: zeros, in the encoding that it has. */
function headerOf(header: PyField | undefined, refuse: Refuse): Dialect['envelope'] {
  if (header === undefined || header.max_len === 0) return {}
  if (header.len_type > 0) refuse('has a length in front: a header of fixed width can be imported', 'len_type')
  const bytes = header.len_count === 'nibbles' ? (header.max_len + 1) >> 1 : header.max_len
  const zero =
    header.data_enc === 'b' ? '00' : textEncoding(header.data_enc, refuse, 'data_enc').startsWith('e') ? 'F0' : '30'
  return { header: zero.repeat(bytes) }
}

function fieldOf(number: number, field: PyField, refuse: Refuse): FieldDefinition {
  const name = field.desc?.replace(/\s+/g, ' ').trim() || `field ${number}`
  const value = valueFor(number, field, refuse)
  const prefix = prefixOf(field, value.counts, refuse)
  return {
    name,
    format: formatOf(value.kind, value.length, prefix === undefined ? 0 : dotsOf(field, value.length)),
    data: value.data,
    ...(value.odd === undefined ? {} : { odd: value.odd }),
    // Nothing is filled up: a value of fixed width has just that width.
    ...(prefix === undefined ? { pad: { side: 'none', with: '' } } : { prefix }),
  }
}

interface Value {
  readonly kind: Kind
  /** Units of the value. */
  readonly length: number
  readonly data: DataEncoding
  readonly counts: LengthPrefix['counts']
  readonly odd?: OddDigit
}

function valueFor(number: number, field: PyField, refuse: Refuse): Value {
  const usual = usualKind(number)
  if (field.data_enc !== 'b') {
    const data = textEncoding(field.data_enc, refuse, 'data_enc')
    // A sign and digits are digits with one character more.
    const isSigned = usual === 'x+n' && field.len_type === 0 && field.max_len > 1
    const kind = isSigned ? 'x+n' : usual === 'n' || usual === 'z' ? usual : 'ans'
    return { kind, length: isSigned ? field.max_len - 1 : field.max_len, data, counts: 'units' }
  }
  const isDigits = usual === 'n' || usual === 'z'
  if (field.len_count === 'nibbles') {
    return {
      kind: isDigits ? usual : 'an',
      length: field.max_len,
      data: 'bcd',
      counts: 'units',
      odd: oddOf(field, refuse),
    }
  }
  if (isDigits) return { kind: usual, length: 2 * field.max_len, data: 'bcd', counts: 'bytes' }
  return { kind: 'b', length: field.max_len, data: 'binary', counts: 'units' }
}

function oddOf({ left_pad, right_pad }: PyField, refuse: Refuse): OddDigit {
  const [side, fill] = left_pad ? (['left_pad', left_pad] as const) : (['right_pad', right_pad || '0'] as const)
  const digit = fill.slice(0, 1).toUpperCase()
  if (digit !== '0' && digit !== 'F') refuse(`fills with '${digit}': 0 and F can be imported`, side)
  return { align: side === 'left_pad' ? 'right' : 'left', fill: digit }
}

/** Digits of the length, as dots say them. */
function dotsOf({ len_enc, len_type }: PyField, length: number): number {
  if (len_enc === 'b') return digitsFor(length)
  return len_enc === 'bcd' ? 2 * len_type : len_type
}

function prefixOf(
  { len_enc, len_type }: PyField,
  counts: LengthPrefix['counts'],
  refuse: Refuse,
): LengthPrefix | undefined {
  if (len_type === 0) return undefined
  const more = { counts, inclusive: false }
  if (len_enc === 'b') return { encoding: 'binary', size: len_type, ...more }
  if (len_enc === 'bcd') return { encoding: 'bcd', size: 2 * len_type, ...more }
  const text = textEncoding(len_enc, refuse, 'len_enc')
  return { encoding: text === 'latin1' ? 'ascii' : (text as PrefixEncoding), size: len_type, ...more }
}

const textEncodings: Readonly<Record<string, 'ascii' | 'latin1' | 'ebcdic037' | 'ebcdic500'>> = {
  ascii: 'ascii',
  us_ascii: 'ascii',
  utf_8: 'ascii',
  utf8: 'ascii',
  latin_1: 'latin1',
  latin1: 'latin1',
  iso_8859_1: 'latin1',
  cp037: 'ebcdic037',
  ibm037: 'ebcdic037',
  cp500: 'ebcdic500',
  ibm500: 'ebcdic500',
}

function textEncoding(name: string, refuse: Refuse, key: string) {
  const found = ownEntry(textEncodings, name.toLowerCase().replaceAll('-', '_'))
  if (found !== undefined) return found
  refuse(`${key} '${name.slice(0, 40)}' cannot be imported: b, ascii, latin-1, cp037 and cp500 can`, key)
}
