// The exact rank test against values of R.

import { expect, test } from 'vitest'
import { shiftOf } from '../../../src/measure/compare/ranks.js'
import { wilcoxOfR } from './wilcox-of-r.js'

test('p, shift and interval are those of wilcox.test', () => {
  expect(wilcoxOfR).toHaveLength(20)
  for (const { a, b, p, shift, low, high } of wilcoxOfR) {
    const found = shiftOf(a, b, 0.95)
    expect(found.p).toBeCloseTo(p, 9)
    // R finds the shift as the median of all differences, and the ends of its interval among them.
    expect(found.shift).toBeCloseTo(shift, 6)
    expect(found.low).toBeCloseTo(low, 6)
    expect(found.high).toBeCloseTo(high, 6)
  }
})

test('four against four can reach 0.029, three against three nothing', () => {
  expect(shiftOf([1, 2, 3, 4], [5, 6, 7, 8], 0.95).p).toBeCloseTo(2 / 70, 10)
  expect(shiftOf([1, 2, 3], [5, 6, 7], 0.95)).toMatchObject({ low: Number.NEGATIVE_INFINITY, p: 0.1 })
})
