// A distribution of durations: an HdrHistogram of 3 digits for its shape, exact figures beside it for what a histogram
// would round (least, greatest, mean, deviation). Rule: every value is a whole number of units inside a fixed range.

import { build, encodeIntoCompressedBase64, type Histogram, initWebAssemblySync } from 'hdr-histogram-js'
import { UsageError } from '../../base/errors.js'
import type { Distribution } from '../result.js'
import { bucketOf, bucketValue, type CountedValues, HistogramCounts } from './counts.js'
import { ExactSums, meanAndDeviation } from './exact-sums.js'
import { readSavedCounts } from './histogram-file.js'

/** The range that a histogram can hold; the same for every histogram of a kind, so that any two can be added. */
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
 * The library's own histogram in WebAssembly: about 190 kB with 64-bit counters and half of it with 32. A value takes
 * 19 ns, and 3 to count with HistogramCounts, which has no percentiles. Its memory is not collected: whoever builds one must destroy it.
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

/** Whether `toUnits` counts it at the edge of the range. */
export const isOutside = (ms: number, { unitsPerMs, highest }: HistogramRange): boolean =>
  ms < 0 || ms * unitsPerMs > highest

/** A time of the response range as all that count it take it: worked out once for them. To be used again. */
export class CountedTime {
  /** Within the range. */
  units = 0
  /** In the histogram. */
  place = 0
  /** It lay outside of the range. */
  isClamped = false

  /** Throws RangeError for NaN. */
  of(ms: number): this {
    const units = toUnits(ms, responseRange)
    this.units = units
    this.place = bucketOf(units)
    this.isClamped = isOutside(ms, responseRange)
    return this
  }
}

/** The figures of a distribution, without the histogram that they are of. */
export type TimeFigures = Omit<Distribution, 'hdrUnit' | 'hdr'>

/** A distribution on its way to another thread or machine: its sums are whole units, exact, as decimal digits. */
export interface TalliedDistribution extends Distribution {
  readonly sum: string
  /** Sum of the squares. */
  readonly squares: string
  /** Values that lay outside the range. */
  readonly clamped: number
}

const noMean = { mean: 0, deviation: 0 }

/** Throws UsageError for sums that are no whole numbers. */
export function savedSums({ sum, squares }: TalliedDistribution): { sum: bigint; squares: bigint } {
  if (!/^\d{1,40}$/.test(sum) || !/^\d{1,60}$/.test(squares))
    throw new UsageError('the sums of a tally are no whole numbers: the file was changed or cut')
  return { sum: BigInt(sum), squares: BigInt(squares) }
}

/** Lives until `destroy()`. Times go in and come out in milliseconds. */
export class TimeHistogram {
  readonly #range: HistogramRange
  readonly #shape: Histogram
  /** Values that `#shape` has not been told of yet: a call into WebAssembly for each takes five times as long as counting it here. */
  readonly #fresh = new HistogramCounts()
  #hasFresh = false
  #count = 0
  #clamped = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #sums = new ExactSums()

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

  /** Takes a value `times` times. Throws RangeError for NaN. */
  record(ms: number, times = 1): void {
    const units = toUnits(ms, this.#range)
    this.#add(units, bucketOf(units), isOutside(ms, this.#range), times)
  }

  /** As record, of a time that has been worked out; only where the range is the usual one. */
  take({ units, place, isClamped }: CountedTime, times = 1): void {
    this.#add(units, place, isClamped, times)
  }

  #add(units: number, place: number, isClamped: boolean, times: number): void {
    if (isClamped) this.#clamped += times
    this.#fresh.add(place, times)
    this.#hasFresh = true
    this.#count += times
    if (times === 1) this.#sums.add(units)
    else this.#sums.addTimes(units, times)
    if (units < this.#min) this.#min = units
    if (units > this.#max) this.#max = units
  }

  /** The value that `percentile` (0 to 100) of all values do not exceed, within 0.1 %; null when there is none. */
  percentile(percentile: number): number | null {
    if (this.#count === 0) return null
    // The library answers with the upper end of a step, which may lie beyond the greatest value ever seen.
    const units = Math.min(this.#max, Math.max(this.#min, this.#whole().getValueAtPercentile(percentile)))
    return units / this.#range.unitsPerMs
  }

  /** As saved in a result: percentiles within 0.1 %, the rest exact to the unit. */
  distribution(): Distribution {
    return { ...this.shape(), hdrUnit: this.#range.unit, hdr: encodeIntoCompressedBase64(this.#whole()) }
  }

  /** The figures of `distribution` alone: to encode the histogram takes some ms, and these a fraction of one. */
  shape(): TimeFigures {
    const { mean, deviation } = this.#count === 0 ? noMean : meanAndDeviation(this.#sums, this.#count)
    return {
      unit: 'ms',
      count: this.#count,
      min: this.#ms(this.#min),
      mean: this.#ms(mean),
      stdev: this.#ms(deviation),
      p50: this.percentile(50),
      p90: this.percentile(90),
      p95: this.percentile(95),
      p99: this.percentile(99),
      p999: this.percentile(99.9),
      p9999: this.percentile(99.99),
      max: this.#ms(this.#max),
    }
  }

  /** The data that another thread or machine needs to add it without rounding. */
  tallied(): TalliedDistribution {
    const { sum, squares } = this.#sums
    return { ...this.distribution(), sum: String(sum), squares: String(squares), clamped: this.#clamped }
  }

  /**
   * Adds a distribution without loss. One from a result instead of a tally has a rounded mean and deviation.
   * Throws UsageError when its unit is another or it is damaged.
   */
  add(other: Distribution | TalliedDistribution): void {
    if (other.count === 0) return
    const { unit } = this.#range
    if (other.hdrUnit !== unit) throw new UsageError(`cannot add a histogram in ${other.hdrUnit} to one in ${unit}`)
    readSavedCounts(other, (place, count) => this.#tell(place, count))
    this.#count += other.count
    this.#sums.addSums('sum' in other ? savedSums(other) : this.#roundedSums(other))
    if ('clamped' in other) this.#clamped += other.clamped
    this.#min = Math.min(this.#min, toUnits(other.min ?? 0, this.#range))
    this.#max = Math.max(this.#max, toUnits(other.max ?? 0, this.#range))
  }

  /** Adds values of the same range that were counted elsewhere. */
  pour({ counts, sums, count, clamped, min, max }: CountedValues): void {
    counts.forEach((place, times) => {
      this.#tell(place, times)
    })
    this.#sums.addSums(sums)
    this.#count += count
    this.#clamped += clamped
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
  }

  #roundedSums({ count, mean, stdev }: Distribution): { sum: bigint; squares: bigint } {
    const { unitsPerMs } = this.#range
    const meanUnits = BigInt(Math.round((mean ?? 0) * unitsPerMs))
    const deviation = BigInt(Math.round((stdev ?? 0) * unitsPerMs))
    const times = BigInt(count)
    return { sum: meanUnits * times, squares: (meanUnits ** 2n + deviation ** 2n) * times }
  }

  /** Forgets everything; cheaper than a new histogram. */
  reset(): void {
    this.#shape.reset()
    this.#fresh.clear()
    this.#hasFresh = false
    this.#count = this.#clamped = 0
    this.#sums = new ExactSums()
    this.#min = Number.POSITIVE_INFINITY
    this.#max = Number.NEGATIVE_INFINITY
  }

  /** Gives the memory back; the histogram must not be used again. */
  destroy(): void {
    this.#shape.destroy()
  }

  /** All values, in the library's own histogram. */
  #whole(): Histogram {
    if (this.#hasFresh)
      this.#fresh.forEach((place, times) => {
        this.#tell(place, times)
      })
    this.#fresh.clear()
    this.#hasFresh = false
    return this.#shape
  }

  #tell(place: number, times: number): void {
    this.#shape.recordValueWithCount(Math.min(this.#range.highest, bucketValue(place)), times)
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
