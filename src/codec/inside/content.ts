// The contract of what can stand inside a field, and what its families share: order of tags, growing targets.

import type { TagSort } from '../dialect.js'
import { isHex } from '../encodings/hex.js'
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
export function withOrder(fields: Record<string, FieldValue>, wireOrder: readonly string[], sort?: TagSort): Fields {
  const usual = usualOrder(fields, Object.keys(fields), sort)
  const isSame = usual.length === wireOrder.length && usual.every((key, index) => key === wireOrder[index])
  return isSame ? fields : { ...fields, order: wireOrder }
}

/**
 * Tags in the order in which they are to be written, each as often as it has values. Throws PackError when `order` does
 * not name each of them so often. `tagIn` is the tag that an entry begins with, for entries that say more than a tag;
 * an entry without one stands for itself.
 */
export function orderOf(
  fields: Fields,
  path: readonly string[],
  sort?: TagSort,
  tagIn: (entry: string) => string | undefined = (entry) => entry,
): readonly string[] {
  const { order, ...others } = fields as Record<string, FieldValue>
  const usual = usualOrder(others, Object.keys(others), sort)
  if (order === undefined) return usual
  if (Array.isArray(order)) {
    const tags = order.flatMap((entry: string) => tagIn(entry) ?? [])
    const [asked, given] = [tags, usual].map((list) => [...list].sort().join(' '))
    if (asked === given) return order
  }
  throw new PackError('WRONG_KIND', [...path, 'order'], 'a list that names each tag as often as it has values')
}

/** A tag with a list of values comes once for each. */
function usualOrder(
  fields: Readonly<Record<string, FieldValue>>,
  keys: string[],
  sort: TagSort | undefined,
): readonly string[] {
  const inOrder = sorted(keys, sort)
  if (!inOrder.some((key) => Array.isArray(fields[key]))) return inOrder
  return inOrder.flatMap((key) => (Array.isArray(fields[key]) ? fields[key].map(() => key) : [key]))
}

const sorted = (keys: string[], sort: TagSort | undefined): string[] =>
  sort === undefined ? keys : keys.sort(tagOrder[sort])

/** How two tags stand to each other; what is no number goes by its characters. */
export const tagOrder: Readonly<Record<TagSort, (a: string, b: string) => number>> = {
  number: (a, b) => (/^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : byText(a, b)),
  hex: (a, b) => {
    if (!isHex(a) || !isHex(b)) return byText(a, b)
    const [first, second] = [a, b].map((tag) => BigInt(`0x${tag}`)) as [bigint, bigint]
    return first < second ? -1 : first > second ? 1 : 0
  },
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

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
