// Packing a message: which fields it has, their bitmap, and then each field in turn.

import { isHex } from './encodings/hex.js'
import type { FieldCodec } from './fields/field-codec.js'
import { createFieldList, type FieldList } from './head/bitmap.js'
import type { ThirdBitmap } from './head/third-bitmap.js'
import type { Layout } from './layout.js'
import type { FieldValue, Message } from './message.js'
import { PackError } from './pack-error.js'

/** First size of the memory that messages are packed in; it grows to the longest message. */
const usualMessageBytes = 2048

/** Makes pack(). What it returns is the caller's own. */
export function compilePack(layout: Layout): (message: Message) => Buffer {
  const list = createFieldList()
  let scratch = Buffer.allocUnsafeSlow(usualMessageBytes)
  return (message) => {
    let end = writeMessage(layout, message, list, scratch)
    if (end > scratch.length) {
      scratch = Buffer.allocUnsafeSlow(end * 2)
      end = writeMessage(layout, message, list, scratch)
    }
    const packed = Buffer.allocUnsafe(end)
    scratch.copy(packed, 0, 0, end)
    return packed
  }
}

function writeMessage(layout: Layout, message: Message, list: FieldList, target: Uint8Array): number {
  const { fields } = message
  listFields(layout, fields, list)
  const bitmapAt = layout.mti.write(target, 0, message.mti)
  let at =
    message.bitmap === undefined
      ? layout.bitmap.write(target, bitmapAt, list)
      : writeGivenBitmap(layout, message.bitmap, list, target, bitmapAt)
  for (let index = 0; index < list.count; index++) {
    const number = list.numbers[index] as number
    const value = fields[number] ?? layout.third?.valueFor(list)
    at = (layout.fields[number] as FieldCodec).write(target, at, value as FieldValue)
  }
  return at
}

/** Keys that are numbers come first and ascending in every object; any other key is no field. */
function listFields(layout: Layout, fields: Message['fields'], list: FieldList): void {
  const keys = Object.keys(fields)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    const number = Number(key)
    const length = number < 10 ? 1 : number < 100 ? 2 : 3
    if (key.length !== length || layout.fields[number] === undefined) knownField(layout, key)
    list.numbers[index] = number
  }
  list.count = keys.length
  if (layout.third !== undefined) announceThird(layout.third, fields, list)
}

/** A message names its third bitmap only where it is not in its usual form. */
function announceThird(third: ThirdBitmap, fields: Message['fields'], list: FieldList): void {
  const given = fields[third.field]
  third.announce(list)
  if (typeof given === 'string' && given !== third.valueFor(list))
    throw new PackError('BAD_BITMAP', [String(third.field)], 'a bitmap that names exactly the fields above 128')
}

/** The field's number. Throws PackError where the dialect has no such field. */
export function knownField(layout: Layout, key: string): number {
  const number = Number(key)
  if (layout.fields[number] !== undefined && String(number) === key) return number
  throw new PackError('UNKNOWN_FIELD', [key], `a field of dialect ${layout.dialect.name}`)
}

/** A bitmap that is not in its usual form packs back as it was, if it still says the same. */
function writeGivenBitmap(layout: Layout, hex: string, list: FieldList, target: Uint8Array, at: number): number {
  const given = Buffer.from(hex, 'hex')
  const said = createFieldList()
  const isGood = isHex(hex) && saysFields(layout, given, said) && said.count === list.count
  if (!isGood || !said.numbers.subarray(0, said.count).every((number, index) => number === list.numbers[index])) {
    throw new PackError(
      'BAD_BITMAP',
      ['bitmap'],
      'upper-case hex of a bitmap that names exactly the fields of the message',
    )
  }
  for (let index = 0; index < given.length; index++) target[at + index] = given[index] as number
  return at + given.length
}

function saysFields(layout: Layout, given: Buffer, said: FieldList): boolean {
  try {
    return layout.bitmap.read(given, 0, given.length, said) === given.length
  } catch {
    return false
  }
}
