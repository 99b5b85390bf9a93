// Answers made from requests: echoed fields are copied as they stand, others are written, nothing else is read.

import type { Answerer, AnswerPlan, Peek } from './codec.js'
import type { FieldCodec } from './fields/field-codec.js'
import { createFieldList } from './head/bitmap.js'
import type { Layout } from './layout.js'
import { FieldTable } from './located/field-table.js'
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
  const start = Buffer.alloc(layout.mti.bytes)
  layout.mti.write(start, 0, plan.mti)
  const setBytes = planned.reduce((sum, { codec, value }) => sum + (value < 0 ? 0 : codec.maxBytes), 0)
  const fresh = freshAnswers(layout, planned, start)
  const like = layout.third === undefined ? new LikeAnswers(layout, planned, start) : undefined

  return {
    maxBytes: (requestBytes) => start.length + layout.bitmap.maxBytes + setBytes + requestBytes,
    write(request, values, target, at) {
      if (like === undefined || !(request instanceof FieldTable) || !request.isWhole)
        return fresh(request, values, target, at)
      return like.write(request, values, target, at)
    },
  }
}

/** Answers whose fields are worked out for each. */
function freshAnswers(layout: Layout, planned: readonly PlannedField[], start: Uint8Array): Answerer['write'] {
  const list = createFieldList()
  return (request, values, target, at) => {
    list.count = 0
    for (const { number, value } of planned) {
      if (number !== layout.third?.field && isIn(value, number, request, values)) list.numbers[list.count++] = number
    }
    layout.third?.announce(list)
    target.set(start, at)
    let next = layout.bitmap.write(target, at + start.length, list)
    let index = 0
    for (const { number, codec, value } of planned) {
      if (index === list.count || list.numbers[index] !== number) continue
      index++
      if (number === layout.third?.field) next = codec.write(target, next, layout.third.valueFor(list))
      else if (value >= 0) next = codec.write(target, next, values[value] as string)
      else next = copyBytes(request.raw(number) ?? new Uint8Array(0), target, next)
    }
    return next
  }
}

const isIn = (value: number, number: number, request: Peek, values: readonly (string | undefined)[]) =>
  value < 0 ? request.has(number) : values[value] !== undefined

/** Neighbours of the request that are copied together, or one field that is set. */
interface Step {
  readonly first: number
  readonly last: number
  readonly set: PlannedField | undefined
}

/**
 * Answers to requests that have the fields of the one before: their fields are worked out once, and neighbours among those that are copied
 * go in one piece.
 */
class LikeAnswers {
  readonly #layout: Layout
  readonly #planned: readonly PlannedField[]
  readonly #start: Uint8Array
  readonly #list = createFieldList()
  #table: FieldTable | undefined
  #shape = 0
  /** The values that were set then. */
  #isSet: boolean[] = []
  /** MTI and bitmap. */
  #head: Uint8Array = new Uint8Array(0)
  #steps: readonly Step[] = []

  constructor(layout: Layout, planned: readonly PlannedField[], start: Uint8Array) {
    this.#layout = layout
    this.#planned = planned
    this.#start = start
  }

  write(request: FieldTable, values: readonly (string | undefined)[], target: Uint8Array, at: number): number {
    if (!this.#isLike(request, values)) this.#workOut(request, values)
    let next = copy(this.#head, 0, this.#head.length, target, at)
    for (const { first, last, set } of this.#steps) {
      if (set !== undefined) next = set.codec.write(target, next, values[set.value] as string)
      else next = copy(request.bytes, request.starts[first] as number, request.ends[last] as number, target, next)
    }
    return next
  }

  #isLike(request: FieldTable, values: readonly (string | undefined)[]): boolean {
    if (request !== this.#table || request.shape !== this.#shape || values.length !== this.#isSet.length) return false
    for (let index = 0; index < values.length; index++)
      if ((values[index] !== undefined) !== this.#isSet[index]) return false
    return true
  }

  #workOut(request: FieldTable, values: readonly (string | undefined)[]): void {
    const list = this.#list
    const { numbers, count } = request.list
    const before = new Map(Array.from(numbers.subarray(0, count), (number, index) => [number, numbers[index - 1]]))
    const steps: Step[] = []
    list.count = 0
    for (const field of this.#planned) {
      const { number, value } = field
      if (!isIn(value, number, request, values)) continue
      list.numbers[list.count++] = number
      const open = steps.at(-1)
      if (value >= 0) steps.push({ first: number, last: number, set: field })
      else if (open?.set === undefined && open !== undefined && before.get(number) === open.last)
        steps[steps.length - 1] = { ...open, last: number }
      else steps.push({ first: number, last: number, set: undefined })
    }
    const head = new Uint8Array(this.#start.length + this.#layout.bitmap.maxBytes)
    head.set(this.#start)
    this.#head = head.subarray(0, this.#layout.bitmap.write(head, this.#start.length, list))
    this.#steps = steps
    this.#table = request
    this.#shape = request.shape
    this.#isSet = values.map((value) => value !== undefined)
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

/** Few bytes are copied one by one: less than the cost of a view, which a Uint8Array has for less than a Buffer. */
const fewBytes = 24

function copy(from: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start > fewBytes)
    return copyBytes(new Uint8Array(from.buffer, from.byteOffset + start, end - start), target, at)
  for (let index = start; index < end; index++) target[at + index - start] = from[index] as number
  return at + end - start
}

function copyBytes(bytes: Uint8Array, target: Uint8Array, at: number): number {
  target.set(bytes, at)
  return at + bytes.length
}
