// Reading a histogram back from a result: a file that anyone may have written. Rule: a damaged one is an error in words.
// Decoded in JavaScript, where a wrong count can do no harm, not in WebAssembly, whose memory it would overwrite.

import { decodeFromCompressedBase64, JsHistogram } from 'hdr-histogram-js'
import { UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { Distribution } from '../result.js'
import { inflateV2, isCompressedV2 } from './compressed.js'
import { readV2, v2HeaderBytes } from './counts.js'

/** Bytes of an unpacked histogram; the counts of 3 digits over 90 days take 250 kB at the most. */
const maxHistogramBytes = 1 << 20
/** Places of a histogram of 3 digits over 90 days in ms, the widest of ours. */
const maxPlaces = 24 * 1024

/** One step of a percentile spectrum: a line of an .hgrm file. */
export interface PercentileRow {
  readonly ms: number
  /** 0 to 1. */
  readonly quantile: number
  /** Values up to and including this one. */
  readonly count: number
}

export interface DecodedHistogram {
  readonly count: number
  /** Every value that occurs, rising, in the histogram's own units. */
  values(): Generator<{ readonly units: number; readonly count: number }>
  /** The spectrum in steps that grow finer towards 100 %: `ticks` of them for every half of the distance left. */
  percentiles(ticks?: number): Generator<PercentileRow>
}

/** The histogram of a saved distribution. Throws UsageError when it is damaged. */
export function decodeHistogram(
  distribution: Pick<Distribution, 'hdr' | 'hdrUnit' | 'count' | 'max'>,
): DecodedHistogram {
  const histogram = decode(distribution.hdr)
  checkCount(histogram.totalCount, distribution.count)
  return {
    count: histogram.totalCount,
    values: () => valuesOf(histogram),
    percentiles: (ticks = 5) => percentilesOf(histogram, distribution, ticks),
  }
}

/**
 * Hands over the counts of a saved distribution by their places, without building a histogram.
 * Throws UsageError when it is damaged.
 */
export function readSavedCounts(
  { hdr, count }: Pick<Distribution, 'hdr' | 'count'>,
  take: (place: number, times: number) => void,
): void {
  const found: [place: number, times: number][] = []
  try {
    readV2(inflated(hdr), maxPlaces, (place, times) => found.push([place, times]))
  } catch (cause) {
    throw unreadable(cause)
  }
  checkCount(
    found.reduce((sum, [, times]) => sum + times, 0),
    count,
  )
  for (const [place, times] of found) take(place, times)
}

function checkCount(found: number, said: number): void {
  if (found === said) return
  const what = `${counted(found, 'value')} where its count says ${said}`
  throw new UsageError(`the histogram of a result holds ${what}: the file was changed or cut`)
}

/** The values of an encoded histogram, rising, with how often each occurs. Throws UsageError when it is damaged. */
export function decodeValues(base64: string): readonly { readonly units: number; readonly count: number }[] {
  return [...valuesOf(decode(base64))]
}

function* valuesOf(histogram: JsHistogram): Generator<{ readonly units: number; readonly count: number }> {
  // Up to the greatest value: most of the array is empty.
  let left = histogram.totalCount
  for (let index = 0; left > 0 && index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index)
    if (count === 0) continue
    left -= count
    yield { units: histogram.valueFromIndex(index), count }
  }
}

function* percentilesOf(
  histogram: JsHistogram,
  { hdrUnit, max }: Pick<Distribution, 'hdrUnit' | 'max'>,
  ticks: number,
): Generator<PercentileRow> {
  const unitsPerMs = hdrUnit === 'us' ? 1000 : 1
  const { percentileIterator } = histogram
  percentileIterator.reset(ticks)
  while (percentileIterator.hasNext()) {
    const { valueIteratedTo, percentileLevelIteratedTo, totalCountToThisValue } = percentileIterator.next()
    // The upper end of a step may lie beyond the greatest value, which is known exactly.
    const ms = Math.min(histogram.highestEquivalentValue(valueIteratedTo) / unitsPerMs, max ?? 0)
    yield { ms, quantile: percentileLevelIteratedTo / 100, count: totalCountToThisValue }
  }
}

function decode(base64: string): JsHistogram {
  try {
    checkHeader(base64)
    const histogram = decodeFromCompressedBase64(base64, 64)
    if (histogram instanceof JsHistogram) return histogram
    throw new TypeError('decoded into another kind of histogram than was asked for')
  } catch (cause) {
    throw unreadable(cause)
  }
}

const unreadable = (cause: unknown) =>
  new UsageError(
    'the histogram of a result cannot be read: expected a V2 compressed HdrHistogram of 3 digits, in base64',
    { cause },
  )

function inflated(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  if (!isCompressedV2(bytes)) throw new RangeError('not version 2, compressed')
  return inflateV2(bytes, maxHistogramBytes)
}

/** Checks what the library takes on trust: that it unpacks to little, is as long as it says, and is no finer than ours. */
function checkHeader(base64: string): void {
  const body = inflated(base64)
  const payloadBytes = body.readInt32BE(4)
  const digits = body.readInt32BE(12)
  if (payloadBytes < 0 || payloadBytes > body.length - v2HeaderBytes) throw new RangeError('shorter than it says')
  if (digits < 1 || digits > 3) throw new RangeError(`${digits} digits`)
}
