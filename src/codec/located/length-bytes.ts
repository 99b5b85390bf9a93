// The bytes that say how long the fields of a message are.

import type { FieldList } from '../head/bitmap.js'
import type { Layout } from '../layout.js'

/** Bytes of lengths of one message that are remembered; a message with more of them is walked through every time. */
const mostLengthBytes = 64

/** Those of the last whole message: with the same ones, all fields of the next stand where they stood. */
export class LengthBytes {
  private readonly layout: Layout
  private readonly places: Int32Array = new Int32Array(mostLengthBytes)
  private readonly values: Uint8Array = new Uint8Array(mostLengthBytes)
  /** Fields of a varying length. */
  private readonly fields: number[] = []
  private readonly sizes: number[] = []
  /** None where a field says in another way where it ends. */
  private isKnown = false
  private count = 0
  private messageBytes = 0

  constructor(layout: Layout) {
    this.layout = layout
  }

  /** The messages that come have other fields. */
  begin({ count, numbers }: FieldList): void {
    const { fields, sizes, layout } = this
    fields.length = sizes.length = 0
    for (let index = 0; index < count; index++) {
      const field = numbers[index] as number
      if ((layout.widths[field] as number) >= 0) continue
      fields.push(field)
      sizes.push(layout.fields[field]?.lengthBytes ?? mostLengthBytes + 1)
    }
    this.isKnown = layout.third === undefined && sizes.reduce((sum, size) => sum + size, 0) <= mostLengthBytes
  }

  /** All fields have been found. */
  keep(bytes: Uint8Array, starts: Int32Array): void {
    if (!this.isKnown) return
    const { fields, sizes, places, values } = this
    let count = 0
    for (let index = 0; index < fields.length; index++) {
      const from = starts[fields[index] as number] as number
      const end = from + (sizes[index] as number)
      for (let at = from; at < end; at++, count++) {
        places[count] = at
        values[count] = bytes[at] as number
      }
    }
    this.count = count
    this.messageBytes = bytes.length
  }

  areIn(bytes: Uint8Array): boolean {
    const { places, values, count } = this
    if (!this.isKnown || bytes.length !== this.messageBytes) return false
    for (let index = 0; index < count; index++) if (bytes[places[index] as number] !== values[index]) return false
    return true
  }
}
