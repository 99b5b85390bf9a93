// Texts that need not be made again: most fields are what they were in the message before.

import { mostFields } from '../head/bitmap.js'

/** The most bytes of a field that are compared with those that it had last. */
const comparedBytes = 48
/** A field that was another so often in a row, as a trace number is, is not compared in the next 250 messages. */
const patience = 4
/** In place of a number of bytes: none are compared. */
const tooMany = 255

/** The last text that was made of each field, and the bytes that it was made of. */
export class MadeTexts {
  readonly of: (string | undefined)[] = Array.from({ length: mostFields + 1 }, () => undefined)
  private readonly madeOf: Uint8Array = new Uint8Array((mostFields + 1) * comparedBytes)
  private readonly madeOfBytes: Uint8Array = new Uint8Array(mostFields + 1).fill(tooMany)
  /** How often in a row the field was another. */
  private readonly misses: Uint8Array = new Uint8Array(mostFields + 1)
  /** Up to there the bytes that were compared last are those that are kept. */
  private sameUntil = 0

  /** The field has been another time and again: it need not be compared in this message, which is counted. */
  rests(field: number): boolean {
    const missed = this.misses[field] as number
    if (missed < patience) return false
    // 255 is followed by 0: then it is compared again.
    this.misses[field] = missed + 1
    return true
  }

  /** The field's text is of these bytes. */
  areOf(field: number, bytes: Uint8Array, at: number, end: number): boolean {
    const { madeOf, misses } = this
    let index = at
    if (this.madeOfBytes[field] === end - at) {
      const from = field * comparedBytes - at
      while (index < end && bytes[index] === madeOf[from + index]) index++
      if (index === end) {
        misses[field] = 0
        return true
      }
    }
    misses[field] = Math.min((misses[field] as number) + 1, patience)
    this.sameUntil = index
    return false
  }

  /** After areOf(), with the same bytes. */
  keep(field: number, text: string | undefined, bytes: Uint8Array, at: number, end: number): void {
    const { madeOf } = this
    this.of[field] = text
    const isShort = end - at <= comparedBytes
    this.madeOfBytes[field] = isShort ? end - at : tooMany
    if (!isShort) return
    const from = field * comparedBytes - at
    for (let index = this.sameUntil; index < end; index++) madeOf[from + index] = bytes[index] as number
  }
}
