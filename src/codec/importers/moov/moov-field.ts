// One field of a moov spec as a field definition; composites hold more of them.

import { suggestion } from '../../../base/suggest.js'
import type {
  BitmapDefinition,
  FieldDefinition,
  Inside,
  Kind,
  LengthPrefix,
  Padding,
  PrefixEncoding,
  TagSort,
} from '../../dialect.js'
import { tagOrder } from '../../inside/content.js'
import { digitsFor, formatOf } from '../field-format.js'
import type { SpecDocument } from '../isochron/spec-yaml.js'
import { refuseSpec } from '../spec-error.js'
import { digitsInside, textInside } from '../text-inside.js'
import {
  encodingNames,
  type MoovEncoding,
  type MoovPrefix,
  moovEncoding,
  moovPadSide,
  moovPrefix,
  moovType,
  prefixNames,
  typeNames,
} from './moov-names.js'

interface MoovPadding {
  readonly type: string
  readonly pad?: string | number | undefined
}

/** As the file has it. */
export interface MoovField {
  readonly type: string
  readonly length?: number | undefined
  readonly description?: string | undefined
  readonly enc?: string | undefined
  readonly prefix?: string | undefined
  readonly prefix_length?: number | undefined
  readonly padding?: MoovPadding | undefined
  readonly tag?:
    | {
        readonly length?: number | undefined
        readonly enc?: string | undefined
        readonly padding?: MoovPadding | undefined
        readonly sort?: string | undefined
        readonly skipUnknownTLVTags?: boolean | undefined
        readonly storeUnknownTLVTags?: boolean | undefined
        readonly prefUnknownTLV?: string | undefined
      }
    | undefined
  readonly subfields?: Readonly<Record<string, MoovField>> | undefined
  readonly bitmap?: MoovField | undefined
  readonly disableAutoExpand?: boolean | undefined
  readonly disableautoexpand?: boolean | undefined
}

interface Context {
  readonly document: SpecDocument
  readonly path: readonly string[]
  /** The number of a field of the message; sub-fields have none. */
  readonly number?: number
  /** Text goes as hexadecimal digits of its characters. */
  readonly inHex?: boolean
}

export type ReadMoovField =
  | { readonly kind: 'field'; readonly definition: FieldDefinition }
  | { readonly kind: 'bitmap'; readonly bitmap: BitmapDefinition }

/** Throws UsageError naming file, line and field. */
export function moovField(field: MoovField, context: Context): ReadMoovField {
  const type = moovType(field.type)
  if (type === undefined) unknown(context, 'type', field.type, typeNames)
  if (type === 'Bitmap') return { kind: 'bitmap', bitmap: bitmapOf(field, context) }
  const isComposite = field.subfields !== undefined
  if (isComposite) return { kind: 'field', definition: compositeOf(field, context) }
  return { kind: 'field', definition: leafOf(field, type, context) }
}

function unknown(context: Context, key: string, name: string, known: readonly string[]): never {
  refuseSpec(
    context.document.at([...context.path, key]),
    `has an unknown ${key} '${name.slice(0, 40)}'${suggestion(name, known)}`,
  )
}

function encodingOf(field: MoovField, context: Context): MoovEncoding {
  const name = field.enc ?? refuseSpec(context.document.at(context.path), 'has no enc')
  return moovEncoding(name) ?? unknown(context, 'enc', name, encodingNames)
}

function prefixOf(field: MoovField, context: Context): MoovPrefix {
  const name = field.prefix ?? refuseSpec(context.document.at(context.path), 'has no prefix')
  return moovPrefix(name, field.prefix_length) ?? unknown(context, 'prefix', name, prefixNames)
}

function bitmapOf(field: MoovField, context: Context): BitmapDefinition {
  const { bytes: form } = encodingOf(field, context)
  const isEbcdic = /ebcdic/i.test(field.enc ?? '')
  const encoding = isEbcdic ? 'ebcdic-hex' : form === 'hex' ? 'hex' : 'binary'
  const bytes = Math.max(1, Math.min(field.length || 8, 24))
  if (field.disableAutoExpand || field.disableautoexpand) return { encoding, bytes, extends: 'fixed' }
  // `length` is the size of each part. Older versions of moov did not read it, and grew by 8 bytes.
  const isOlder = /encoder$/i.test(field.enc ?? '')
  return { encoding, bytes: isOlder ? 8 : bytes, extends: 'byNeed' }
}

function leafOf(field: MoovField, type: string, context: Context): FieldDefinition {
  const encoding = encodingOf(field, context)
  const prefix = prefixOf(field, context)
  if (prefix.kind === 'ber')
    refuseSpec(context.document.at([...context.path, 'prefix']), 'has a BER length outside of a composite')
  const isTrack = type.startsWith('Track')
  const isText = isTrack || (context.inHex === true && encoding.text === 'hex')
  const isBytes = type === 'Binary' || type === 'Hex' || (encoding.isBytes === true && !isText)
  const kind = kindOf(type, encoding, isBytes)
  const length = field.length ?? 0
  const isFixed = prefix.kind === 'none'
  return {
    name: nameOf(field, context),
    format: formatOf(kind, sayable(length, prefix), isFixed ? 0 : dotsOf(prefix, length)),
    data: isBytes ? encoding.bytes : encoding.text,
    ...(prefix.kind === 'digits' ? { prefix: prefixFor(prefix.encoding, prefix.size, 'units') } : {}),
    ...(encoding.odd === undefined || isBytes ? {} : { odd: encoding.odd }),
    ...(isFixed ? padOf(field.padding, kind, context) : {}),
  }
}

function kindOf(type: string, encoding: MoovEncoding, isBytes: boolean): Kind {
  if (isBytes) return 'b'
  if (type === 'Track2' || type === 'Track3') return 'z'
  if (type === 'Numeric' || encoding.text === 'bcd') return 'n'
  return 'ans'
}

const prefixFor = (encoding: PrefixEncoding, size: number, counts: LengthPrefix['counts']): LengthPrefix => ({
  encoding,
  size,
  counts,
  inclusive: false,
})

function dotsOf(prefix: MoovPrefix, length: number): number {
  if (prefix.kind !== 'digits' || prefix.encoding === 'binary' || prefix.encoding === 'hex') return digitsFor(length)
  return prefix.size
}

/** The longest value that the prefix can announce, where that is less than the file says. */
function sayable(length: number, prefix: MoovPrefix): number {
  if (prefix.kind !== 'digits') return length
  const base = prefix.encoding === 'binary' ? 256 : prefix.encoding === 'hex' ? 16 : 10
  return Math.min(length, base ** prefix.size - 1)
}

function nameOf(field: MoovField, context: Context): string {
  return field.description?.replace(/\s+/g, ' ').trim() || `field ${context.path.at(-1)}`
}

/** moov refuses a value that is too short for a field without padding; so does a side of `none`. */
function padOf(padding: MoovPadding | undefined, kind: Kind, context: Context): { readonly pad?: Padding } {
  const none: Padding = { side: 'none', with: '' }
  if (padding === undefined) return { pad: none }
  const side = moovPadSide(padding.type) ?? unknown(context, 'padding', padding.type, ['Left', 'Right', 'None'])
  if (side === 'none') return { pad: none }
  const character = typeof padding.pad === 'number' ? String.fromCharCode(padding.pad) : (padding.pad ?? '')
  if ([...character].length !== 1)
    refuseSpec(context.document.at([...context.path, 'padding']), 'pads with other than one character')
  const unit = kind === 'b' ? Buffer.from(character, 'latin1').toString('hex').toUpperCase() : character
  return { pad: { side, with: unit } }
}

/** The length of a composite counts bytes on the wire, whatever its sub-fields are. */
function compositeOf(field: MoovField, context: Context): FieldDefinition {
  const prefix = prefixOf(field, context)
  if (prefix.kind === 'ber')
    refuseSpec(context.document.at([...context.path, 'prefix']), 'has a BER length outside of a composite')
  const length = field.length ?? 0
  const inside = insideOf(field, context)
  const text = textInside(inside)
  if (text !== undefined) {
    return {
      name: nameOf(field, context),
      format: formatOf('ans', sayable(length, prefix), prefix.kind === 'none' ? 0 : dotsOf(prefix, length)),
      data: text,
      ...(prefix.kind === 'digits' ? { prefix: prefixFor(prefix.encoding, prefix.size, 'units') } : {}),
      ...(prefix.kind === 'none' ? { pad: { side: 'none' as const, with: '' } } : {}),
      inside,
    }
  }
  const digits = prefix.kind === 'none' ? digitsInside(inside) : undefined
  if (digits !== undefined)
    return { name: nameOf(field, context), format: formatOf('n', 2 * length, 0), data: 'bcd', inside: digits }
  return {
    name: nameOf(field, context),
    format: formatOf('b', sayable(length, prefix), prefix.kind === 'none' ? 0 : dotsOf(prefix, length)),
    data: 'binary',
    ...(prefix.kind === 'digits' ? { prefix: prefixFor(prefix.encoding, prefix.size, 'units') } : {}),
    inside,
  }
}

function insideOf(field: MoovField, context: Context): Inside {
  const subfields = Object.entries(field.subfields ?? {})
  if (field.bitmap !== undefined) {
    const bitmap = bitmapOf(field.bitmap, { ...context, path: [...context.path, 'bitmap'] })
    return {
      kind: 'bitmap',
      bitmap,
      fields: Object.fromEntries(subfields.map(([key, sub]) => [key, definitionOf(sub, key)])),
    }
  }
  if (field.tag?.enc === undefined || (field.tag.length ?? 0) === 0) {
    if (isBer(field)) return { kind: 'ber-tlv', sort: sortOf(field) }
    const sorted = subfields.sort(([a], [b]) => tagOrder[sortOf(field)](a, b))
    return { kind: 'positional', fields: Object.fromEntries(sorted.map(([key, sub]) => [key, definitionOf(sub, key)])) }
  }
  if (isBer(field)) return { kind: 'ber-tlv', sort: sortOf(field) }
  return taggedOf(field, context, definitionOf)

  function definitionOf(sub: MoovField, key: string): FieldDefinition {
    const { number: _number, ...inside } = context
    const read = moovField(sub, { ...inside, path: [...context.path, 'subfields', key] })
    if (read.kind === 'bitmap')
      refuseSpec(
        context.document.at([...context.path, 'subfields', key]),
        'is a bitmap among sub-fields; it belongs under `bitmap`',
      )
    return read.definition
  }
}

/** The order in which moov writes sub-fields; a file of ours always has one. */
const sortOf = (field: MoovField): TagSort => (/hex/i.test(field.tag?.sort ?? '') ? 'hex' : 'number')

/** Tags and lengths as EMV has them: every sub-field's own length says so. */
function isBer(field: MoovField): boolean {
  return /bertlvtag/i.test(field.tag?.enc ?? '')
}

function taggedOf(
  field: MoovField,
  context: Context,
  definitionOf: (sub: MoovField, key: string) => FieldDefinition,
): Inside {
  const place = context.document.at([...context.path, 'tag'])
  const encoding =
    moovEncoding(field.tag?.enc ?? '') ??
    unknown({ ...context, path: [...context.path, 'tag'] }, 'enc', field.tag?.enc ?? '', encodingNames)
  const size = field.tag?.length ?? 0
  const tagEncoding = encoding.isBytes ? 'hex' : encoding.text
  if (tagEncoding === 'latin1' || tagEncoding === 'binary' || tagEncoding === 'gbk' || tagEncoding === 'ebcdic-hex')
    refuseSpec(place, 'has tags in an encoding that holds no digits')
  const definitions = Object.entries(field.subfields ?? {}).map(
    ([key, sub]) => [key.padStart(size, '0'), definitionOf(sub, key)] as const,
  )
  const first = definitions[0]?.[1].prefix
  if (first === undefined) refuseSpec(place, 'is of sub-fields with tags, of which the first has no length prefix')
  const length = first as LengthPrefix
  return {
    kind: 'tlv',
    tag: { encoding: tagEncoding, size },
    length,
    sort: sortOf(field),
    fields: Object.fromEntries(
      definitions.map(([tag, { prefix, ...rest }]) => {
        if (prefix === undefined) refuseSpec(place, `has sub-field ${tag} without a length prefix`)
        return [tag, JSON.stringify(prefix) === JSON.stringify(length) ? rest : { ...rest, prefix }]
      }),
    ),
  }
}
