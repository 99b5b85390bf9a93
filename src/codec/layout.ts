// A dialect resolved for packing: its MTI, bitmap and fields by number. Everything that can be wrong with it is found here.

import { UsageError } from '../base/errors.js'
import { compileField } from './compile-field.js'
import type { Dialect } from './dialect.js'
import type { FieldCodec } from './fields/field-codec.js'
import { type BitmapCodec, compileBitmap, mostFields } from './head/bitmap.js'
import { compileMti, type MtiCodec } from './head/mti-codec.js'
import { compileThird, type ThirdBitmap } from './head/third-bitmap.js'

export interface Layout {
  readonly dialect: Dialect
  readonly mti: MtiCodec
  readonly bitmap: BitmapCodec
  /** A third bitmap among the fields; undefined where there is none. */
  readonly third: ThirdBitmap | undefined
  /** The codec of each field by field number; undefined where the dialect has no such field. */
  readonly fields: readonly (FieldCodec | undefined)[]
  /**
   * The width of each field by field number: bytes of a fixed field, -1 where they vary, -2 where there is no field.
   */
  readonly widths: Int32Array
}

/** An importer compiles what it has read to check it, and so does everyone who uses it: the second time costs nothing. */
const layouts = new WeakMap<Dialect, Layout>()

/** Throws UsageError that names the dialect and the field. */
export function resolveLayout(dialect: Dialect): Layout {
  const known = layouts.get(dialect)
  if (known !== undefined) return known
  const layout = layoutOf(dialect)
  layouts.set(dialect, layout)
  return layout
}

function layoutOf(dialect: Dialect): Layout {
  const where = `dialect ${dialect.name}`
  const fields: (FieldCodec | undefined)[] = Array.from({ length: mostFields + 1 })
  const widths = new Int32Array(mostFields + 1).fill(-2)
  const numbers: number[] = []
  for (const [key, definition] of Object.entries(dialect.fields)) {
    const number = fieldNumber(key, where)
    const codec = compileField(definition, {
      where: `${where}, field ${key} (${definition.name})`,
      path: [key],
      encodings: dialect.encodings,
    })
    fields[number] = codec
    widths[number] = codec.width
    numbers.push(number)
  }
  const { bitmap } = dialect.encodings
  return {
    dialect,
    mti: compileMti(dialect.encodings.mti, where),
    bitmap: compileBitmap({ definition: bitmap, fields: numbers, path: [], where }),
    third:
      bitmap.thirdIn === undefined ? undefined : compileThird(bitmap.thirdIn, dialect.fields[bitmap.thirdIn], where),
    fields,
    widths,
  }
}

function fieldNumber(key: string, where: string): number {
  const number = Number(key)
  if (/^[1-9]\d{0,2}$/.test(key) && number >= 2 && number <= mostFields) return number
  throw new UsageError(`has field '${key}': expected a number from 2 to ${mostFields}, 1 is the bitmap`, { where })
}
