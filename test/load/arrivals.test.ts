import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import {
  type Arrivals,
  evenArrivals,
  expectedCount,
  type LinearRate,
  poissonArrivals,
  rateAt,
} from '../../src/load/arrivals.js'

function all(arrivals: Arrivals): number[] {
  const offsets: number[] = []
  for (let at = arrivals.next(); at !== undefined; at = arrivals.next()) offsets.push(at)
  return offsets
}

const cases: { name: string; rate: LinearRate; count: number }[] = [
  { name: 'a hold has rate times duration', rate: { from: 500, to: 500, overMs: 60_000 }, count: 30_000 },
  { name: 'a ramp has the integral of its rate', rate: { from: 10, to: 500, overMs: 20_000 }, count: 5100 },
  { name: 'a falling ramp has as many as the rising one', rate: { from: 500, to: 10, overMs: 20_000 }, count: 5100 },
  { name: 'a ramp from nothing', rate: { from: 0, to: 100, overMs: 10_000 }, count: 500 },
  { name: 'a ramp to nothing', rate: { from: 100, to: 0, overMs: 10_000 }, count: 500 },
  { name: 'a part of an arrival counts as one', rate: { from: 1, to: 1, overMs: 1500 }, count: 2 },
  { name: 'a rate that is no binary fraction adds none', rate: { from: 0.1, to: 0.1, overMs: 30_000 }, count: 3 },
  {
    name: 'a rate of no whole number has as many as its time allows',
    rate: { from: 33.3, to: 33.3, overMs: 10_000 },
    count: 333,
  },
  { name: 'nothing at 0/s', rate: { from: 0, to: 0, overMs: 10_000 }, count: 0 },
]

for (const { name, rate, count } of cases) {
  test(`even arrivals: ${name}`, () => expect(all(evenArrivals(rate))).toHaveLength(count))
}

test('a hold is evenly spaced and begins at once', () => {
  expect(all(evenArrivals({ from: 5, to: 5, overMs: 1000 }))).toEqual([0, 200, 400, 600, 800])
})

test('a ramp has as many arrivals by any moment as its integral says', () => {
  const rate = { from: 10, to: 500, overMs: 20_000 }
  const offsets = all(evenArrivals(rate))
  for (const second of [1, 5, 10, 19]) {
    const integral = 10 * second + ((490 / 20) * second * second) / 2
    expect(offsets.filter((at) => at < second * 1000).length).toBe(Math.ceil(integral))
  }
})

test('even arrivals never go back and stay inside the phase', () => {
  const rates = fc.record({
    from: fc.integer({ min: 0, max: 1000 }),
    to: fc.integer({ min: 0, max: 1000 }),
    overMs: fc.integer({ min: 1, max: 5000 }),
  })
  fc.assert(
    fc.property(rates, (rate) => {
      const offsets = all(evenArrivals(rate))
      expect(Math.abs(offsets.length - expectedCount(rate))).toBeLessThan(1)
      expect(offsets.every((at, index) => at >= (offsets[index - 1] ?? 0) && at <= rate.overMs)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

describe('poisson arrivals', () => {
  const rate = { from: 0, to: 1000, overMs: 20_000 }
  const offsets = all(poissonArrivals(rate, createRandom(1)))

  test('follow a ramp: a quarter comes in the first half', () => {
    expect(Math.abs(offsets.length - 10_000)).toBeLessThan(400)
    expect(offsets.filter((at) => at < 10_000).length / offsets.length).toBeCloseTo(0.25, 1)
  })
  test('of a hold have gaps as scattered as they are long', () => {
    const held = all(poissonArrivals({ from: 1000, to: 1000, overMs: 20_000 }, createRandom(2)))
    const gaps = held.slice(1).map((at, index) => at - (held[index] as number))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(mean).toBeCloseTo(1, 1)
    expect(Math.sqrt(variance)).toBeCloseTo(1, 1)
  })
  test('are the same for the same seed, and others for another', () => {
    expect(all(poissonArrivals(rate, createRandom(1)))).toEqual(offsets)
    expect(all(poissonArrivals(rate, createRandom(3)))).not.toEqual(offsets)
  })
})

test('the rate at a moment is on the line, and nothing outside the phase', () => {
  const rate = { from: 10, to: 110, overMs: 10_000 }
  expect([-1, 0, 5000, 10_000].map((at) => rateAt(rate, at))).toEqual([0, 10, 60, 0])
})
