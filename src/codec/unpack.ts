// Unpacking: every field is located first and then read, so an error leaves what was located.

import type { FieldTable } from './field-table.js'
import type { FieldCodec } from './fields/field-codec.js'
import { lastOfTwo } from './head/bitmap.js'
import type { FieldValue, Message } from './message.js'
import { asBuffer } from './source.js'
import { UnpackError } from './unpack-error.js'

/** Reads every located field. Throws UnpackError. */
export function messageOf(table: FieldTable): Message {
  const { list, starts, ends, source, layout } = table
  const fields: Record<number, FieldValue> = {}
  // Setting the highest number first makes room for all of them at once.
  if (list.count > 0) fields[list.numbers[list.count - 1] as number] = ''
  for (let index = 0; index < list.count; index++) {
    const number = list.numbers[index] as number
    fields[number] = (layout.fields[number] as FieldCodec).read(
      source,
      starts[number] as number,
      ends[number] as number,
    )
  }
  leaveOutThird(table, fields)
  return withBitmap(table, fields)
}

/**
 * Reads what can be read: a field that cannot be is kept as its bytes. `misplaced`: what was wrong where fields were located;
 * the last of it may have ended the reading, and is then the one that counts.
 */
export function messageSoFar(
  table: FieldTable,
  misplaced: readonly Error[],
): { readonly message: Message; readonly error?: Error; readonly unread?: readonly Error[] } {
  const { list, starts, ends, source, layout } = table
  const fields: Record<number, FieldValue> = {}
  const errors: Error[] = []
  const wrong = new Set(misplaced.map((each) => (each instanceof UnpackError ? each.path[0] : undefined)))
  for (const number of list.numbers.subarray(0, table.located)) {
    const at = starts[number] as number
    const end = ends[number] as number
    const codec = layout.fields[number] as FieldCodec
    try {
      if (wrong.has(String(number))) fields[number] = codec.asItStands(source, at, end)
      else fields[number] = codec.read(source, at, end)
    } catch (cause) {
      fields[number] = codec.asItStands(source, at, end)
      errors.push(cause as Error)
    }
  }
  leaveOutThird(table, fields)
  const message = table.located === list.count ? withBitmap(table, fields) : { mti: table.mti, fields }
  const ended = table.located < list.count || table.bitmapEnd === 0 ? misplaced.at(-1) : undefined
  const unread = [...misplaced, ...errors].sort((a, b) => offsetOf(a) - offsetOf(b))
  const error = ended ?? unread[0]
  return error === undefined ? { message } : { message, error, unread }
}

/** A third bitmap follows from the fields, unless pack() would write another. */
function leaveOutThird({ layout: { third }, list }: FieldTable, fields: Record<number, FieldValue>): void {
  if (third === undefined || (list.numbers[list.count - 1] ?? 0) <= lastOfTwo) return
  if (fields[third.field] === third.valueFor(list)) delete fields[third.field]
}

const offsetOf = (error: Error) => (error instanceof UnpackError ? error.offset : 0)

const usualBitmap = Buffer.alloc(64)

/** Adds the bitmap's bytes where pack() would write others. */
function withBitmap(table: FieldTable, fields: Message['fields']): Message {
  const { layout, mti, list, bytes, bitmapEnd } = table
  const at = layout.mti.bytes
  const length = layout.bitmap.write(usualBitmap, 0, list)
  if (length === bitmapEnd - at && isSame(bytes, at, length)) return { mti, fields }
  return { mti, bitmap: asBuffer(bytes).toString('hex', at, bitmapEnd).toUpperCase(), fields }
}

function isSame(bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (bytes[at + index] !== usualBitmap[index]) return false
  }
  return true
}
