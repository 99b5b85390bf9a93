// Histograms of short intervals, thousands of them: the few in use are counts, the rest are packed into 2 kB each at the most, as a rule.

import { type Histogram, initWebAssemblySync, WasmHistogram } from 'hdr-histogram-js'
import { UsageError } from '../../base/errors.js'
import { compressV2, inflateV2, isCompressedV2 } from './compressed.js'
import { bucketOf, type HistogramCounts, percentilesOf, rangeOfV2, readV2, writeV2 } from './counts.js'
import { type CountedTime, responseRange } from './histogram.js'

const places = bucketOf(responseRange.highest) + 1

/** One interval's histogram as plain data, in µs: may be sent to another thread. */
export interface PackedInterval {
  /** V2 encoding of HdrHistogram, compressed or not. */
  readonly bytes: Uint8Array
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Bytes of a packed interval above which it is compressed while it is kept: 4,400 bytes of 5,000 times become 1,600, in 0.04 ms. */
const compressedBytes = 128

/** Bytes of an encoding that unpacks: our range has 27,000 counts at the most. */
const maxEncodingBytes = 1 << 18

/** One that is recorded in: some 30 kB. At least one value must be in it before it is packed. */
export class OpenInterval {
  readonly #counts: HistogramCounts
  #count = 0
  #max = 0

  /** `counts` are empty, and given back by `close`. */
  constructor(counts: HistogramCounts) {
    this.#counts = counts
  }

  record({ units, place }: CountedTime, times: number): void {
    this.#counts.add(place, times)
    this.#count += times
    if (units > this.#max) this.#max = units
  }

  /** Straight from bytes to counts: a decoded histogram in between costs 13 times as much. Throws UsageError for bytes that are none. */
  add({ bytes, max }: PackedInterval): void {
    readInterval(bytes, (place, times) => {
      this.#counts.add(place, times)
      this.#count += times
    })
    this.#max = Math.max(this.#max, max)
  }

  /** Percentiles, exact maximum and counts so far; not compressed, because that takes longest. */
  packed(): PackedInterval {
    const max = this.#max
    const [p50 = max, p99 = max] = percentilesOf(this.#counts, this.#count, [50, 99])
    const bytes = writeV2(this.#counts, responseRange.highest)
    return { bytes, p50: Math.min(max, p50), p99: Math.min(max, p99), max }
  }

  /** The same, compressed where that helps, and the counts, empty. It must not be used again. */
  close(): readonly [PackedInterval, HistogramCounts] {
    const packed = this.packed()
    this.#counts.clear()
    const { bytes } = packed
    return [{ ...packed, bytes: bytes.length > compressedBytes ? compressV2(bytes) : bytes }, this.#counts]
  }
}

const encodingOf = (bytes: Uint8Array) => (isCompressedV2(bytes) ? inflateV2(bytes, maxEncodingBytes) : bytes)

/** Throws UsageError for bytes that are no histogram of an interval. */
export function checkInterval(bytes: Uint8Array): void {
  readInterval(bytes, () => {})
}

/** Within its own range too: the library trusts that. */
function readInterval(bytes: Uint8Array, take: (place: number, times: number) => void): void {
  try {
    const encoding = encodingOf(bytes)
    readV2(encoding, Math.min(places, bucketOf(rangeOfV2(encoding)) + 1), take)
  } catch (cause) {
    throw new UsageError(`the histogram of an interval cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** The histogram of a packed interval; the caller must destroy it. Only for bytes that were made here, or checked: they are trusted. */
export function unpackInterval(bytes: Uint8Array): Histogram {
  initWebAssemblySync()
  return WasmHistogram.decode(encodingOf(bytes), 32)
}
