// BER-TLV inside a field: tag to value, unknown tags included. Templates nest where their content parses.

import { isHex } from '../encodings/hex.js'
import { octets } from '../encodings/octets.js'
import type { Fields, FieldValue } from '../message.js'
import { isVerbatim } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { type ContentCodec, orderOf, reservedKeys, withOrder, writeGrowing } from './content.js'
import { isConstructed, longestTagBytes, readLength, tagEnd, writeLength } from './tags.js'

/** Templates within templates; cards use two or three. */
const deepestNesting = 8

export function berTlv(path: readonly string[]): ContentCodec {
  return {
    read: (source, at, end) => readTags(source, at, end, path, 0),
    write: (target, at, value) => writeTags(target, at, value, path, 0),
  }
}

function readTags(source: Source, start: number, end: number, path: readonly string[], depth: number): Fields {
  const fields: Record<string, FieldValue> = {}
  const order: string[] = []
  for (let at = start; at < end; ) {
    const valueTag = tagEnd(source.bytes, at, end)
    if (valueTag < 0) throw new UnpackError('BAD_TAG', path, at, `a tag of at most ${longestTagBytes} bytes`)
    const tag = source.hexUpper(at, valueTag)
    const length = readLength(source.bytes, valueTag, end)
    if (length === undefined)
      throw new UnpackError('BAD_LENGTH', [...path, tag], valueTag, 'a BER length of 1 to 5 bytes')
    const next = length.at + length.size
    if (next > end) {
      throw new UnpackError('TRUNCATED', [...path, tag], length.at, `${length.size} bytes, ${end - length.at} are left`)
    }
    const isTemplate = isConstructed(source.bytes[at] as number) && depth < deepestNesting
    fields[tag] = isTemplate
      ? readTemplate(source, length.at, next, [...path, tag], depth + 1)
      : source.hexUpper(length.at, next)
    order.push(tag)
    at = next
  }
  return withOrder(fields, order)
}

/** Content that does not parse, or would not be written the same, stays hex. */
function readTemplate(source: Source, at: number, end: number, path: readonly string[], depth: number): FieldValue {
  const hex = source.hexUpper(at, end)
  try {
    const fields = readTags(source, at, end, path, depth)
    const written = writeGrowing((target) => writeTags(target, 0, fields, path, depth), end - at)
    return written.compare(source.bytes, at, end) === 0 ? fields : hex
  } catch {
    return hex
  }
}

function writeTags(target: Uint8Array, start: number, fields: Fields, path: readonly string[], depth: number): number {
  let at = start
  for (const tag of orderOf(fields, path))
    at = writeTag(target, at, tag, fields[tag] as FieldValue, [...path, tag], depth)
  return at
}

function writeTag(
  target: Uint8Array,
  at: number,
  tag: string,
  value: FieldValue,
  path: readonly string[],
  depth: number,
): number {
  const size = tag.length / 2
  if (reservedKeys.has(tag) || !isHex(tag) || tagEnd(Buffer.from(tag, 'hex'), 0, size) !== size) {
    throw new PackError('UNKNOWN_FIELD', path, 'a BER tag in upper-case hex')
  }
  octets.write(target, at, tag)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isVerbatim(value)) {
    if (depth >= deepestNesting)
      throw new PackError('TOO_LONG', path, `at most ${deepestNesting} templates within another`)
    return writeTemplate(target, at + size, value as Fields, path, depth + 1)
  }
  const hex = typeof value === 'object' && value !== null && isVerbatim(value) ? value.hex : value
  if (typeof hex !== 'string' || !isHex(hex)) {
    throw new PackError('WRONG_KIND', path, 'upper-case hex digits, two for each byte')
  }
  const valueAt = writeLength(target, at + size, hex.length / 2)
  octets.write(target, valueAt, hex)
  return valueAt + hex.length / 2
}

function writeTemplate(target: Uint8Array, at: number, fields: Fields, path: readonly string[], depth: number): number {
  const content = writeGrowing((inner) => writeTags(inner, 0, fields, path, depth))
  const valueAt = writeLength(target, at, content.length)
  for (let index = 0; index < content.length; index++) target[valueAt + index] = content[index] as number
  return valueAt + content.length
}
