// Answers made from requests: echoed fields are copied as they stand, others are written, nothing else is read.

import type { Answerer, AnswerPlan, Peek } from './codec.js'
import { FieldTable } from './field-table.js'
import type { FieldCodec } from './fields/field-codec.js'
import { createFieldList } from './head/bitmap.js'
import type { Layout } from './layout.js'
import { knownField } from './pack.js'

interface PlannedField {
  readonly number: number
  readonly codec: FieldCodec
  /** Index of the value, -1 where the field is copied. */
  readonly value: number
}

/** Throws PackError for an MTI or a field that the dialect cannot have. */
export function compileAnswerer(layout: Layout, plan: AnswerPlan): Answerer {
  const planned = planFields(layout, plan)
  const list = createFieldList()
  const start = Buffer.alloc(layout.mti.bytes)
  layout.mti.write(start, 0, plan.mti)
  const setBytes = planned.reduce((sum, { codec, value }) => sum + (value < 0 ? 0 : codec.maxBytes), 0)

  return {
    maxBytes: (requestBytes) => start.length + layout.bitmap.maxBytes + setBytes + requestBytes,
    write(request, values, target, at) {
      list.count = 0
      for (const { number, value } of planned) {
        if (number !== layout.third?.field && (value < 0 ? request.has(number) : values[value] !== undefined))
          list.numbers[list.count++] = number
      }
      layout.third?.announce(list)
      target.set(start, at)
      let next = layout.bitmap.write(target, at + start.length, list)
      let index = 0
      for (const { number, codec, value } of planned) {
        if (index === list.count || list.numbers[index] !== number) continue
        index++
        if (number === layout.third?.field) next = codec.write(target, next, layout.third.valueFor(list))
        else
          next =
            value < 0 ? copyField(request, number, target, next) : codec.write(target, next, values[value] as string)
      }
      return next
    },
  }
}

function planFields(layout: Layout, { echoed, set }: AnswerPlan): readonly PlannedField[] {
  const third = layout.third === undefined ? [] : [layout.third.field]
  const numbers = [...new Set([...echoed, ...set, ...third])].sort((a, b) => a - b)
  return numbers.map((number) => ({
    number,
    codec: layout.fields[knownField(layout, String(number))] as FieldCodec,
    value: set.indexOf(number),
  }))
}

/** Short fields are copied byte by byte: less than the cost of a view. */
const shortBytes = 48

function copyField(request: Peek, number: number, target: Uint8Array, at: number): number {
  if (!(request instanceof FieldTable)) return copyBytes(request.raw(number) ?? new Uint8Array(0), target, at)
  const from = request.starts[number] as number
  const end = request.ends[number] as number
  if (end - from > shortBytes) return copyBytes(request.bytes.subarray(from, end), target, at)
  const { bytes } = request
  for (let index = from; index < end; index++) target[at + index - from] = bytes[index] as number
  return at + end - from
}

function copyBytes(bytes: Uint8Array, target: Uint8Array, at: number): number {
  target.set(bytes, at)
  return at + bytes.length
}
