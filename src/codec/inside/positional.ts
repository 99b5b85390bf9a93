// Subfields one after another, and subfields behind a bitmap of their own.

import { UsageError } from '../../base/errors.js'
import { bytesLeft } from '../../base/text/counted.js'
import type { FieldDefinition, Inside } from '../dialect.js'
import type { FieldCodec, FieldContext } from '../fields/field-codec.js'
import { compileBitmap, createFieldList } from '../head/bitmap.js'
import type { FieldValue } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import type { ContentCodec } from './content.js'
import type { CompileField } from './tlv.js'

type Definitions = Readonly<Record<string, FieldDefinition>>

function compileAll(fields: Definitions, context: FieldContext, compileField: CompileField) {
  return Object.entries(fields).map(([key, definition]): readonly [string, FieldCodec] => {
    const inner = { ...context, where: `${context.where}.${key}`, path: [...context.path, key] }
    return [key, compileField(definition, inner)]
  })
}

/** The last subfields may be missing; one in the middle may where the field fills it. */
export function positional(
  { fields, fills }: Extract<Inside, { kind: 'positional' }>,
  context: FieldContext,
  compileField: CompileField,
): ContentCodec {
  const { path } = context
  const codecs = compileAll(fields, context, compileField)
  const blanks = new Map(fills ? codecs.map(([key, codec]) => [key, blankOf(codec)]) : [])
  const keys = new Set(codecs.map(([key]) => key))

  return {
    read(source, start, end) {
      const values: Record<string, FieldValue> = {}
      let at = start
      for (const [key, codec] of codecs) {
        if (at === end) break
        const next = codec.skip(source.bytes, at, end)
        values[key] = codec.read(source, at, next)
        at = next
      }
      if (at < end) throw new UnpackError('TRAILING', path, at, `the end of its subfields, ${bytesLeft(end - at)}`)
      return values
    },
    write(target, start, value) {
      let left = 0
      for (const key of Object.keys(value)) {
        if (!keys.has(key)) throw new PackError('UNKNOWN_FIELD', [...path, key], `one of ${[...keys].join(', ')}`)
        left++
      }
      let at = start
      for (const [key, codec] of codecs) {
        if (left === 0) break
        const inner = value[key] ?? blanks.get(key)
        if (inner === undefined)
          throw new PackError('MISSING_FIELD', codec.path, 'a value, because a later subfield has one')
        at = codec.write(target, at, inner)
        if (value[key] !== undefined) left--
      }
      return at
    },
  }
}

/** The value that is written for a missing subfield: nothing, blanks, zeros; undefined where no such value fits. */
function blankOf(codec: FieldCodec): string | undefined {
  const scratch = Buffer.alloc(codec.maxBytes)
  const bytes = '00'.repeat(Math.max(0, codec.width))
  return ['', '0', 'C0', bytes].find((value) => {
    try {
      return codec.write(scratch, 0, value) <= scratch.length
    } catch {
      return false
    }
  })
}

export function bitmapped(
  inside: Extract<Inside, { kind: 'bitmap' }>,
  context: FieldContext,
  compileField: CompileField,
): ContentCodec {
  const { path, where } = context
  const codecs: FieldCodec[] = []
  for (const [key, codec] of compileAll(inside.fields, context, compileField)) {
    if (!/^[1-9]\d{0,2}$/.test(key))
      throw new UsageError(`has subfield '${key}': expected the number of a bit`, { where })
    codecs[Number(key)] = codec
  }
  const fields = Object.keys(inside.fields).map(Number)
  const bitmap = compileBitmap({ definition: inside.bitmap, fields, path, where })

  return {
    read(source, start, end) {
      const list = createFieldList()
      const values: Record<string, FieldValue> = {}
      let at = bitmap.read(source.bytes, start, end, list)
      for (const number of list.numbers.subarray(0, list.count)) {
        const codec = codecs[number]
        if (codec === undefined) throw unknownField([...path, String(number)], start)
        const next = codec.skip(source.bytes, at, end)
        values[number] = codec.read(source, at, next)
        at = next
      }
      if (at < end) throw new UnpackError('TRAILING', path, at, `the end of its subfields, ${bytesLeft(end - at)}`)
      return values
    },
    write(target, start, value) {
      const list = createFieldList()
      // Keys that are numbers come first and in ascending order, whatever order they were set in.
      for (const key of Object.keys(value)) {
        if (codecs[Number(key)]?.path.at(-1) !== key)
          throw new PackError('UNKNOWN_FIELD', [...path, key], 'a known subfield')
        list.numbers[list.count++] = Number(key)
      }
      let at = bitmap.write(target, start, list)
      for (const number of list.numbers.subarray(0, list.count)) {
        at = (codecs[number] as FieldCodec).write(target, at, value[number] as FieldValue)
      }
      return at
    },
  }
}

/** A bit is set for a field that the dialect does not define, so nobody knows where it ends. */
export function unknownField(path: readonly string[], offset: number): UnpackError {
  return new UnpackError('UNKNOWN_FIELD', path, offset, 'only fields that the dialect defines')
}
