// A suite over its budget fails, and names the files that cost most; generated lists are as long as they may be.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overBudget } from './budget.js'

const lines = '2.500 test/a.test.ts\n30.000 test/b c.test.ts\n0.500 test/d.test.ts\n'

test('a suite within its budget says nothing', () => {
  expect(overBudget(lines, 7, 40)).toBeUndefined()
  expect(overBudget('', 7)).toBeUndefined()
})

test('a suite over its budget is told with its files, the costliest first, and the time of the runner', () => {
  expect(overBudget(lines, 7.04, 40)?.split('\n')).toEqual([
    'The tests took 40 s of processor time, and their budget is 40 s: make the slowest faster.',
    '   30.0 s  test/b c.test.ts',
    '    2.5 s  test/a.test.ts',
    '    0.5 s  test/d.test.ts',
    '    7.0 s  the test runner itself',
  ])
})

test('a list of fast-check is as long as its limit says', () => {
  const lengths = fc
    .sample(fc.array(fc.nat(), { maxLength: 200 }), { numRuns: 100, seed: 1 })
    .map(({ length }) => length)
  expect(Math.max(...lengths)).toBeGreaterThan(150)
})
