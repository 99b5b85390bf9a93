// The contract of what can stand inside a field, and what its families share: order of tags, growing targets.

import type { Fields, FieldValue } from '../message.js'
import { isVerbatim } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'

export interface ContentCodec {
  /** Reads all of [at, end). Throws UnpackError. */
  read(source: Source, at: number, end: number): Fields
  /** Returns the end; bytes beyond the end of `target` are lost. Throws PackError. */
  write(target: Uint8Array, at: number, value: Fields): number
}

/** Keys that have a meaning of their own beside tags. A tag of such a name is kept verbatim with its whole field. */
export const reservedKeys: ReadonlySet<string> = new Set(['hex', 'order', 'length', '__proto__'])

/** A nested value that is to be written. Throws PackError for a string, a list or verbatim bytes. */
export function asFields(value: FieldValue | undefined, path: readonly string[]): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isVerbatim(value)) return value as Fields
  throw new PackError('WRONG_KIND', path, 'an object of nested values')
}

/** Adds `order` where an object's own order of keys is not the order on the wire. */
export function withOrder(fields: Record<string, FieldValue>, wireOrder: readonly string[]): Fields {
  const keys = Object.keys(fields)
  const isSame = keys.length === wireOrder.length && keys.every((key, index) => key === wireOrder[index])
  return isSame ? fields : { ...fields, order: wireOrder }
}

/** Tags in the order in which they are to be written. Throws PackError when `order` does not name each of them once. */
export function orderOf(fields: Fields, path: readonly string[]): readonly string[] {
  const keys = Object.keys(fields).filter((key) => key !== 'order')
  const order = fields.order
  if (order === undefined) return keys
  const isComplete = Array.isArray(order) && order.length === keys.length && new Set(order).size === keys.length
  if (isComplete && order.every((tag) => keys.includes(tag))) return order
  throw new PackError('WRONG_KIND', [...path, 'order'], 'a list that names each tag once')
}

/** First size that is tried, in bytes: most nested fields are shorter. */
const usualBytes = 512

/** Writes into memory that is as large as it turns out to be needed. */
export function writeGrowing(write: (target: Buffer) => number, firstBytes = usualBytes): Buffer {
  let target = Buffer.allocUnsafe(firstBytes)
  for (;;) {
    const end = write(target)
    if (end <= target.length) return target.subarray(0, end)
    target = Buffer.allocUnsafe(end)
  }
}
