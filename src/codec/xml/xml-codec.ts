// A codec of messages as XML: the fields of a dialect, each a text, without bitmap, lengths and padding.

import { UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { Answerer, AnswerPlan, Codec, Peek, Template } from '../codec.js'
import type { Dialect, FieldDefinition } from '../dialect.js'
import { parseFormat } from '../fields/format.js'
import { type FieldValue, isVerbatim, type Message } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import { escapeXml, readXmlMessage, type XmlReading } from './xml-message.js'

/** Bytes of a field's element around its value, and what each character of a value can become, such as `&quot;`. */
const elementBytes = 64
const mostBytesOfCharacter = 6

/** Throws UsageError for fields that XML has no place for. */
export function compileXml(dialect: Dialect): Codec {
  const peeked = new XmlPeek()
  const peekedOn = { peek: peeked, error: undefined as Error | undefined }
  const read = (bytes: Uint8Array): XmlReading => known(dialect, readXmlMessage(textOf(bytes)))
  checkFields(dialect)
  return {
    dialect,
    name: 'isochron',
    pack: (message) => Buffer.from(packed(dialect, message), 'utf8'),
    unpack: (bytes) => messageOf(read(bytes)),
    inspect(bytes) {
      let reading: XmlReading = { mti: '', fields: new Map() }
      try {
        reading = readXmlMessage(textOf(bytes))
        return { message: messageOf(known(dialect, reading)) }
      } catch (error) {
        return { message: messageOf(reading), error: error as Error }
      }
    },
    template: (message, slots) => templateOf(dialect, message, slots),
    peek(bytes) {
      peeked.take(textOf(bytes), read(bytes))
      return peeked
    },
    peekOn(bytes) {
      try {
        peeked.take(textOf(bytes), read(bytes))
        peekedOn.error = undefined
      } catch (error) {
        peeked.take('', { mti: '', fields: new Map() })
        peekedOn.error = error as Error
      }
      return peekedOn
    },
    answerer: (plan) => answererOf(dialect, plan),
  }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** XML has elements for numbered fields inside a field, and none for tags. */
export const hasPlaceInXml = ({ kind }: NonNullable<FieldDefinition['inside']>) =>
  kind === 'positional' || kind === 'bitmap'

function checkFields({ name, fields }: Dialect): void {
  for (const [key, { inside }] of Object.entries(fields)) {
    if (inside !== undefined && !hasPlaceInXml(inside))
      throw new UsageError(`dialect ${name}, field ${key}: XML has no place for tags; only for numbered fields inside`)
  }
}

/** The same reading, when it could be written so: the dialect has all its fields, and they can hold these values. */
function known(dialect: Dialect, reading: XmlReading): XmlReading {
  for (const [key, { value, from }] of reading.fields) {
    try {
      elementOf(key, value, dialect.fields[key], [key], '')
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      const isUnknown = error.code === 'UNKNOWN_FIELD'
      const expected = isUnknown ? `a field of dialect ${dialect.name}` : 'a value that the field can hold'
      throw new UnpackError(isUnknown ? 'UNKNOWN_FIELD' : 'BAD_LENGTH', [...error.path], from, expected)
    }
  }
  return reading
}

function messageOf({ mti, fields, header }: XmlReading): Message {
  const values = [...fields].map(([key, { value }]) => [key, value] as const)
  return { mti, ...(header === undefined ? {} : { header }), fields: Object.fromEntries(values) }
}

class XmlPeek implements Peek {
  mti = ''
  #text = ''
  #fields: XmlReading['fields'] = new Map()

  take(text: string, { mti, fields }: XmlReading): void {
    this.mti = mti
    this.#text = text
    this.#fields = fields
  }

  has(field: number): boolean {
    return this.#fields.has(String(field))
  }

  text(field: number): string | undefined {
    const value = this.#fields.get(String(field))?.value
    return typeof value === 'string' ? value : undefined
  }

  raw(field: number): Uint8Array | undefined {
    const found = this.#fields.get(String(field))
    return found && Buffer.from(this.#text.slice(found.from, found.to), 'utf8')
  }
}

const start = (mti: string) => `<isomsg>\n  <field id="0" value="${mti}"/>\n`
const end = '</isomsg>'

function packed(dialect: Dialect, { mti, fields }: Message): string {
  if (!/^\d{4}$/.test(mti)) throw new PackError('BAD_MTI', ['mti'], 'four digits')
  const numbers = Object.keys(fields).sort((a, b) => Number(a) - Number(b))
  const elements = numbers.map((key) => elementOf(key, fields[key] as FieldValue, dialect.fields[key], [key], '  '))
  return `${start(mti)}${elements.join('')}${end}`
}

function elementOf(
  id: string,
  value: FieldValue,
  definition: FieldDefinition | undefined,
  path: readonly string[],
  indent: string,
): string {
  if (definition === undefined) throw new PackError('UNKNOWN_FIELD', [...path], 'a field of the dialect')
  if (typeof value === 'string') {
    fits(value, definition, path)
    if (isCharacterData(value)) return `${indent}<field id="${id}"><![CDATA[${value}]]></field>\n`
    const type = definition.format.startsWith('b') ? ' type="binary"' : ''
    return `${indent}<field id="${id}" value="${escapeXml(value)}"${type}/>\n`
  }
  const { inside } = definition
  if (isVerbatim(value) || Array.isArray(value) || inside === undefined || !('fields' in inside))
    throw new PackError('WRONG_KIND', [...path], 'a text, or fields inside')
  const inner = Object.entries(value)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([key, each]) => elementOf(key, each as FieldValue, inside.fields?.[key], [...path, key], `${indent}  `))
  return `${indent}<isomsg id="${id}">\n${inner.join('')}${indent}</isomsg>\n`
}

/** As jPOS decides it; control characters, and the mark that ends such data, go as an attribute all the same. */
const isCharacterData = (value: string) => /<|^\{/.test(value) && !/\]\]>|\p{Cc}/u.test(value)

/** No longer than the field, and of its kind. */
function fits(value: string, { format, name }: FieldDefinition, path: readonly string[]): void {
  const { kind, length } = parseFormat(format, name)
  const most = kind === 'b' ? 2 * length : kind === 'x+n' ? length + 1 : length
  if (value.length > most) throw new PackError('TOO_LONG', [...path], `at most ${counted(most, 'character')}`)
  const isRight = kind === 'n' ? /^\d*$/.test(value) : kind === 'b' ? /^([0-9A-F]{2})*$/.test(value) : true
  if (!isRight) throw new PackError('WRONG_KIND', [...path], kind === 'n' ? 'digits' : 'upper-case hex digits')
}

const widest = (definition: FieldDefinition | undefined, key: number): number => {
  if (definition === undefined) throw new PackError('UNKNOWN_FIELD', [String(key)], 'a field of the dialect')
  const { length } = parseFormat(definition.format, definition.name)
  return elementBytes + mostBytesOfCharacter * 2 * length
}

function templateOf(dialect: Dialect, message: Message, slots: readonly number[]): Template {
  const fixed = Object.fromEntries(Object.entries(message.fields).filter(([key]) => !slots.includes(Number(key))))
  const bytes = Buffer.byteLength(packed(dialect, { mti: message.mti, fields: fixed }), 'utf8')
  return {
    maxBytes: bytes + slots.reduce((sum, slot) => sum + widest(dialect.fields[slot], slot), 0),
    write(target, at, values) {
      const given = Object.fromEntries(slots.map((slot, index) => [slot, values[index] as string]))
      return put(packed(dialect, { mti: message.mti, fields: { ...fixed, ...given } }), target, at)
    },
  }
}

function answererOf(dialect: Dialect, { mti, echoed, set }: AnswerPlan): Answerer {
  const numbers = [...new Set([...echoed, ...set])].sort((a, b) => a - b)
  const setBytes = set.reduce((sum, field) => sum + widest(dialect.fields[field], field), 0)
  for (const field of echoed) widest(dialect.fields[field], field)
  return {
    maxBytes: (requestBytes) => start(mti).length + end.length + setBytes + 2 * requestBytes,
    write(request, values, target, at) {
      let next = put(start(mti), target, at)
      for (const number of numbers) {
        const index = set.indexOf(number)
        const value = index < 0 ? undefined : values[index]
        if (index >= 0) {
          if (value === undefined) continue
          next = put(elementOf(String(number), value, dialect.fields[number], [String(number)], '  '), target, next)
        } else {
          const raw = request.raw(number)
          if (raw !== undefined) next = put(`  ${Buffer.from(raw).toString('utf8')}\n`, target, next)
        }
      }
      return put(end, target, next)
    },
  }
}

function put(text: string, target: Uint8Array, at: number): number {
  const bytes = Buffer.from(text, 'utf8')
  target.set(bytes, at)
  return at + bytes.length
}
