// A message whose fields have been located: offsets in reused arrays, values read only when they are asked for.

import { bytesLeft } from '../base/text/counted.js'
import type { Peek } from './codec.js'
import { createFieldList, type FieldList, mostFields } from './head/bitmap.js'
import type { ThirdBitmap } from './head/third-bitmap.js'
import { unknownField } from './inside/positional.js'
import type { Layout } from './layout.js'
import { asBuffer, Source } from './source.js'
import { UnpackError } from './unpack-error.js'

const noErrors: readonly Error[] = []

/** A class because it is refilled for each message, without making anything but a view where it must. */
export class FieldTable implements Peek {
  bytes: Buffer = Buffer.alloc(0)
  mti = ''
  bitmapEnd = 0
  /** Fields that have been located: fewer than `list.count` after an error. */
  located = 0
  readonly list: FieldList = createFieldList()
  /** The start of each field, by field number; 0 where the message has no such field. */
  readonly starts: Int32Array = new Int32Array(mostFields + 1)
  readonly ends: Int32Array = new Int32Array(mostFields + 1)
  /** Texts that were asked for: conditions and checks ask for the same few again and again. */
  private readonly texts: (string | undefined)[] = Array.from({ length: mostFields + 1 }, () => undefined)
  readonly layout: Layout
  private reader: Source | undefined

  constructor(layout: Layout) {
    this.layout = layout
  }

  get source(): Source {
    this.reader ??= new Source(this.bytes)
    return this.reader
  }

  /** Finds every field. Throws UnpackError; what was located until then stays. */
  locate(bytes: Uint8Array): void {
    this.forget()
    this.bytes = asBuffer(bytes)
    this.mti = this.layout.mti.read(bytes)
    this.bitmapEnd = this.layout.bitmap.read(bytes, this.layout.mti.bytes, bytes.length, this.list)
    this.walk(bytes, 0, this.bitmapEnd)
  }

  has(field: number): boolean {
    return (this.starts[field] ?? 0) !== 0
  }

  text(field: number): string | undefined {
    const at = this.starts[field] ?? 0
    if (at === 0) return undefined
    const known = this.texts[field]
    if (known !== undefined) return known
    const text = this.layout.fields[field]?.text(this.source, at, this.ends[field] as number)
    this.texts[field] = text
    return text
  }

  raw(field: number): Uint8Array | undefined {
    const at = this.starts[field] ?? 0
    return at === 0 ? undefined : this.bytes.subarray(at, this.ends[field])
  }

  private forget(): void {
    const { list, starts, texts } = this
    for (let index = 0; index < list.count; index++) {
      const field = list.numbers[index] as number
      starts[field] = 0
      texts[field] = undefined
    }
    list.count = 0
    this.mti = ''
    this.located = 0
    this.bitmapEnd = 0
    this.reader = undefined
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

  private readThird(third: ThirdBitmap): void {
    const value = this.text(third.field)
    if (value === undefined) return
    third.addTo(this.list, Buffer.from(value, 'hex'))
  }

  private walk(bytes: Uint8Array, first: number, from: number): void {
    const { list, starts, ends, layout } = this
    const { widths, fields } = layout
    const { numbers } = list
    const end = bytes.length
    let at = from
    for (let index = first; index < list.count; index++) {
      const field = numbers[index] as number
      const width = widths[field] as number
      let next = at + width
      if (width < 0 || next > end) {
        const codec = fields[field]
        if (codec === undefined) throw unknownField([String(field)], at)
        next = codec.skip(bytes, at, end)
      }
      starts[field] = at
      ends[field] = next
      at = next
      this.located = index + 1
      if (field === layout.third?.field) this.readThird(layout.third)
    }
    if (at !== end) throw new UnpackError('TRAILING', [], at, `the end of the message, ${bytesLeft(end - at)}`)
  }
}
