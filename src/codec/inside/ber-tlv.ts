// BER-TLV inside a field: tag to value, unknown tags included. Templates nest where their content parses.
//
// Bytes 00 and FF may stand before, between and behind tags (ISO 7816-4 §5.2.2.1): they are no tag, and their places are
// kept in `order`. One FF alone begins a tag such as FF8105, unless the content cannot be read so. A tag that comes again has a
// list of its values. A length may have more bytes than it needs (ISO/IEC 8825-1 §8.1.3.5): then its entry in `order` is the tag
// and that length, `9F268108`.

import { counted, stillLeft } from '../../base/text/counted.js'
import type { TagSort } from '../dialect.js'
import { isHex } from '../encodings/hex.js'
import { octets } from '../encodings/octets.js'
import type { Fields, FieldValue } from '../message.js'
import { isVerbatim } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { type ContentCodec, orderOf, reservedKeys, withOrder, writeGrowing } from './content.js'
import { isConstructed, lengthBytes, longestTagBytes, readLength, tagEnd, writeLength } from './tags.js'

/** Templates within templates; cards use two or three. */
const deepestNesting = 8

export function berTlv(path: readonly string[], sort?: TagSort): ContentCodec {
  const tags = { path, sort, depth: 0 }
  return {
    read: (source, at, end) => readTags(source, at, end, tags),
    write: (target, at, value) => writeTags(target, at, value, tags),
  }
}

/** Where tags stand. */
interface Tags {
  readonly path: readonly string[]
  readonly sort: TagSort | undefined
  readonly depth: number
}

/** A run of fewer FF begins a tag, where it is not all that is left. */
const fillersBetween = 2

const within = ({ path, sort, depth }: Tags, tag: string): Tags => ({ path: [...path, tag], sort, depth: depth + 1 })

function readTags(source: Source, start: number, end: number, tags: Tags): Fields {
  try {
    return readWith(source, start, end, tags, fillersBetween)
  } catch (error) {
    if (!(error instanceof UnpackError) || !source.bytes.subarray(start, end).includes(0xff)) throw error
    try {
      return readWith(source, start, end, tags, 1)
    } catch {
      throw error
    }
  }
}

/** `fillers`: the fewest FF in a row that are no tag where tags follow. */
function readWith(source: Source, start: number, end: number, tags: Tags, fillers: number): Fields {
  const fields: Record<string, FieldValue> = {}
  const order: string[] = []
  for (let at = start; at < end; ) {
    const next = fillerEnd(source.bytes, at, end, fillers)
    if (next > at) order.push(source.hexUpper(at, next))
    else at = readTag(source, at, end, { tags, fields, order })
    at = Math.max(at, next)
  }
  return withOrder(fields, order, tags.sort)
}

interface Found {
  readonly tags: Tags
  readonly fields: Record<string, FieldValue>
  readonly order: string[]
}

function readTag(source: Source, at: number, end: number, { tags, fields, order }: Found): number {
  const { path, depth } = tags
  const valueTag = tagEnd(source.bytes, at, end)
  if (valueTag < 0) throw new UnpackError('BAD_TAG', path, at, `a tag of at most ${longestTagBytes} bytes`)
  const tag = source.hexUpper(at, valueTag)
  const length = readLength(source.bytes, valueTag, end)
  if (length === undefined)
    throw new UnpackError('BAD_LENGTH', [...path, tag], valueTag, 'a BER length of 1 to 5 bytes')
  const next = length.at + length.size
  if (next > end) {
    throw new UnpackError(
      'TRUNCATED',
      [...path, tag],
      length.at,
      `${counted(length.size, 'byte')}, ${stillLeft(end - length.at)}`,
    )
  }
  const isShortest = length.at - valueTag === lengthBytes(length.size)
  order.push(isShortest ? tag : source.hexUpper(at, length.at))
  const before = fields[tag]
  if (before !== undefined) {
    fields[tag] = [...asList(before), source.hexUpper(length.at, next)]
    return next
  }
  const isTemplate = isConstructed(source.bytes[at] as number) && depth < deepestNesting
  fields[tag] = isTemplate ? readTemplate(source, length.at, next, within(tags, tag)) : source.hexUpper(length.at, next)
  return next
}

/** A tag that comes again has its values as hex, also where the first was read as a template. */
function asList(value: FieldValue): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value
  const tags = { path: [], sort: undefined, depth: 0 }
  return [
    writeGrowing((target) => writeTags(target, 0, value as Fields, tags))
      .toString('hex')
      .toUpperCase(),
  ]
}

/** The end of bytes that are no tag: zeros, several FF, or a rest of nothing but FF. */
function fillerEnd(bytes: Uint8Array, at: number, end: number, fillers: number): number {
  let next = at
  while (next < end && bytes[next] === 0x00) next++
  if (next > at || bytes[at] !== 0xff) return next
  while (next < end && bytes[next] === 0xff) next++
  return next === end || next - at >= fillers ? next : at
}

/** Content that does not parse, or would not be written the same, stays hex. */
function readTemplate(source: Source, at: number, end: number, tags: Tags): FieldValue {
  const hex = source.hexUpper(at, end)
  try {
    const fields = readTags(source, at, end, tags)
    const written = writeGrowing((target) => writeTags(target, 0, fields, tags), end - at)
    return written.compare(source.bytes, at, end) === 0 ? fields : hex
  } catch {
    return hex
  }
}

const isFiller = (entry: string) => /^(?:(?:00)+|(?:FF)+)$/.test(entry)

/** The tag that an entry of `order` begins with, and the bytes of the length behind it, 0 for as many as are needed. */
function entryParts(entry: string): { readonly tag: string; readonly lengthBytes: number } {
  if (!isHex(entry)) return { tag: entry, lengthBytes: 0 }
  const bytes = Buffer.from(entry, 'hex')
  const end = tagEnd(bytes, 0, bytes.length)
  const isLength = end > 0 && end < bytes.length && bytes[end] === 0x80 + bytes.length - end - 1
  return isLength ? { tag: entry.slice(0, 2 * end), lengthBytes: bytes.length - end } : { tag: entry, lengthBytes: 0 }
}

function writeTags(target: Uint8Array, start: number, fields: Fields, tags: Tags): number {
  let at = start
  const written = new Map<string, number>()
  const tagIn = (entry: string) => (fields[entry] === undefined && isFiller(entry) ? undefined : entryParts(entry).tag)
  for (const entry of orderOf(fields, tags.path, tags.sort, tagIn)) {
    const { tag, lengthBytes: least } = entryParts(entry)
    const value = fields[tag]
    if (value === undefined) {
      octets.write(target, at, entry)
      at += entry.length / 2
      continue
    }
    const count = written.get(tag) ?? 0
    written.set(tag, count + 1)
    const one = Array.isArray(value) ? (value[count] as string) : value
    at = writeTag(target, at, { tag, value: one, least, tags: within(tags, tag) })
  }
  return at
}

interface Written {
  readonly tag: string
  readonly value: FieldValue
  /** The fewest bytes of its length. */
  readonly least: number
  /** Within the tag. */
  readonly tags: Tags
}

function writeTag(target: Uint8Array, at: number, { tag, value, least, tags }: Written): number {
  const { path, depth } = tags
  const size = tag.length / 2
  if (reservedKeys.has(tag) || !isHex(tag) || tagEnd(Buffer.from(tag, 'hex'), 0, size) !== size) {
    throw new PackError('UNKNOWN_FIELD', path, 'a BER tag in upper-case hex')
  }
  octets.write(target, at, tag)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isVerbatim(value)) {
    if (depth > deepestNesting)
      throw new PackError('TOO_LONG', path, `at most ${deepestNesting} templates within another`)
    const content = writeGrowing((inner) => writeTags(inner, 0, value as Fields, tags))
    return writeContent(target, at + size, content, least)
  }
  const hex = typeof value === 'object' && value !== null && isVerbatim(value) ? value.hex : value
  if (typeof hex !== 'string' || !isHex(hex)) {
    throw new PackError('WRONG_KIND', path, 'upper-case hex digits, two for each byte')
  }
  const valueAt = writeLength(target, at + size, hex.length / 2, least)
  octets.write(target, valueAt, hex)
  return valueAt + hex.length / 2
}

function writeContent(target: Uint8Array, at: number, content: Uint8Array, least: number): number {
  const valueAt = writeLength(target, at, content.length, least)
  for (let index = 0; index < content.length; index++) target[valueAt + index] = content[index] as number
  return valueAt + content.length
}
