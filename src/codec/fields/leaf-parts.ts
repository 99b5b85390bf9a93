// The common parts of fixed, variable and filled fields, resolved from a field's definition and the dialect's defaults.

import { UsageError } from '../../base/errors.js'
import type { DataEncoding, Encodings, FieldDefinition, Kind, OddDigit } from '../dialect.js'
import { alphabetOf, isNumeric, kindName } from '../encodings/alphabet.js'
import { characters } from '../encodings/characters.js'
import type { Encoding } from '../encodings/encoding.js'
import { gbk } from '../encodings/gbk.js'
import { hexOctets, hexText } from '../encodings/hex.js'
import { octets } from '../encodings/octets.js'
import { packed } from '../encodings/packed.js'
import { signed } from '../encodings/signed.js'
import { padZoned, zoned } from '../encodings/zoned.js'
import { type FieldValue, isVerbatim, type Verbatim } from '../message.js'
import { PackError } from '../pack-error.js'
import type { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import type { FieldContext } from './field-codec.js'
import { type ParsedFormat, parseFormat } from './format.js'
import { compilePadding, type Padder } from './padding.js'

export interface LeafParts {
  readonly definition: FieldDefinition
  readonly context: FieldContext
  readonly format: ParsedFormat
  /** Units that the value has at most: a sign counts. */
  readonly units: number
  readonly data: DataEncoding
  readonly encoding: Encoding
  /** The value of the spare half byte. */
  readonly fill: number
  readonly padder: Padder | undefined
}

/** Throws UsageError that names the field. */
export function leafParts(definition: FieldDefinition, context: FieldContext): LeafParts {
  const format = parseFormat(definition.format, context.where)
  const isFixed = format.dots === 0 || definition.filled === true
  const data = definition.data ?? defaultData(format.kind, context.encodings)
  const odd = definition.odd ?? (isFixed ? context.encodings.oddFixed : context.encodings.oddVariable)
  if (definition.pad !== undefined && !isFixed) {
    throw new UsageError('has padding and a length prefix: padding is for fixed width', { where: context.where })
  }
  const padder = isFixed ? compilePadding(definition.pad, format.kind, data, context.where) : undefined
  const encoding = encodingOf(format.kind, data, odd, padder?.extra ?? '', context.where)
  return {
    definition,
    context,
    format,
    units: format.kind === 'x+n' ? format.length + 1 : format.length,
    data,
    encoding: definition.sign === undefined ? encoding : zonedOf(encoding, format, data, context.where),
    fill: odd.fill === 'F' ? 15 : 0,
    padder: definition.sign === undefined || padder === undefined ? padder : { ...padder, pad: padZoned },
  }
}

function zonedOf(digits: Encoding, { kind, dots }: ParsedFormat, data: DataEncoding, where: string): Encoding {
  const isZoned = kind === 'n' && dots === 0 && data.startsWith('ebcdic') && data !== 'ebcdic-hex'
  if (isZoned) return zoned(digits)
  throw new UsageError('sign: zone needs a fixed-length numeric field (n) in an EBCDIC encoding', { where })
}

function defaultData(kind: Kind, encodings: Encodings): DataEncoding {
  if (kind === 'b') return encodings.bytes
  if (kind === 'z') return encodings.track
  return isNumeric(kind) ? encodings.digits : encodings.text
}

/** `extra`: a padding character that the kind itself does not have. */
function encodingOf(kind: Kind, data: DataEncoding, odd: OddDigit, extra: string, where: string): Encoding {
  const refuse = () => new UsageError(`has kind ${kind} in encoding '${data}', which cannot hold it`, { where })
  if (kind === 'b') {
    if (data === 'binary') return octets
    if (data === 'hex' || data === 'ebcdic-hex') return hexOctets(data)
    throw refuse()
  }
  if (data === 'bcd') return packedOf(kind, odd, refuse)
  const alphabet = alphabetOf(kind, extra)
  switch (data) {
    case 'gbk':
      return isText(kind) ? gbk(alphabet, kind.includes('s')) : charactersOf('ascii')
    case 'hex':
    case 'ebcdic-hex':
      return hexText(data, charactersOf('ascii'))
    case 'ascii':
    case 'latin1':
    case 'ebcdic037':
    case 'ebcdic500':
    case 'ebcdic1047':
      return charactersOf(data)
    default:
      throw refuse()
  }

  function charactersOf(set: Parameters<typeof characters>[0]): Encoding {
    const digits = characters(set, alphabet)
    return kind === 'x+n' ? signed(characters(set, signs), digits) : digits
  }
}

/** Nothing but C and D. */
const signs = new Uint8Array(256).fill(1, 'C'.charCodeAt(0), 'D'.charCodeAt(0) + 1)

const isText = (kind: Kind) => kind !== 'n' && kind !== 'z' && kind !== 'x+n' && kind !== 'b'

function packedOf(kind: Kind, odd: OddDigit, refuse: () => UsageError): Encoding {
  if (kind === 'n') return packed('digits', odd)
  if (kind === 'z') return packed('track', odd)
  if (kind === 'an') return packed('hex', odd)
  if (kind === 'x+n') return signed(characters('ascii', signs), packed('digits', odd))
  throw refuse()
}

/** Checks a value that was read from [at, end) against what the kind allows; undefined asks for the verbatim form. */
export function readStrict(
  parts: LeafParts,
  source: Source,
  at: number,
  end: number,
  units: number,
  text: string | undefined,
): string | undefined {
  const { encoding, format, context } = parts
  if (text === undefined) {
    if (format.kind !== 'n') return undefined
    throw new UnpackError('BAD_DIGIT', context.path, firstBad(encoding, source, at, end), 'digits')
  }
  const spare = encoding.spare?.(source.bytes, at, end, units)
  if (spare === undefined || spare === parts.fill) return text
  if (spare === 0 || spare === 15) return undefined
  throw new UnpackError('BAD_DIGIT', context.path, at, 'a spare half byte of 0 or F')
}

function firstBad(encoding: Encoding, source: Source, at: number, end: number): number {
  const step = encoding.halves === 4 ? 2 : 1
  for (let index = at; index < end; index += step) {
    if (encoding.read(source, index, index + step, encoding.halves === 1 ? 2 : 1) === undefined) return index
  }
  return at
}

export function wrongKind({ format, context, data }: LeafParts): PackError {
  const charset = data === 'bcd' || format.kind === 'b' ? '' : ` in ${data}`
  return new PackError('WRONG_KIND', context.path, kindName(format.kind) + charset)
}

export function wrongLengthError(parts: LeafParts, units: number): PackError {
  const { context, format } = parts
  const unit = format.kind === 'b' ? 'bytes' : isNumeric(format.kind) ? 'digits' : 'characters'
  if (units < 0) return wrongKind(parts)
  return units > parts.units
    ? new PackError('TOO_LONG', context.path, `at most ${parts.units} ${unit}, got ${units}`)
    : new PackError('WRONG_LENGTH', context.path, `exactly ${parts.units} ${unit}, got ${units}`)
}

/** A value that is no string must be verbatim bytes. */
export function asVerbatim({ context, format }: LeafParts, value: FieldValue): Verbatim {
  if (typeof value === 'object' && value !== null && isVerbatim(value)) return value
  throw new PackError('WRONG_KIND', context.path, `a string of ${kindName(format.kind)}, or { "hex": "…" }`)
}

/** Writes verbatim bytes; returns how many. */
export function writeOctets(parts: LeafParts, target: Uint8Array, at: number, hex: string): number {
  if (octets.measure(hex) < 0 || !octets.write(target, at, hex)) {
    throw new PackError('BAD_VERBATIM', parts.context.path, 'upper-case hex digits, two for each byte')
  }
  return hex.length / 2
}
