// Prepared messages: bytes that never change are packed once, and each call writes only the fields that do. A text that stood there in
// the message before, as a time does for a second, is not written again.

import type { Template } from './codec.js'
import type { FieldCodec } from './fields/field-codec.js'
import { createFieldList } from './head/bitmap.js'
import { writeGrowing } from './inside/content.js'
import type { Layout } from './layout.js'
import type { Message } from './message.js'
import { knownField } from './pack.js'

/** Bytes up to and with a slot of varying length, or up to the end. */
interface Segment {
  readonly bytes: Buffer
  /** Slots that stand at a fixed place in `bytes`. */
  readonly inside: readonly Slot[]
  /** The slot that follows. */
  readonly after: Slot | undefined
}

interface Slot {
  readonly codec: FieldCodec
  readonly value: number
  readonly offset: number
  /** The text that stands there, where it is in `bytes`; null: none, or part of one. */
  stands: string | null
}

/** Throws PackError for a message that cannot be packed or a slot that is no field. */
export function compileTemplate(layout: Layout, message: Message, slots: readonly number[]): Template {
  return new SegmentTemplate(segmentsOf(layout, message, slots))
}

class SegmentTemplate implements Template {
  readonly maxBytes: number
  readonly #segments: readonly Segment[]

  constructor(segments: readonly Segment[]) {
    this.maxBytes = segments.reduce((sum, { bytes, after }) => sum + bytes.length + (after?.codec.maxBytes ?? 0), 0)
    this.#segments = segments
  }

  write(target: Uint8Array, start: number, values: readonly string[]): number {
    let at = start
    for (const { bytes, inside, after } of this.#segments) {
      for (const slot of inside) fill(bytes, slot, values[slot.value] as string)
      target.set(bytes, at)
      at += bytes.length
      if (after !== undefined) at = after.codec.write(target, at, values[after.value] as string)
    }
    return at
  }
}

function fill(bytes: Uint8Array, slot: Slot, value: string): void {
  if (value === slot.stands) return
  // A text that cannot be written leaves part of itself.
  slot.stands = null
  slot.codec.write(bytes, slot.offset, value)
  slot.stands = value
}

function segmentsOf(layout: Layout, message: Message, slots: readonly number[]): readonly Segment[] {
  const list = createFieldList()
  const numbers = new Set([...Object.keys(message.fields).map((key) => knownField(layout, key)), ...slots])
  for (const number of [...numbers].sort((a, b) => a - b)) list.numbers[list.count++] = number
  layout.third?.announce(list)
  const segments: Segment[] = []
  let open = startOf(layout, message.mti, list)
  for (const number of list.numbers.subarray(0, list.count)) {
    const codec = layout.fields[knownField(layout, String(number))] as FieldCodec
    const value = slots.indexOf(number)
    if (value < 0) {
      open.chunks.push(packOne(codec, (message.fields[number] ?? layout.third?.valueFor(list)) as string))
    } else if (codec.width < 0) {
      segments.push(close(open, { codec, value, offset: 0, stands: null }))
      open = { chunks: [], inside: [] }
    } else {
      const offset = open.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      open.inside.push({ codec, value, offset, stands: null })
      open.chunks.push(Buffer.alloc(codec.width))
    }
  }
  segments.push(close(open, undefined))
  return segments.filter(({ bytes, after }) => bytes.length > 0 || after !== undefined)
}

interface OpenSegment {
  readonly chunks: Buffer[]
  readonly inside: Slot[]
}

function startOf(layout: Layout, mti: string, list: ReturnType<typeof createFieldList>): OpenSegment {
  const start = Buffer.alloc(layout.mti.bytes + layout.bitmap.maxBytes)
  const end = layout.bitmap.write(start, layout.mti.write(start, 0, mti), list)
  return { chunks: [start.subarray(0, end)], inside: [] }
}

function packOne(codec: FieldCodec, value: string): Buffer {
  return writeGrowing((target) => codec.write(target, 0, value))
}

const close = ({ chunks, inside }: OpenSegment, after: Slot | undefined): Segment => ({
  bytes: Buffer.concat(chunks),
  inside,
  after,
})
