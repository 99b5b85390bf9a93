import { expect, test } from 'vitest'
import { exponentOf } from '../../bench/exponent.js'

test.each([
  ['a flat cost', [5, 5, 5], 0],
  ['a cost that grows with the size', [2, 20, 200], 1],
  ['one that grows with its square root', [1, Math.sqrt(10), 10], 0.5],
  ['one that is shared', [100, 10, 1], -1],
])('the exponent of %s', (_, costs, exponent) => {
  expect(exponentOf(costs.map((cost, index) => [10 ** index, cost]))).toBeCloseTo(exponent, 10)
})
