// A message whose fields have been located: offsets in reused arrays, values read only when they are asked for.

import { bytesLeft } from '../../base/text/counted.js'
import type { Peek } from '../codec.js'
import type { FieldCodec } from '../fields/field-codec.js'
import { createFieldList, type FieldList, mostFields } from '../head/bitmap.js'
import type { ThirdBitmap } from '../head/third-bitmap.js'
import { unknownField } from '../inside/positional.js'
import type { Layout } from '../layout.js'
import type { FieldValue } from '../message.js'
import { Source } from '../source.js'
import { UnpackError } from '../unpack-error.js'
import { LengthBytes } from './length-bytes.js'
import { MadeTexts } from './made-texts.js'

const noErrors: readonly Error[] = []

/** Texts of a message that are made one by one: most of what is asked for stood in the last message too. */
const piecesOfMessage = 4

const usualBitmap = Buffer.alloc(64)

/** A class because it is refilled for each message, without making anything but a view where it must. */
export class FieldTable implements Peek {
  bytes: Uint8Array = new Uint8Array(0)
  mti = ''
  bitmapEnd = 0
  /** Fields that have been located: fewer than `list.count` after an error. */
  located = 0
  readonly list: FieldList = createFieldList()
  /** The start of each field, by field number; 0 where the message has no such field. */
  readonly starts: Int32Array = new Int32Array(mostFields + 1)
  readonly ends: Int32Array = new Int32Array(mostFields + 1)
  /** Counts the bitmaps that differ from the one before: as long as it stays, messages have the same fields. */
  shape = 0
  /** All of it was located. */
  isWhole = false
  /** The texts that were asked for: conditions and checks ask for the same few again and again. */
  private readonly texts: MadeTexts = new MadeTexts()
  /** The values that were read and are text; made with the first. */
  private values: MadeTexts | undefined
  /** A message of this shape: copying one and putting other values in costs a third of putting them into an empty one. */
  private sample: Record<number, FieldValue> = {}
  private sampleShape = -1
  /** The message of which each text is known to be; messages are counted. */
  private readonly textOf: Float64Array = new Float64Array(mostFields + 1)
  private message = 0
  private readonly bitmap: Uint8Array
  /** The shape whose bitmap has been compared with the one that pack() would write, and whether it is that one. */
  private comparedShape = -1
  private isUsual = false
  private readonly lengths: LengthBytes
  readonly layout: Layout
  private reader: Source | undefined

  constructor(layout: Layout) {
    this.layout = layout
    this.bitmap = new Uint8Array(layout.bitmap.maxBytes)
    this.lengths = new LengthBytes(layout)
  }

  get source(): Source {
    this.reader ??= new Source(this.bytes)
    return this.reader
  }

  /** Finds every field. Throws UnpackError; what was located until then stays. */
  locate(bytes: Uint8Array): void {
    this.message++
    this.bytes = bytes
    this.reader = undefined
    if (this.isLike(bytes)) {
      this.isWhole = false
      try {
        this.mti = this.layout.mti.read(bytes)
        if (!this.lengths.areIn(bytes)) {
          this.walk(bytes, 0, this.bitmapEnd)
          this.lengths.keep(bytes, this.starts)
        }
        this.isWhole = true
        return
      } catch {
        // Read once more from its beginning: what is wrong with it is told there.
      }
    }
    this.locateAnew(bytes)
  }

  private locateAnew(bytes: Uint8Array): void {
    const { layout } = this
    this.forget()
    this.mti = layout.mti.read(bytes)
    this.bitmapEnd = layout.bitmap.read(bytes, layout.mti.bytes, bytes.length, this.list)
    this.walk(bytes, 0, this.bitmapEnd)
    this.isWhole = true
    this.shape++
    this.lengths.begin(this.list)
    this.lengths.keep(bytes, this.starts)
    for (let at = layout.mti.bytes; at < this.bitmapEnd; at++) this.bitmap[at - layout.mti.bytes] = bytes[at] as number
  }

  /** The message before was whole and had this bitmap: its fields are where they were in the list. */
  private isLike(bytes: Uint8Array): boolean {
    const { layout, bitmap, bitmapEnd } = this
    if (!this.isWhole || layout.third !== undefined || bytes.length < bitmapEnd) return false
    const from = layout.mti.bytes
    for (let at = from; at < bitmapEnd; at++) if (bytes[at] !== bitmap[at - from]) return false
    return true
  }

  has(field: number): boolean {
    return (this.starts[field] ?? 0) !== 0
  }

  text(field: number): string | undefined {
    const at = this.starts[field] ?? 0
    if (at === 0) return undefined
    const { texts, bytes } = this
    if (this.textOf[field] === this.message) return texts.of[field]
    const end = this.ends[field] as number
    if (!texts.areOf(field, bytes, at, end)) {
      this.reader ??= new Source(bytes, undefined, piecesOfMessage)
      texts.keep(field, this.layout.fields[field]?.text(this.reader, at, end), bytes, at, end)
    }
    this.textOf[field] = this.message
    return texts.of[field]
  }

  copyText(field: number, target: Uint8Array, to: number): number {
    const at = this.starts[field] ?? 0
    if (at === 0) return to
    const codec = this.layout.fields[field]
    return codec?.copyText === undefined ? -1 : codec.copyText(this.bytes, at, this.ends[field] as number, target, to)
  }

  /** The values of all fields, of a message that was located whole. Throws UnpackError. */
  read(): Record<number, FieldValue> {
    if (this.sampleShape === this.shape) return this.readInto({ ...this.sample })
    const { count, numbers } = this.list
    const fields: Record<number, FieldValue> = {}
    // Setting the highest number first makes room for all of them at once.
    if (count > 0) fields[numbers[count - 1] as number] = ''
    this.sample = { ...this.readInto(fields) }
    this.sampleShape = this.shape
    return fields
  }

  private readInto(fields: Record<number, FieldValue>): Record<number, FieldValue> {
    const { bytes, starts, ends, source, layout } = this
    const { numbers, count } = this.list
    this.values ??= new MadeTexts()
    const { values } = this
    for (let index = 0; index < count; index++) {
      const field = numbers[index] as number
      const at = starts[field] as number
      const end = ends[field] as number
      const rests = values.rests(field)
      if (!rests && values.areOf(field, bytes, at, end)) {
        fields[field] = values.of[field] as string
        continue
      }
      const value = (layout.fields[field] as FieldCodec).read(source, at, end)
      if (!rests && typeof value === 'string') values.keep(field, value, bytes, at, end)
      fields[field] = value
    }
    return fields
  }

  /** The whole message has the bitmap that pack() would write for its fields. */
  hasUsualBitmap(): boolean {
    const { layout, bytes, bitmapEnd } = this
    if (this.isWhole && this.comparedShape === this.shape) return this.isUsual
    const from = layout.mti.bytes
    const length = layout.bitmap.write(usualBitmap, 0, this.list)
    let isUsual = length === bitmapEnd - from
    for (let index = 0; isUsual && index < length; index++) isUsual = bytes[from + index] === usualBitmap[index]
    this.comparedShape = this.shape
    this.isUsual = isUsual
    return isUsual
  }

  raw(field: number): Uint8Array | undefined {
    const at = this.starts[field] ?? 0
    return at === 0 ? undefined : this.bytes.subarray(at, this.ends[field])
  }

  private forget(): void {
    const { list, starts } = this
    for (let index = 0; index < list.count; index++) starts[list.numbers[index] as number] = 0
    this.isWhole = false
    list.count = 0
    this.mti = ''
    this.located = 0
    this.bitmapEnd = 0
  }

  /**
   * As locate, past fields that are wrong and say where they end. Returns what is wrong with them, the error that ended the
   * reading last.
   */
  locateOn(bytes: Uint8Array): readonly Error[] {
    try {
      this.locate(bytes)
      return noErrors
    } catch (error) {
      const errors = [error as Error]
      while (this.goOn(errors)) {}
      return errors
    }
  }

  /** Takes the field that reading stopped at as it says it is, and reads on. False where it says nothing. */
  private goOn(errors: Error[]): boolean {
    const { list, located, layout, bytes, starts, ends } = this
    if (this.bitmapEnd === 0 || located >= list.count) return false
    const at = located === 0 ? this.bitmapEnd : (ends[list.numbers[located - 1] as number] as number)
    const field = list.numbers[located] as number
    const next = layout.fields[field]?.reach?.(bytes, at, bytes.length)
    if (next === undefined) return false
    starts[field] = at
    ends[field] = next
    this.located = located + 1
    try {
      this.walk(bytes, located + 1, next)
      return false
    } catch (error) {
      errors.push(error as Error)
      return true
    }
  }

  /** The end of a field that says itself where it ends, or that the message is too short for. */
  private skip(field: number, bytes: Uint8Array, at: number): number {
    const codec = this.layout.fields[field]
    if (codec === undefined) throw unknownField([String(field)], at)
    return codec.skip(bytes, at, bytes.length)
  }

  private readThird(third: ThirdBitmap): void {
    const value = this.text(third.field)
    if (value === undefined) return
    third.addTo(this.list, Buffer.from(value, 'hex'))
  }

  private walk(bytes: Uint8Array, first: number, from: number): void {
    const { list, starts, ends, layout } = this
    const { widths, third } = layout
    const { numbers } = list
    const end = bytes.length
    let at = from
    for (let index = first; index < list.count; index++) {
      const field = numbers[index] as number
      const width = widths[field] as number
      let next = at + width
      if (width < 0 || next > end) {
        this.located = index
        next = this.skip(field, bytes, at)
      }
      starts[field] = at
      ends[field] = next
      at = next
      if (third !== undefined && field === third.field) {
        this.located = index + 1
        this.readThird(third)
      }
    }
    this.located = list.count
    if (at !== end) throw new UnpackError('TRAILING', [], at, `the end of the message, ${bytesLeft(end - at)}`)
  }
}
