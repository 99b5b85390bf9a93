// A distribution of durations: an HdrHistogram of 3 digits for its shape, exact figures beside it for what a histogram
// would round (least, greatest, mean, deviation). Rule: every value is a whole number of units inside a fixed range.

import { build, encodeIntoCompressedBase64, type Histogram, initWebAssemblySync } from 'hdr-histogram-js'
import { UsageError } from '../../base/errors.js'
import type { Distribution } from '../result.js'
import { decodeHistogram } from './histogram-file.js'

/** What a histogram can hold; the same for every histogram of a kind, so that any two can be added. */
export interface HistogramRange {
  readonly unit: 'us' | 'ms'
  readonly unitsPerMs: number
  /** The greatest value, in units. */
  readonly highest: number
}

/** 1 µs to 1 hour: no terminal waits longer. */
export const responseRange: HistogramRange = { unit: 'us', unitsPerMs: 1000, highest: 3_600_000_000 }
/** 1 ms to 90 days: the slowest settlement. */
export const fundsRange: HistogramRange = { unit: 'ms', unitsPerMs: 1, highest: 90 * 86_400_000 }

/**
 * The library's own histogram in WebAssembly: five times as fast as in JavaScript (19 ns a value), about 190 kB with
 * 64-bit counters and half of it with 32. Its memory is not collected: whoever builds one must destroy it.
 */
export function buildHistogram({ highest }: HistogramRange, counterBits: 32 | 64): Histogram {
  initWebAssemblySync()
  return build({
    useWebAssembly: true,
    bitBucketSize: counterBits,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: 3,
  })
}

/**
 * Milliseconds as whole units of the range, the nearest that it can hold: WebAssembly ends at a value outside of it.
 * Throws RangeError for NaN, which stands for no duration at all.
 */
export function toUnits(ms: number, range: HistogramRange): number {
  if (Number.isNaN(ms)) throw new RangeError('a histogram takes a number of milliseconds, got NaN')
  return Math.min(range.highest, Math.max(0, Math.round(ms * range.unitsPerMs)))
}

/** Lives until `destroy()`. Times go in and come out in milliseconds. */
export class TimeHistogram {
  readonly #range: HistogramRange
  readonly #shape: Histogram
  #count = 0
  #clamped = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  /** Mean and summed squared deviation in units, kept up to date by Welford's method: no large sums to lose digits. */
  #mean = 0
  #squares = 0

  constructor(range: HistogramRange = responseRange) {
    this.#range = range
    this.#shape = buildHistogram(range, 64)
  }

  get count(): number {
    return this.#count
  }

  /** Values that lay outside the range and were counted at its edge. */
  get clamped(): number {
    return this.#clamped
  }

  /** Throws RangeError for NaN. */
  record(ms: number): void {
    const units = toUnits(ms, this.#range)
    if (ms < 0 || ms * this.#range.unitsPerMs > this.#range.highest) this.#clamped++
    this.#shape.recordValue(units)
    this.#count++
    const delta = units - this.#mean
    this.#mean += delta / this.#count
    this.#squares += delta * (units - this.#mean)
    if (units < this.#min) this.#min = units
    if (units > this.#max) this.#max = units
  }

  /** The value that `percentile` (0 to 100) of all values do not exceed, within 0.1 %; null when there is none. */
  percentile(percentile: number): number | null {
    if (this.#count === 0) return null
    // The library answers with the upper end of a step, which may lie beyond the greatest value ever seen.
    const units = Math.min(this.#max, Math.max(this.#min, this.#shape.getValueAtPercentile(percentile)))
    return units / this.#range.unitsPerMs
  }

  /** As saved in a result: percentiles within 0.1 %, the rest exact to the unit. */
  distribution(): Distribution {
    return {
      unit: 'ms',
      count: this.#count,
      min: this.#ms(this.#min),
      mean: this.#ms(Math.round(this.#mean)),
      stdev: this.#ms(Math.round(Math.sqrt(this.#squares / this.#count))),
      p50: this.percentile(50),
      p90: this.percentile(90),
      p95: this.percentile(95),
      p99: this.percentile(99),
      p999: this.percentile(99.9),
      p9999: this.percentile(99.99),
      max: this.#ms(this.#max),
      hdrUnit: this.#range.unit,
      hdr: encodeIntoCompressedBase64(this.#shape),
    }
  }

  /** Adds a saved distribution: the shape without loss. Throws UsageError when its unit is another or it is damaged. */
  add(other: Distribution): void {
    if (other.count === 0) return
    const { unit, highest } = this.#range
    if (other.hdrUnit !== unit) throw new UsageError(`cannot add a histogram in ${other.hdrUnit} to one in ${unit}`)
    for (const { units, count } of decodeHistogram(other).values()) {
      this.#shape.recordValueWithCount(Math.min(highest, units), count)
    }
    this.#addExact(other)
  }

  /** Two means and deviations as one (Chan, Golub and LeVeque). */
  #addExact(other: Distribution): void {
    const { unitsPerMs } = this.#range
    const deviation = (other.stdev ?? 0) * unitsPerMs
    const delta = (other.mean ?? 0) * unitsPerMs - this.#mean
    const count = this.#count + other.count
    this.#squares += deviation ** 2 * other.count + (delta ** 2 * this.#count * other.count) / count
    this.#mean += (delta * other.count) / count
    this.#count = count
    this.#min = Math.min(this.#min, toUnits(other.min ?? 0, this.#range))
    this.#max = Math.max(this.#max, toUnits(other.max ?? 0, this.#range))
  }

  /** Forgets everything; cheaper than a new histogram. */
  reset(): void {
    this.#shape.reset()
    this.#count = this.#clamped = this.#mean = this.#squares = 0
    this.#min = Number.POSITIVE_INFINITY
    this.#max = Number.NEGATIVE_INFINITY
  }

  /** Gives the memory back; the histogram must not be used again. */
  destroy(): void {
    this.#shape.destroy()
  }

  #ms(units: number): number | null {
    return this.#count === 0 ? null : units / this.#range.unitsPerMs
  }
}

/** Saved distributions as if recorded together; used to merge the results of several machines. */
export function mergeDistributions(distributions: readonly Distribution[]): Distribution {
  const histogram = new TimeHistogram(distributions[0]?.hdrUnit === 'ms' ? fundsRange : responseRange)
  try {
    for (const distribution of distributions) histogram.add(distribution)
    return histogram.distribution()
  } finally {
    histogram.destroy()
  }
}
