// The content in front of the subfields of a field: a header of so many bytes, or one subfield without a tag.

import { counted, stillLeft } from '../../base/text/counted.js'
import type { FieldCodec } from '../fields/field-codec.js'
import type { Fields, FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import type { ContentCodec } from './content.js'

/** `size` bytes under the key `header`, as hex; zeros where a value has none. */
export function withHeader(content: ContentCodec, size: number, path: readonly string[]): ContentCodec {
  return {
    read(source, at, end) {
      if (at + size > end)
        throw new UnpackError('TRUNCATED', [...path, 'header'], at, `${counted(size, 'byte')}, ${stillLeft(end - at)}`)
      return { header: source.hexUpper(at, at + size), ...content.read(source, at + size, end) }
    },
    write(target, at, { header = '00'.repeat(size), ...fields }) {
      if (typeof header !== 'string' || header.length !== 2 * size || !/^[0-9A-F]*$/.test(header)) {
        throw new PackError('WRONG_KIND', [...path, 'header'], `${2 * size} upper-case hex digits`)
      }
      for (let index = 0; index < size; index++) target[at + index] = Number.parseInt(header.substr(2 * index, 2), 16)
      return content.write(target, at + size, fields)
    },
  }
}

/** Key of the subfield without a tag. */
const leadingKey = '0'

/** The leading subfield is there when the first byte is no digit of a tag or length. */
export function withLeading(content: ContentCodec, leading: FieldCodec): ContentCodec {
  return {
    read(source, at, end) {
      if (at >= end || isDigit(source.bytes[at] as number)) return content.read(source, at, end)
      const next = leading.skip(source.bytes, at, end)
      return { [leadingKey]: leading.read(source, at, next), ...content.read(source, next, end) } as Fields
    },
    write(target, at, fields) {
      const { [leadingKey]: value, ...others } = fields as Record<string, FieldValue>
      return content.write(target, value === undefined ? at : leading.write(target, at, value), others)
    },
  }
}

/** In ASCII or any EBCDIC page. */
function isDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0xf0 && byte <= 0xf9)
}
