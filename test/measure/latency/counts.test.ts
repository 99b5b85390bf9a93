import fc from 'fast-check'
import type { WasmHistogram } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import {
  bucketOf,
  bucketValue,
  HistogramCounts,
  percentilesOf,
  readV2,
  writeV2,
} from '../../../src/measure/latency/counts.js'
import { ExactSums, meanAndDeviation } from '../../../src/measure/latency/exact-sums.js'
import { buildHistogram, fundsRange } from '../../../src/measure/latency/histogram.js'

const units = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 50_000_000 }),
  fc.integer({ min: 0, max: fundsRange.highest }),
)
const lists = fc.array(units, { minLength: 1, maxLength: 300, size: 'max' })
const places = bucketOf(fundsRange.highest) + 1

describe('places', () => {
  test('are those of the library: its encoding read back says where every value is counted', () => {
    fc.assert(
      fc.property(lists, (values) => {
        const library = buildHistogram(fundsRange, 64)
        const own = new HistogramCounts()
        for (const value of values) {
          library.recordValue(value)
          own.add(bucketOf(value), 1)
        }
        const [found, expected]: [unknown[], unknown[]] = [[], []]
        readV2((library as WasmHistogram).encode(), places, (...count) => found.push(count))
        own.forEach((...count) => {
          expected.push(count)
        })
        library.destroy()
        expect(found).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
  test('hold their value within 0.1 %, and their least value lies at the same place', () => {
    fc.assert(
      fc.property(units, (value) => {
        const least = bucketValue(bucketOf(value))
        expect(value - least).toBeLessThanOrEqual(value * 0.001)
        expect(least).toBeLessThanOrEqual(value)
        expect(bucketOf(least)).toBe(bucketOf(value))
      }),
    )
  })
})

describe('an encoding', () => {
  test('is that of the library, byte for byte, and so are percentiles', () => {
    const times = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 }))
    const shares = [0.1, 50, 99, 99.9, 100]
    fc.assert(
      fc.property(fc.array(fc.tuple(units, times), { minLength: 1, maxLength: 3000, size: 'max' }), (given) => {
        const library = buildHistogram(fundsRange, 64)
        const own = new HistogramCounts()
        for (const [value, count] of given) {
          library.recordValueWithCount(value, count)
          own.add(bucketOf(value), count)
        }
        const total = given.reduce((sum, [, count]) => sum + count, 0)
        const expected = Buffer.from((library as WasmHistogram).encode()).toString('hex')
        const values = shares.map((share) => library.getValueAtPercentile(share))
        library.destroy()
        expect(Buffer.from(writeV2(own, fundsRange.highest)).toString('hex')).toBe(expected)
        expect(percentilesOf(own, total, shares)).toEqual(values)
      }),
      { numRuns: 100 },
    )
  })
  test('of random bytes is read within its limits or refused', () => {
    const head = Buffer.alloc(40)
    head.writeInt32BE(0x1c849313, 0)
    head.writeInt32BE(3, 12)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100, size: 'max' }), (body) => {
        head.writeInt32BE(body.length, 4)
        let last = -1
        try {
          readV2(Buffer.concat([head, body]), places, (place, times) => {
            expect(place).toBeGreaterThan(last)
            expect(place).toBeLessThan(places)
            expect(times).toBeGreaterThan(0)
            last = place
          })
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('exact sums', () => {
  test('are those of whole numbers without an end, in any order and in parts', () => {
    fc.assert(
      fc.property(lists, lists, (left, right) => {
        const [one, two, together] = [new ExactSums(), new ExactSums(), new ExactSums()]
        for (const value of left) one.add(value)
        for (const value of right) two.add(value)
        for (const value of [...right, ...left]) together.add(value)
        one.addSums(two)
        const all = [...left, ...right].map(BigInt)
        const exact = {
          sum: all.reduce((sum, value) => sum + value, 0n),
          squares: all.reduce((sum, value) => sum + value * value, 0n),
        }
        for (const { sum, squares } of [one, together]) expect({ sum, squares }).toEqual(exact)
      }),
      { numRuns: 60 },
    )
  })
  test('keep their digits over a billion values of an hour', () => {
    const sums = new ExactSums()
    sums.addSums({ sum: 3_600_000_000n * 1_000_000_000n, squares: 3_600_000_000n ** 2n * 1_000_000_000n })
    sums.add(1)
    expect(sums.sum).toBe(3_600_000_000_000_000_001n)
    expect(meanAndDeviation(sums, 1_000_000_001)).toEqual({ mean: 3_599_999_996, deviation: 113_842 })
  })
})
