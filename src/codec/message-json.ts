// A message as JSON, read: `{ mti, fields }` and the envelope, each value in one of the forms that pack() takes.

import { UsageError } from '../base/errors.js'
import { maskText } from '../base/mask.js'
import { suggestion } from '../base/suggest.js'
import { printable } from '../base/text/shown-text.js'
import { writtenOrderOf } from '../base/written-order.js'
import { isHex } from './encodings/hex.js'
import type { Fields, FieldValue, Message } from './message.js'

const keys = ['mti', 'fields', 'tpdu', 'header', 'bitmap'] as const

/** Nesting that a message may have: subfields, theirs, and templates within templates of TLV. */
const deepest = 16

/** Checks the form only; pack() checks values. Throws UsageError that begins with `where` and names the path, never the value. */
export function readMessage(json: unknown, where?: string): Message {
  const place = where === undefined ? {} : { where }
  const fail = (problem: string): never => {
    throw new UsageError(problem, place)
  }
  if (!isObject(json)) return fail('expected a message such as {"mti":"0200","fields":{"3":"000000"}}')
  const unknown = Object.keys(json).find((key) => !(keys as readonly string[]).includes(key))
  if (unknown !== undefined)
    fail(`unknown key '${printable(maskText(unknown))}'${suggestion(unknown, keys)}; known are ${keys.join(', ')}`)
  const { mti, fields, tpdu, header, bitmap } = json
  if (typeof mti !== 'string' || !/^\d{4}$/.test(mti)) return fail('mti: expected four digits in quotes such as "0200"')
  if (!isObject(fields)) return fail('fields: expected an object of field numbers such as {"3":"000000"}')
  return {
    ...hexPart('tpdu', tpdu, fail),
    ...hexPart('header', header, fail),
    mti,
    ...hexPart('bitmap', bitmap, fail),
    fields: readFields(fields, 'fields', 1, fail),
  }
}

type Fail = (problem: string) => never

function hexPart(name: 'tpdu' | 'header' | 'bitmap', value: unknown, fail: Fail): { [key in typeof name]?: string } {
  if (value === undefined) return {}
  if (typeof value !== 'string' || !isHex(value)) return fail(`${name}: expected upper-case hex digits in pairs`)
  return { [name]: value }
}

function readFields(fields: Record<string, unknown>, path: string, depth: number, fail: Fail): Fields {
  if (depth > deepest) return fail(`${path}: nested deeper than ${deepest} levels`)
  if (Object.hasOwn(fields, '__proto__')) return fail(`${path}: the key __proto__ is refused`)
  // Subfields leave in the order in which they were written; the fields of a message have an order of their own.
  const order = depth === 1 || 'order' in fields ? undefined : writtenOrderOf(fields)
  return {
    ...Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        readValue(value, `${path}.${printable(maskText(key))}`, depth, fail),
      ]),
    ),
    ...(order === undefined ? {} : { order }),
  }
}

function readValue(value: unknown, path: string, depth: number, fail: Fail): FieldValue {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return fail(`${path}: expected text in quotes: numbers lose their leading zeros`)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  if (!isObject(value)) return fail(`${path}: expected text, {"hex":"…"} or an object of subfields`)
  if (!('hex' in value)) return readFields(value, path, depth + 1, fail)
  const { hex, length, ...others } = value
  const isDigits = typeof hex === 'string' && isHex(hex)
  const isLength = length === undefined || (Number.isInteger(length) && (length as number) >= 0)
  if (!isDigits || !isLength || Object.keys(others).length > 0) {
    return fail(`${path}: expected {"hex":"upper-case hex digits in pairs"}, with "length" where the digits are odd`)
  }
  return length === undefined ? { hex } : { hex, length: length as number }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
