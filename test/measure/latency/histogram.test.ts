import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.js'
import {
  fundsRange,
  type HistogramRange,
  mergeDistributions,
  TimeHistogram,
} from '../../../src/measure/latency/histogram.js'
import { decodeHistogram } from '../../../src/measure/latency/histogram-file.js'

const open: TimeHistogram[] = []
function histogramOf(values: readonly number[], range?: HistogramRange): TimeHistogram {
  const histogram = new TimeHistogram(range)
  open.push(histogram)
  for (const value of values) histogram.record(value)
  return histogram
}
afterEach(() => {
  for (const histogram of open.splice(0)) histogram.destroy()
})

/** The naive twin: every value kept and sorted. */
function exactPercentile(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-9))
  return sorted[rank - 1] as number
}

const microseconds = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 50_000_000 }),
  fc.integer({ min: 0, max: 3_600_000_000 }),
)
const times = fc.array(
  microseconds.map((us) => us / 1000),
  { minLength: 1, maxLength: 200 },
)

describe('figures', () => {
  test('percentiles lie within 0.1 % of those of all values sorted, never beyond the greatest', () => {
    fc.assert(
      fc.property(times, (values) => {
        const { p50, p90, p99, p9999, max } = histogramOf(values).distribution()
        for (const [percentile, found] of [
          [50, p50],
          [90, p90],
          [99, p99],
          [99.99, p9999],
        ] as const) {
          const exact = exactPercentile(values, percentile)
          expect(Math.abs((found as number) - exact)).toBeLessThanOrEqual(exact * 0.001)
          expect(found).toBeLessThanOrEqual(max as number)
        }
      }),
      { numRuns: 60 },
    )
  })
  test('count, least, greatest, mean and deviation are exact to the microsecond', () => {
    fc.assert(
      fc.property(times, (values) => {
        const { count, min, max, mean, stdev } = histogramOf(values).distribution()
        const average = values.reduce((sum, value) => sum + value, 0) / values.length
        const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length
        expect([count, min, max]).toEqual([values.length, Math.min(...values), Math.max(...values)])
        expect(mean).toBeCloseTo(average, 2)
        expect(stdev).toBeCloseTo(Math.sqrt(variance), 2)
      }),
      { numRuns: 60 },
    )
  })
  test('of nothing are null, and the count is 0', () => {
    expect(histogramOf([]).distribution()).toMatchObject({ count: 0, min: null, mean: null, p50: null, max: null })
  })
  test('after a reset are those of nothing', () => {
    const histogram = histogramOf([1, 2, 3])
    histogram.reset()
    expect(histogram.distribution()).toEqual(histogramOf([]).distribution())
  })
  test('of times to funds reach 90 days', () => {
    const day = 86_400_000
    const { p50, max, hdrUnit } = histogramOf([day, 89 * day], fundsRange).distribution()
    expect([Math.round((p50 as number) / day), max, hdrUnit]).toEqual([1, 89 * day, 'ms'])
  })
})

describe('values', () => {
  test('outside the range count at its edge, and are counted', () => {
    const histogram = histogramOf([-5, 4_000_000, Number.POSITIVE_INFINITY, 7])
    expect(histogram.distribution()).toMatchObject({ count: 4, min: 0, max: 3_600_000 })
    expect(histogram.clamped).toBe(3)
  })
  test('that are no numbers are refused', () => {
    expect(() => histogramOf([Number.NaN])).toThrow(RangeError)
  })
})

describe('merging', () => {
  test('equals recording together', () => {
    fc.assert(
      fc.property(times, times, (left, right) => {
        const { mean, stdev, ...merged } = mergeDistributions([
          histogramOf(left).distribution(),
          histogramOf(right).distribution(),
        ])
        const { mean: exactMean, stdev: exactStdev, ...together } = histogramOf([...left, ...right]).distribution()
        expect(merged).toEqual(together)
        expect(mean).toBeCloseTo(exactMean as number, 2)
        expect(stdev).toBeCloseTo(exactStdev as number, 1)
      }),
      { numRuns: 40 },
    )
  })
  test('with nothing changes nothing', () => {
    const some = histogramOf([1, 2, 3]).distribution()
    expect(mergeDistributions([some, histogramOf([]).distribution()])).toEqual(some)
  })
  test('different units is refused', () => {
    const funds = histogramOf([1], fundsRange).distribution()
    expect(() => histogramOf([1]).add(funds)).toThrow('cannot add a histogram in ms to one in us')
  })
})

describe('a saved histogram', () => {
  test('gives back every value within its step', () => {
    const decoded = decodeHistogram(histogramOf([1, 1, 2.5]).distribution())
    expect([...decoded.values()]).toEqual([
      { units: 1000, count: 2 },
      { units: 2500, count: 1 },
    ])
  })
  test('has a spectrum that ends at 100 % with the greatest value and all the counts', () => {
    const values = Array.from({ length: 1000 }, (_, index) => 10 + index)
    const rows = [...decodeHistogram(histogramOf(values).distribution()).percentiles()]
    expect(rows.at(-1)).toEqual({ ms: 1009, quantile: 1, count: 1000 })
    expect(rows.every(({ quantile, count }) => count >= quantile * 1000)).toBe(true)
  })

  const { hdr, ...rest } = histogramOf([1, 2, 3]).distribution()
  const compressed = (body: Buffer) => {
    const head = Buffer.from('1c84931400000000', 'hex')
    const packed = deflateSync(body)
    head.writeInt32BE(packed.length, 4)
    return Buffer.concat([head, packed]).toString('base64')
  }
  const longPayload = Buffer.alloc(48)
  longPayload.writeInt32BE(0x1c849313, 0)
  longPayload.writeInt32BE(2_000_000_000, 4)
  longPayload.writeInt32BE(3, 12)
  const damaged = [
    { name: 'empty', text: '' },
    { name: 'no base64', text: '!!!' },
    { name: 'cut', text: hdr.slice(0, hdr.length / 2) },
    { name: 'of another version', text: `AAAA${hdr.slice(4)}` },
    { name: 'that unpacks to far more than a histogram', text: compressed(Buffer.alloc(1 << 24)) },
    { name: 'that says it is longer than it is', text: compressed(longPayload) },
  ]
  for (const { name, text } of damaged) {
    test(`${name} is refused in words`, () => {
      expect(() => decodeHistogram({ ...rest, hdr: text })).toThrow(UsageError)
    })
  }
  test('whose count disagrees is refused', () => {
    expect(() => decodeHistogram({ ...rest, hdr, count: 4 })).toThrow('holds 3 values where its count says 4')
  })
  test('of random bytes is refused, never worse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeHistogram({ ...rest, hdr: compressed(Buffer.from(bytes)) })).toThrow(UsageError)
      }),
      { numRuns: 100 },
    )
  })
})
