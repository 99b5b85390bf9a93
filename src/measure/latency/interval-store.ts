// Histograms of short intervals, thousands of them: the few in use are counts, the rest are packed into 2 kB each at the most, as a rule.
// An answer may come long after the second it is counted in, so a packed one is opened again when it is needed.

import { type Histogram, WasmHistogram } from 'hdr-histogram-js'
import { compressV2, inflateV2, isCompressedV2 } from './compressed.js'
import { bucketOf, HistogramCounts, percentilesOf, readV2, writeV2 } from './counts.js'
import { type CountedTime, responseRange } from './histogram.js'

/** Intervals in use, some 30 kB each: four kinds for each of the 32 seconds that transactions with a timeout of 30 s span. */
const maxLive = 128

const places = bucketOf(responseRange.highest) + 1

/** One interval's histogram as plain data, in µs: may be sent to another thread. */
export interface PackedInterval {
  /** V2 encoding of HdrHistogram, compressed or not. */
  readonly bytes: Uint8Array
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Bytes of a packed interval above which it is compressed while it is kept: 4,400 bytes of 5,000 times become 1,800, in 0.04 ms. */
const compressedBytes = 512

/** Bytes of an encoding that unpacks: our range has 27,000 counts at the most. */
const maxEncodingBytes = 1 << 18

/** A place for one histogram; empty until something is recorded in it. */
export interface Interval {
  live: HistogramCounts | undefined
  kept: PackedInterval | undefined
  max: number
  usedAt: number
}

export interface IntervalStore {
  record(interval: Interval, value: CountedTime, times: number): void
  /** Percentiles and exact maximum in µs, and the bytes; undefined when nothing was recorded. */
  pack(interval: Interval): PackedInterval | undefined
  add(interval: Interval, packed: PackedInterval | undefined): void
  /** Moves what `from` holds into `into`. */
  merge(into: Interval, from: Interval): void
  /** Gives all memory back. Idempotent. */
  destroy(): void
}

export const emptyInterval = (): Interval => ({ live: undefined, kept: undefined, max: 0, usedAt: 0 })

export function createIntervalStore(): IntervalStore {
  const live: Interval[] = []
  const spare: HistogramCounts[] = []
  let uses = 0

  const seal = (interval: Interval) => {
    const { live: counts } = interval
    if (counts === undefined) return
    interval.kept = compressed(packed(counts, interval.max))
    interval.live = undefined
    counts.clear()
    spare.push(counts)
    live.splice(live.indexOf(interval), 1)
  }

  const open = (interval: Interval): HistogramCounts => {
    interval.usedAt = ++uses
    if (interval.live !== undefined) return interval.live
    if (live.length >= maxLive) seal(leastRecent(live))
    const counts = spare.pop() ?? new HistogramCounts()
    if (interval.kept !== undefined) unpackInto(counts, interval.kept)
    interval.live = counts
    interval.kept = undefined
    live.push(interval)
    return counts
  }

  const add = (interval: Interval, other: PackedInterval | undefined) => {
    if (other === undefined) return
    unpackInto(open(interval), other)
    interval.max = Math.max(interval.max, other.max)
  }

  return {
    record(interval, { units, place }, times) {
      open(interval).add(place, times)
      if (units > interval.max) interval.max = units
    },
    pack: ({ live: counts, kept, max }) => (counts === undefined ? kept : packed(counts, max)),
    add,
    merge(into, from) {
      seal(from)
      if (into.live === undefined && into.kept === undefined) {
        into.kept = from.kept
        into.max = from.max
      } else add(into, from.kept)
    },
    destroy() {
      for (const interval of live.splice(0)) interval.live = undefined
      spare.length = 0
    },
  }
}

function packed(counts: HistogramCounts, max: number): PackedInterval {
  let total = 0
  counts.forEach((_, times) => {
    total += times
  })
  const [p50 = max, p99 = max] = percentilesOf(counts, total, [50, 99])
  return { bytes: writeV2(counts, responseRange.highest), p50: Math.min(max, p50), p99: Math.min(max, p99), max }
}

function compressed(packed: PackedInterval): PackedInterval {
  const { bytes } = packed
  return { ...packed, bytes: bytes.length > compressedBytes ? compressV2(bytes) : bytes }
}

const encodingOf = (bytes: Uint8Array) => (isCompressedV2(bytes) ? inflateV2(bytes, maxEncodingBytes) : bytes)

function leastRecent(intervals: readonly Interval[]): Interval {
  return intervals.reduce((oldest, interval) => (interval.usedAt < oldest.usedAt ? interval : oldest))
}

/** Straight from bytes to counts: a decoded histogram in between costs 13 times as much. */
function unpackInto(counts: HistogramCounts, { bytes }: PackedInterval): void {
  readV2(encodingOf(bytes), places, (place, times) => counts.add(place, times))
}

/** The histogram of a packed interval; the caller must destroy it. Only for bytes of this process: they are trusted. */
export function unpackInterval(bytes: Uint8Array): Histogram {
  return WasmHistogram.decode(encodingOf(bytes), 32)
}
