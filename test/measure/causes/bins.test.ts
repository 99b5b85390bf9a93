import { expect, test } from 'vitest'
import { Bins, maxBins, maxMerchants, otherMerchants } from '../../../src/measure/causes/bins.js'
import { createThinned } from '../../../src/measure/causes/thinned.js'

test('counts by time, and sums over an interval', () => {
  const bins = new Bins()
  for (const at of [0, 10, 60, 1000]) bins.add('sent', at)
  expect(bins.sum('sent', 0, 99)).toBe(3)
  expect(bins.sum('sent', 900, 1100)).toBe(1)
})

test('a run that outgrows its bins loses no count, only sharpness', () => {
  const bins = new Bins()
  const width = bins.widthMs
  for (let index = 0; index < 3 * maxBins; index++) bins.addOffered('M', index * width)
  expect(bins.length).toBeLessThanOrEqual(maxBins)
  expect(bins.widthMs).toBe(4 * width)
  expect(bins.sum('offered', 0, Number.MAX_SAFE_INTEGER)).toBe(3 * maxBins)
})

test('of a lag the largest is kept, also when bins are joined', () => {
  const bins = new Bins()
  bins.lag(30, 0)
  bins.lag(20, bins.widthMs)
  bins.addOffered('M', maxBins * bins.widthMs)
  expect(bins.lagAt(0)).toBe(30)
})

test('the longest stand of this process within an interval reaches no further than its end', () => {
  const bins = new Bins()
  bins.lag(2500, 1000)
  expect(bins.mostLag(900, 4000)).toBe(2500)
  expect(bins.mostLag(900, 2000)).toBe(1000)
  expect(bins.mostLag(1200, 4000)).toBe(0)
})

test('merchants beyond the limit are counted together', () => {
  const bins = new Bins()
  for (let index = 0; index < maxMerchants + 5; index++) bins.addOffered(`M${index}`, 0)
  expect(bins.offeredBy(otherMerchants, 0, 1)).toBe(5)
  expect(bins.sum('offered', 0, 1)).toBe(maxMerchants + 5)
})

test('a thinned list stays within its limit and covers the whole run', () => {
  const list = createThinned<number>(100)
  for (let index = 0; index < 10_000; index++) list.push(index)
  expect(list.items.length).toBeLessThan(100)
  expect(list.items[0]).toBe(0)
  expect(list.items.at(-1)).toBeGreaterThan(9500)
})
