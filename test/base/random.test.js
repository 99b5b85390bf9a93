import { expect, test } from 'vitest'
import { logNormal } from '../../src/base/distributions.js'
import { createRandom } from '../../src/base/random.js'

const draw = (count, next) => Array.from({ length: count }, next)
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
test('equal seeds give equal streams, and different seeds different ones', () => {
  expect(draw(50, createRandom(7).next)).toEqual(draw(50, createRandom(7).next))
  expect(draw(50, createRandom(7).next)).not.toEqual(draw(50, createRandom(8).next))
})
test('a fork does not depend on how much its parent was used', () => {
  const used = createRandom(7)
  draw(100, used.next)
  expect(draw(20, used.fork('cards').next)).toEqual(draw(20, createRandom(7).fork('cards').next))
  expect(draw(20, used.fork('cards').next)).not.toEqual(draw(20, used.fork('mix').next))
})
test('values lie in [0, 1) and spread evenly', () => {
  const values = draw(50_000, createRandom(1).next)
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...values)).toBeLessThan(1)
  expect(mean(values)).toBeCloseTo(0.5, 2)
  const bins = Array.from({ length: 10 }, (_, bin) => values.filter((value) => Math.floor(value * 10) === bin).length)
  for (const count of bins) expect(Math.abs(count - 5000)).toBeLessThan(300)
})
test('distributions have the mean or the percentiles that were asked for', () => {
  const random = createRandom(3)
  expect(mean(draw(50_000, () => random.exponential(20)))).toBeCloseTo(20, -0.5)
  expect(mean(draw(50_000, random.normal))).toBeCloseTo(0, 1)
  const times = draw(50_000, logNormal({ p50: 40, p99: 180 }, random)).sort((a, b) => a - b)
  expect(times[25_000]).toBeGreaterThan(39)
  expect(times[25_000]).toBeLessThan(41)
  expect(times[49_500]).toBeGreaterThan(170)
  expect(times[49_500]).toBeLessThan(190)
})
test('a log-normal without a 99th percentile is a constant', () => {
  expect(draw(3, logNormal({ p50: 40 }, createRandom(1)))).toEqual([40, 40, 40])
})
