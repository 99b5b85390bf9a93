// The counts of an HdrHistogram of 3 digits, kept only where there are any: a few kB for most distributions, so that
// thousands can be held. Also reads and writes the library's V2 encoding straight from and to counts, which is 10 times as
// fast as with a histogram in between. Source of both layouts: HdrHistogram's own, lowest value 1, 2,048 steps in the first bucket.

import type { ExactSums } from './exact-sums.js'

/** Steps of one bucket beyond the first: half of the 2,048 that 3 digits need. */
const halfSteps = 1024
const halfStepsBits = 10
/** Counts that are held together, a power of two. */
const blockCounts = 128
const blockBits = 7
const two16 = 65_536

/** The place of a value (a whole number >= 0) in an HdrHistogram of 3 digits. */
export function bucketOf(units: number): number {
  if (units < 2 * halfSteps) return units
  if (units < 2 ** 31) {
    const bucket = 31 - Math.clz32(units) - halfStepsBits
    return (bucket << halfStepsBits) + (units >> bucket)
  }
  // Beyond 32 bits the upper part decides.
  const bucket = 47 - Math.clz32(Math.floor(units / two16)) - halfStepsBits
  return bucket * halfSteps + Math.floor(units / 2 ** bucket)
}

/** The least value that is counted at this place. */
export function bucketValue(place: number): number {
  const bucket = (place >> halfStepsBits) - 1
  if (bucket < 0) return place
  return ((place & (halfSteps - 1)) + halfSteps) * 2 ** bucket
}

/** Lives as long as it is referenced; nothing to destroy. */
export class HistogramCounts {
  readonly #blocks: (Float64Array | undefined)[] = []

  add(place: number, times: number): void {
    const index = place >> blockBits
    let block = this.#blocks[index]
    if (block === undefined) {
      while (this.#blocks.length <= index) this.#blocks.push(undefined)
      block = new Float64Array(blockCounts)
      this.#blocks[index] = block
    }
    block[place & (blockCounts - 1)] = (block[place & (blockCounts - 1)] as number) + times
  }

  /** Forgets all counts, and keeps the room for as many. */
  clear(): void {
    for (const block of this.#blocks) block?.fill(0)
  }

  /** Every place that has a count, rising. */
  forEach(take: (place: number, times: number) => void): void {
    for (let index = 0; index < this.#blocks.length; index++) {
      const block = this.#blocks[index]
      if (block === undefined) continue
      for (let offset = 0; offset < blockCounts; offset++) {
        const times = block[offset] as number
        if (times > 0) take(index * blockCounts + offset, times)
      }
    }
  }
}

/**
 * The highest values that are counted where these percentiles (rising, of `total` counts) are reached, as the library's
 * `getValueAtPercentile` has them: there is at least one count.
 */
export function percentilesOf(counts: HistogramCounts, total: number, percentiles: readonly number[]): number[] {
  // A count that is whole but for the last bit of a fraction is whole.
  const ranks = percentiles.map((percentile) => Math.max(1, Math.ceil((percentile / 100) * total * (1 - 2 ** -52))))
  const found: number[] = []
  let seen = 0
  counts.forEach((place, times) => {
    seen += times
    while (seen >= (ranks[found.length] ?? Number.POSITIVE_INFINITY)) found.push(bucketValue(place + 1) - 1)
  })
  return found
}

/** Values counted outside of a histogram of the library; `min` and `max` are in units. */
export interface CountedValues {
  readonly counts: HistogramCounts
  readonly sums: ExactSums
  readonly count: number
  readonly clamped: number
  readonly min: number
  readonly max: number
}

/** Cookie, payload length, normalizing offset, digits (4 bytes each), lowest, highest, ratio (8 each). */
export const v2HeaderBytes = 40
/** V2 with words of 9 bytes at the most. */
const v2Cookie = 0x1c849303
/** The difference between V2 encodings of equal meaning: the size of a word. */
const wordSizeMask = ~0xf0
const cookieBytes = 4
const wordBytes = 9

/** Grows as needed; each encoding is copied out of it. */
let room = new Uint8Array(8192)

/** The V2 encoding, not compressed, of a histogram of 3 digits whose highest value is this one. */
export function writeV2(counts: HistogramCounts, highest: number): Uint8Array {
  let end = v2HeaderBytes
  let next = 0
  const word = (value: number) => {
    for (; value >= 0x80; value = Math.floor(value / 128)) room[end++] = (value % 128) | 0x80
    room[end++] = value
  }
  counts.forEach((place, times) => {
    if (end + 2 * wordBytes > room.length) room = grown(room)
    const empty = place - next
    if (empty > 0) word(empty === 1 ? 0 : 2 * empty - 1)
    word(2 * times)
    next = place + 1
  })
  const head = new DataView(room.buffer)
  head.setInt32(0, v2Cookie | 0x10)
  head.setInt32(4, end - v2HeaderBytes)
  head.setInt32(8, 1)
  head.setInt32(12, 3)
  head.setBigInt64(16, 1n)
  head.setBigInt64(24, BigInt(highest))
  head.setBigInt64(32, 1n)
  return room.slice(0, end)
}

/** Whether an encoding begins with this cookie, whatever the size of its words. */
export function hasCookie(bytes: Uint8Array, cookie: number): boolean {
  if (bytes.length < cookieBytes) return false
  const found = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0)
  return (found & wordSizeMask) === (cookie & wordSizeMask)
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length)
  larger.set(bytes)
  return larger
}

/** The highest value that a V2 encoding says its histogram has room for. Throws RangeError for a header that is none of ours. */
export function rangeOfV2(bytes: Uint8Array): number {
  if (bytes.length < v2HeaderBytes) throw new RangeError('shorter than its header')
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [lowest, highest] = [head.getBigInt64(16), head.getBigInt64(24)]
  if (lowest !== 1n || highest < 2n || highest > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError(`a range from ${lowest} to ${highest}`)
  return Number(highest)
}

/**
 * Hands over every count of a V2 encoding, not compressed, in rising order of its place.
 * Throws RangeError for bytes that are no V2 encoding of 3 digits, whose counts reach `places`, or that are cut.
 */
export function readV2(bytes: Uint8Array, places: number, take: (place: number, times: number) => void): void {
  if (bytes.length < v2HeaderBytes) throw new RangeError('shorter than its header')
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!hasCookie(bytes, v2Cookie)) throw new RangeError('not version 2')
  const digits = head.getInt32(12)
  if (digits !== 3) throw new RangeError(`${digits} digits`)
  const end = v2HeaderBytes + head.getInt32(4)
  if (end < v2HeaderBytes || end > bytes.length) throw new RangeError('shorter than it says')
  let place = 0
  for (let at = v2HeaderBytes; at < end; ) {
    let word = 0
    let scale = 1
    for (let index = 0; ; index++) {
      if (at >= end) throw new RangeError('cut in the middle of a count')
      const byte = bytes[at++] as number
      // The ninth byte has no mark of another one to follow.
      word += (index === 8 ? byte : byte & 0x7f) * scale
      if (index === 8 || byte < 0x80) break
      scale *= 128
    }
    if (word > Number.MAX_SAFE_INTEGER) throw new RangeError('a count beyond 2^53')
    // ZigZag: even words are counts, odd ones are runs of places without any; a single empty place is written as 0.
    const times = word % 2 === 0 ? word / 2 : -(word + 1) / 2
    if (times > 0) {
      if (place >= places) throw new RangeError('more counts than its range has places')
      take(place++, times)
    } else place += times === 0 ? 1 : -times
  }
}
