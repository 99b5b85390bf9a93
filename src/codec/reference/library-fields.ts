// Between our nested fields and the flat ones of the iso_8583 library: { '127': { '2': … } } is '127.2' there.

import type { LibraryFields } from 'iso_8583'
import { counted } from '../../base/text/counted.js'
import type { FieldDefinition } from '../dialect.js'
import { field127 } from '../dialects/iso-8583-field127.js'
import { type Fields, type FieldValue, isVerbatim, type Message } from '../message.js'
import { PackError } from '../pack-error.js'
import { libraryShape } from './library-formats.js'

/** Throws PackError for a value that is neither text nor nested as the library has it. */
export function toLibrary(message: Message): LibraryFields {
  const flat: LibraryFields = { 0: message.mti }
  for (const [number, value] of Object.entries(message.fields)) {
    if (number === '127') add127(flat, value)
    else flat[number] = text(value, [number])
  }
  return flat
}

/** The value of field 127 from the library's flat fields. */
export function from127(flat: LibraryFields): Fields {
  const inner: Record<string, FieldValue> = {}
  const chip: Record<string, string> = {}
  for (const [path, value] of Object.entries(flat)) {
    if (path.startsWith('127.25.')) chip[path.slice(7)] = value
    else if (path.startsWith('127.')) inner[path.slice(4)] = path === '127.29' ? value.toUpperCase() : value
  }
  return Object.keys(chip).length === 0 ? inner : { ...inner, 25: chip }
}

function text(value: FieldValue, path: readonly string[]): string {
  if (typeof value === 'string') return value
  if (isVerbatim(value))
    throw new PackError('BAD_VERBATIM', path, 'text: the iso_8583 library sends no bytes as they stand')
  throw new PackError('WRONG_KIND', path, 'text: the iso_8583 library has nothing nested here')
}

function add127(flat: LibraryFields, value: FieldValue): void {
  for (const [number, inner] of Object.entries(nested(value, ['127']))) {
    const path = ['127', number]
    if (fieldsOf(field127)[number] === undefined) throw unknown(path)
    flat[`127.${number}`] = number === '25' ? chipText(inner) : text(inner, path)
  }
}

/** The library takes 127.25 only as one text: sixteen hex digits of bitmap, and then the fields. */
function chipText(value: FieldValue): string {
  const known = fieldsOf(fieldsOf(field127)[25])
  const bitmap = Buffer.alloc(8)
  let body = ''
  const chip = nested(value, ['127', '25'])
  for (const number of Object.keys(chip).sort((a, b) => Number(a) - Number(b))) {
    const path = ['127', '25', number]
    const field = known[number]
    if (field === undefined) throw unknown(path)
    const bit = Number(number) - 1
    bitmap[bit >> 3] = (bitmap[bit >> 3] as number) | (0x80 >> (bit & 7))
    body += chipField(field, text(chip[number] as FieldValue, path), path)
  }
  return bitmap.toString('hex').toUpperCase() + body
}

function chipField(field: FieldDefinition, value: string, path: readonly string[]): string {
  const { dots, length } = libraryShape(field, path.join('.'))
  if (dots === 0 && value.length !== length) throw new PackError('WRONG_LENGTH', path, counted(length, 'character'))
  if (value.length > length) throw new PackError('TOO_LONG', path, `at most ${counted(length, 'character')}`)
  return dots === 0 ? value : String(value.length).padStart(dots, '0') + value
}

function nested(value: FieldValue, path: readonly string[]): Fields {
  if (typeof value === 'object' && !Array.isArray(value) && !isVerbatim(value)) return value as Fields
  throw new PackError('WRONG_KIND', path, 'fields by number')
}

function fieldsOf(field: FieldDefinition | undefined): Readonly<Record<string, FieldDefinition>> {
  return field?.inside?.kind === 'bitmap' ? field.inside.fields : {}
}

const unknown = (path: readonly string[]) =>
  new PackError('UNKNOWN_FIELD', path, 'a field that the iso_8583 library knows')
