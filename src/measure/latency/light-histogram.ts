// A distribution of response times that takes a few kB instead of 190: for tables of thousands of keys.
// It has no percentiles of its own: it is poured into a TimeHistogram to be read.

import type { Distribution } from '../result.js'
import { type CountedValues, HistogramCounts } from './counts.js'
import { ExactSums } from './exact-sums.js'
import {
  type CountedTime,
  responseRange,
  savedSums,
  type TalliedDistribution,
  type TimeFigures,
  type TimeHistogram,
  toUnits,
} from './histogram.js'
import { readSavedCounts } from './histogram-file.js'

export class LightHistogram implements CountedValues {
  readonly counts = new HistogramCounts()
  readonly sums = new ExactSums()
  count = 0
  clamped = 0
  /** Exact, in units. */
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY

  take({ units, place, isClamped }: CountedTime): void {
    if (isClamped) this.clamped++
    this.counts.add(place, 1)
    this.sums.add(units)
    this.count++
    if (units < this.min) this.min = units
    if (units > this.max) this.max = units
  }

  /** Throws UsageError when it is damaged. */
  add(other: TalliedDistribution): void {
    if (other.count === 0) return
    readSavedCounts(other, (place, times) => this.counts.add(place, times))
    this.sums.addSums(savedSums(other))
    this.count += other.count
    this.clamped += other.clamped
    this.min = Math.min(this.min, toUnits(other.min ?? 0, responseRange))
    this.max = Math.max(this.max, toUnits(other.max ?? 0, responseRange))
  }

  /** Adds what another one holds. */
  pour(other: CountedValues): void {
    other.counts.forEach((place, times) => {
      this.counts.add(place, times)
    })
    this.sums.addSums(other.sums)
    this.count += other.count
    this.clamped += other.clamped
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
  }

  /** As saved in a result. `scratch` is emptied, used and left as it is. */
  distribution(scratch: TimeHistogram): Distribution {
    scratch.reset()
    scratch.pour(this)
    return scratch.distribution()
  }

  /** The figures alone. */
  shape(scratch: TimeHistogram): TimeFigures {
    scratch.reset()
    scratch.pour(this)
    return scratch.shape()
  }

  /** On its way to another thread or machine. */
  tallied(scratch: TimeHistogram): TalliedDistribution {
    scratch.reset()
    scratch.pour(this)
    return scratch.tallied()
  }
}
