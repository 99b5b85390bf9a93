// Single changes of one field: what hosts in the field do otherwise than a table says. Data in, data out.

import { counted } from '../base/text/counted.js'
import type { DataEncoding, Dialect, FieldDefinition, Format, OddDigit, PrefixEncoding } from '../codec/dialect.js'
import type { ParsedFormat } from '../codec/fields/format.js'
import { type Change, dataOf, isSameOdd, oddDigits, oddWords, parsedFormatOf, words } from './change.js'

/** Changes of one field, the usual ones first. */
export function fieldChanges(dialect: Dialect, number: string): readonly Change[] {
  const field = dialect.fields[number]
  if (field === undefined) return []
  const format = parsedFormatOf(field)
  const around: Around = { number, field, format, data: dataOf(field, dialect), length: dialect.encodings.length }
  const isVariable = format.dots > 0
  return [
    ...(isVariable ? countsOf(around) : []),
    ...(around.data === 'bcd' ? odds(around, dialect.encodings[isVariable ? 'oddVariable' : 'oddFixed']) : []),
    ...(isVariable ? prefixes(around) : []),
    ...datas(around),
    ...(isVariable ? sizes(around) : widths(around)),
    ...(field.inside === undefined ? [] : withoutInside(around)),
  ]
}

interface Around {
  readonly number: string
  readonly field: FieldDefinition
  readonly format: ParsedFormat
  readonly data: DataEncoding
  /** The dialect's encoding of length prefixes. */
  readonly length: PrefixEncoding
}

/** A change of one property of the field. */
function change(
  around: Around,
  changed: Partial<FieldDefinition>,
  said: Pick<Change, 'reading' | 'host' | 'property'>,
): Change {
  const { number } = around
  return {
    reading: `field ${number} ${said.reading}`,
    host: said.host,
    property: `fields.${number}.${said.property}`,
    apply: (dialect) => {
      const { [number]: field } = dialect.fields
      if (field === undefined) return dialect
      return { ...dialect, fields: { ...dialect.fields, [number]: { ...field, ...changed } } }
    },
  }
}

function countsOf(around: Around): Change[] {
  const { field, format, data } = around
  const units = format.kind === 'b' ? 'bytes' : format.kind === 'n' || format.kind === 'z' ? 'digits' : 'characters'
  const now = field.prefix?.counts ?? 'units'
  const said = { units, bytes: 'bytes', nibbles: 'half bytes' }
  return (['units', 'bytes', 'nibbles'] as const)
    .filter((counts) => counts !== now && said[counts] !== said[now])
    .map((counts) =>
      change(
        around,
        { prefix: { ...field.prefix, counts } },
        {
          reading: `as ${words(data)} with a length that counts ${said[now]}`,
          host: `counts ${said[counts]}`,
          property: `prefix: { counts: ${counts} }`,
        },
      ),
    )
}

function prefixes(around: Around): Change[] {
  const { field, length } = around
  const now = field.prefix?.encoding ?? length
  return (['ascii', 'bcd', 'binary'] as const)
    .filter((encoding) => encoding !== now)
    .map((encoding) =>
      change(
        around,
        { prefix: { ...field.prefix, encoding } },
        {
          reading: `with its length in ${words(now)}`,
          host: `writes the length in ${words(encoding)}`,
          property: `prefix: { encoding: ${encoding} }`,
        },
      ),
    )
}

/** Digits of a length prefix: 2 (LLVAR) or 3 (LLLVAR), and the longest value that goes with them. */
function sizes(around: Around): Change[] {
  const { format, field } = around
  return [2, 3]
    .filter((dots) => dots !== format.dots || format.length < 10 ** dots - 1)
    .map((dots) => {
      const most = 10 ** dots - 1
      const wider = `${format.kind}${'.'.repeat(dots)}${most}` as Format
      const isSameSize = dots === format.dots
      return change(
        around,
        { format: wider },
        {
          reading: isSameSize ? `with at most ${format.length}` : `with a length of ${counted(format.dots, 'digit')}`,
          host: isSameSize ? 'sends more' : `writes the length with ${counted(dots, 'digit')}`,
          property: `format: ${field.format === wider ? field.format : wider}`,
        },
      )
    })
}

/** The changes of width for fixed fields: one or two units more or less, or a length in front. */
function widths(around: Around): Change[] {
  const { format } = around
  const fixed = [-2, -1, 1, 2].map((more) => format.length + more)
  return [
    ...fixed
      .filter((width) => width > 0)
      .map((width) =>
        change(
          around,
          { format: `${format.kind} ${width}` as Format },
          {
            reading: `as ${format.length} wide`,
            host: `sends ${width}`,
            property: `format: ${format.kind} ${width}`,
          },
        ),
      ),
    ...[2, 3].map((dots) =>
      change(
        around,
        { format: `${format.kind}${'.'.repeat(dots)}${10 ** dots - 1}` as Format },
        {
          reading: `as ${format.length} wide`,
          host: `writes a length of ${counted(dots, 'digit')} in front`,
          property: `format: ${format.kind}${'.'.repeat(dots)}${10 ** dots - 1}`,
        },
      ),
    ),
  ]
}

const dataOfKind = (kind: ParsedFormat['kind']): readonly DataEncoding[] => {
  if (kind === 'b') return ['binary', 'hex']
  if (kind === 'n' || kind === 'z' || kind === 'an') return ['ascii', 'bcd', 'ebcdic037']
  return ['ascii', 'ebcdic037', 'gbk']
}

function datas(around: Around): Change[] {
  const { format, data } = around
  return dataOfKind(format.kind)
    .filter((other) => other !== data)
    .map((other) =>
      change(
        around,
        { data: other },
        {
          reading: `as ${words(data)}`,
          host: `writes ${words(other)}`,
          property: `data: ${other}`,
        },
      ),
    )
}

function odds(around: Around, byDefault: OddDigit): Change[] {
  const now = around.field.odd ?? byDefault
  return oddDigits
    .filter((other) => !isSameOdd(other, now))
    .map((other) =>
      change(
        around,
        { odd: other },
        {
          reading: oddWords(now),
          host: `writes it ${oddWords(other)}`,
          property: `odd: { align: ${other.align}, fill: '${other.fill}' }`,
        },
      ),
    )
}

/** The field as it stands, not what is inside it. */
function withoutInside(around: Around): Change[] {
  const { number } = around
  return [
    {
      reading: `field ${number} with the parts that the dialect declares`,
      host: 'sends something else in it',
      property: `fields.${number}: without inside`,
      apply: (dialect) => {
        const { inside: _, ...rest } = dialect.fields[number] as FieldDefinition
        return { ...dialect, fields: { ...dialect.fields, [number]: rest } }
      },
    },
  ]
}
