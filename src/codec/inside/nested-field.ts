// A field with values inside: reads and writes them in the field's own bytes, or in its digits where those are packed.

import { UsageError } from '../../base/errors.js'
import type { DataEncoding, Encodings, Inside, PrefixEncoding } from '../dialect.js'
import { type FieldCodec, type FieldContext, type LeafCodec, writesBack } from '../fields/field-codec.js'
import type { LeafParts } from '../fields/leaf-parts.js'
import type { Fields, FieldValue } from '../message.js'
import { isVerbatim } from '../message.js'
import { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { berTlv } from './ber-tlv.js'
import { asFields, type ContentCodec, writeGrowing } from './content.js'
import { withHeader, withLeading } from './content-ahead.js'
import { datasets } from './datasets.js'
import { lengthFirstTlv } from './length-first-tlv.js'
import { bitmapped, positional } from './positional.js'
import { type CompileField, type TlvInside, tlv } from './tlv.js'

/** Throws UsageError where the field cannot hold values inside. */
export function nestedField(parts: LeafParts, leaf: LeafCodec, inside: Inside, compileField: CompileField): FieldCodec {
  const { context, format, definition } = parts
  if (format.kind === 'x+n' || definition.filled === true) {
    throw new UsageError('is a signed amount or filled: nothing can stand inside', { where: context.where })
  }
  const content = contentOf(inside, { ...context, encodings: innerEncodings(parts) }, compileField)
  const space = spaceOf(parts)
  return space === undefined ? direct(leaf, content) : converted(leaf, content, space)
}

function contentOf(inside: Inside, context: FieldContext, compileField: CompileField): ContentCodec {
  switch (inside.kind) {
    case 'positional':
      return ahead(positional(inside, context, compileField), inside.header, context)
    case 'bitmap':
      return ahead(bitmapped(inside, context, compileField), inside.header, context)
    case 'datasets':
      return datasets(inside, context, compileField)
    case 'ber-tlv':
      return berTlv(context.path, inside.sort)
    case 'tlv':
      return tagged(inside, context, compileField)
  }
}

function ahead(content: ContentCodec, header: number | undefined, { path }: FieldContext): ContentCodec {
  return header === undefined ? content : withHeader(content, header, path)
}

function tagged(inside: TlvInside, context: FieldContext, compileField: CompileField): ContentCodec {
  const family = inside.lengthFirst ? lengthFirstTlv : tlv
  const content = family(inside, context, compileField)
  if (inside.leading === undefined) return content
  const leading = compileField(inside.leading, {
    ...context,
    where: `${context.where}.0`,
    path: [...context.path, '0'],
  })
  return withLeading(content, leading)
}

/** Inside text everything is text of the same kind unless it says otherwise; inside bytes the dialect's defaults hold. */
function innerEncodings({ context, data, format }: LeafParts): Encodings {
  if (format.kind === 'b') return context.encodings
  const text: DataEncoding = data === 'bcd' || data === 'hex' || data === 'ebcdic-hex' ? 'ascii' : data
  const digits: DataEncoding = text === 'gbk' || text === 'latin1' ? 'ascii' : text
  const bytes: DataEncoding = data === 'bcd' ? 'hex' : context.encodings.bytes
  return { ...context.encodings, text, digits, track: digits, bytes, length: digits as PrefixEncoding }
}

/** How a field's string value and the bytes that its content is read from belong together. */
interface Space {
  toContent(value: string): Source
  toValue(content: Buffer): string
  /** Bytes on the wire for one byte of content. */
  readonly ratio: number
}

/** Undefined: content stands on the wire as it is. */
function spaceOf({ data, format, encoding }: LeafParts): Space | undefined {
  const ratio = encoding.halves / 2
  if (data === 'bcd') return { toContent: fromText, toValue: (content) => content.toString('latin1'), ratio }
  if (encoding.halves !== 4) return undefined
  if (format.kind !== 'b') return { toContent: fromText, toValue: (content) => content.toString('latin1'), ratio }
  const toContent = (value: string) => new Source(Buffer.from(value, 'hex'))
  return { toContent, toValue: (content) => content.toString('hex').toUpperCase(), ratio }
}

const fromText = (value: string) => new Source(Buffer.from(value, 'latin1'), value)

const isLeafValue = (value: FieldValue) =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && isVerbatim(value))

function direct(leaf: LeafCodec, content: ContentCodec): FieldCodec {
  const { path, prefixBytes } = leaf
  const write = (target: Uint8Array, at: number, value: FieldValue): number => {
    if (isLeafValue(value)) return leaf.write(target, at, value)
    return leaf.seal(target, at, content.write(target, at + prefixBytes, asFields(value, path)))
  }
  return {
    ...leaf,
    write,
    read(source, at, end) {
      const fields = content.read(source, at + prefixBytes, end)
      return writesBack(write, fields, source.bytes, at, end) ? fields : leaf.asItStands(source, at, end)
    },
  }
}

function converted(leaf: LeafCodec, content: ContentCodec, space: Space): FieldCodec {
  const { path, prefixBytes } = leaf
  const write = (target: Uint8Array, at: number, value: FieldValue): number => {
    if (isLeafValue(value)) return leaf.write(target, at, value)
    const fields = asFields(value, path)
    const inner = writeGrowing((buffer) => content.write(buffer, 0, fields))
    return leaf.write(target, at, space.toValue(inner))
  }
  return {
    ...leaf,
    write,
    read(source, at, end) {
      const value = leaf.read(source, at, end)
      if (typeof value !== 'string') return value
      const fields = readConverted(content, space, value, at + prefixBytes)
      return writesBack(write, fields, source.bytes, at, end) ? fields : leaf.asItStands(source, at, end)
    },
  }
}

/** Errors count bytes of the message, so offsets inside the content are moved there. */
function readConverted(content: ContentCodec, space: Space, value: string, bodyAt: number): Fields {
  const inner = space.toContent(value)
  try {
    return content.read(inner, 0, inner.bytes.length)
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    const offset = bodyAt + Math.floor(error.offset * space.ratio)
    throw new UnpackError(error.code, error.path, offset, error.expected)
  }
}
