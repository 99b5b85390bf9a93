// Unpacking: every field is located first and then read, so an error leaves what was located.

import type { FieldCodec } from './fields/field-codec.js'
import { lastOfTwo } from './head/bitmap.js'
import type { FieldTable } from './located/field-table.js'
import type { FieldValue, Message } from './message.js'
import { asBuffer } from './source.js'
import { UnpackError } from './unpack-error.js'

/** Reads every located field. Throws UnpackError. */
export function messageOf(table: FieldTable): Message {
  const fields = table.read()
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

/** Adds the bitmap's bytes where pack() would write others. */
function withBitmap(table: FieldTable, fields: Message['fields']): Message {
  const { layout, mti, bytes, bitmapEnd } = table
  if (table.hasUsualBitmap()) return { mti, fields }
  return { mti, bitmap: asBuffer(bytes).toString('hex', layout.mti.bytes, bitmapEnd).toUpperCase(), fields }
}
