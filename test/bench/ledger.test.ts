// When `npm run bench -- ledger` may say that the ledger costs less than a millisecond.

import { describe, expect, test } from 'vitest'
import { ledgerVerdict, type RunPair } from '../../bench/ledger-verdict.js'
import { medianOf } from '../../bench/median.js'

const pair = (without: number | 'saturated', withLedger: number | 'saturated'): RunPair => ({
  without: runOf(without),
  with: runOf(withLedger),
})
const runOf = (p99: number | 'saturated') =>
  p99 === 'saturated' ? { p99: 999, saturated: true } : { p99, saturated: false }

const rounded = (ms: number) => Math.round(ms * 1000) / 1000

describe('the cost of the ledger', () => {
  const cases: readonly {
    name: string
    pairs: readonly RunPair[]
    ofPairs: number
    ofMedians: number
    says?: string
  }[] = [
    { name: 'is met', pairs: [pair(1, 1.5), pair(2, 2.4), pair(1, 1.6)], ofPairs: 0.5, ofMedians: 0.6 },
    {
      name: 'is that of the pairs, where it is larger',
      pairs: [pair(1, 3), pair(3, 2.5), pair(2, 3.5)],
      ofPairs: 1.5,
      ofMedians: 1,
      says: 'the ledger adds 1.50 ms',
    },
    {
      name: 'is that of the medians, where it is larger',
      pairs: [pair(1, 1.5), pair(1, 3), pair(3, 3.5)],
      ofPairs: 0.5,
      ofMedians: 2,
      says: 'the ledger adds 2.00 ms',
    },
    {
      name: 'is not met by a millisecond',
      pairs: [pair(1, 2), pair(1, 2), pair(1, 2)],
      ofPairs: 1,
      ofMedians: 1,
      says: 'less than 1 ms is wanted',
    },
    {
      name: 'leaves out a pair in which one was saturated',
      pairs: [pair('saturated', 9), pair(1, 1), pair(1, 1), pair(1, 1), pair(1, 'saturated')],
      ofPairs: 0,
      ofMedians: 0,
    },
    {
      name: 'is too much when only runs with it are saturated',
      pairs: [pair(1, 1), pair(1, 'saturated'), pair(1, 1), pair(1, 1), pair(1, 'saturated')],
      ofPairs: 0,
      ofMedians: 0,
      says: 'the ledger saturates this machine: 2 of 5 runs with it and 0 without it were saturated',
    },
    {
      name: 'cannot be told when those without it are',
      pairs: [pair(1, 1), pair('saturated', 1), pair(1, 1), pair(1, 1), pair('saturated', 1)],
      ofPairs: 0,
      ofMedians: 0,
      says: 'nothing can be said, the machine was busy',
    },
    {
      name: 'cannot be told of two pairs',
      pairs: [pair(1, 1), pair(1, 1), pair('saturated', 'saturated')],
      ofPairs: Number.NaN,
      ofMedians: Number.NaN,
      says: 'nothing can be said: 2 pairs of runs count and 3 must',
    },
    {
      name: 'cannot be told of no answers',
      pairs: [1, 2, 3].map(() => pair(Number.NaN, Number.NaN)),
      ofPairs: Number.NaN,
      ofMedians: Number.NaN,
      says: 'the ledger adds NaN ms',
    },
  ]
  for (const { name, pairs, ofPairs, ofMedians, says } of cases) {
    test(name, () => {
      const verdict = ledgerVerdict(pairs)
      expect(rounded(verdict.ofPairsMs)).toBe(ofPairs)
      expect(rounded(verdict.ofMediansMs)).toBe(ofMedians)
      expect(verdict.problem).toEqual(says === undefined ? undefined : expect.stringContaining(says))
    })
  }
})

const medians = [
  { values: [3, 1, 2], is: 2 },
  { values: [4, 1, 2, 3], is: 2.5 },
  { values: [7], is: 7 },
  { values: [], is: Number.NaN },
]
for (const { values, is } of medians) {
  test(`the median of ${values.join(', ') || 'nothing'} is ${is}`, () => expect(medianOf(values)).toBe(is))
}
