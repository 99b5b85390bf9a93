// When `npm run bench -- day` may say that a day was one.

import { describe, expect, test } from 'vitest'
import { figuresOf, type MeasuredDay, mostBytes, mostSeconds } from '../../bench/day-verdict.js'

const states = { charged: 1_998_100, reversed: 1900, declined: 0, unknown: 0 }
const side = { transactions: 2_000_000, states, chargedMinor: 1 }
const day = {
  seconds: 400,
  cpuSeconds: 500,
  bytes: 1024 ** 3,
  result: {
    offered: 2_000_000,
    outcomes: { approved: 1_998_000, declined: 0, timedOut: 2000, failed: 0, unsent: 0 },
    responseTime: { p50: 40, p99: 180 },
    reversals: { created: 1900, acknowledged: 1900, pending: 0 },
    books: { agree: true, counts: {}, differences: [], terminal: side, acquirer: side },
  },
} as unknown as MeasuredDay

const failing = (change: object, over: object = {}, transactions = 2_000_000) =>
  figuresOf({ ...day, ...over, result: { ...day.result, ...change } }, { terminals: 100_000, transactions })
    .filter(({ holds }) => !holds)
    .map(({ what }) => what)
const outcomes = (change: object) => ({ outcomes: { ...day.result.outcomes, ...change } })

describe('a day', () => {
  const cases: readonly { name: string; change?: object; over?: object; transactions?: number; fails: string[] }[] = [
    { name: 'holds', fails: [] },
    { name: 'may have 1 % less', change: { offered: 1_980_000, ...outcomes({ approved: 1_980_000 }) }, fails: [] },
    { name: 'may not have more than 1 % less', change: { offered: 1_979_999 }, fails: ['transactions'] },
    { name: 'may not be another size', transactions: 1_000_000, fails: ['transactions'] },
    {
      name: 'of few transactions varies by chance',
      change: { offered: 1120, ...outcomes({ approved: 1119 }) },
      transactions: 1000,
      fails: [],
    },
    {
      name: 'needs approvals',
      change: outcomes({ approved: 0, declined: 2_000_000 }),
      fails: ['approved'],
    },
    { name: 'has no failures', change: outcomes({ failed: 1 }), fails: ['approved'] },
    { name: 'sends all but what waits behind a lost reversal', change: outcomes({ unsent: 21 }), fails: ['not sent'] },
    { name: 'needs lost answers', change: outcomes({ timedOut: 0 }), fails: ['without an answer'] },
    {
      name: 'needs reversals',
      change: { reversals: { created: 0, acknowledged: 0, pending: 0 } },
      fails: ['reversals, acknowledged'],
    },
    {
      name: 'owes nothing',
      change: { reversals: { created: 2, acknowledged: 1, pending: 1 } },
      fails: ['reversals, acknowledged'],
    },
    { name: 'needs books', change: { books: null }, fails: ['charged by the ledger', 'books agree'] },
    { name: 'is too slow', over: { seconds: mostSeconds }, fails: ['wall time'] },
    { name: 'is too large', over: { bytes: mostBytes }, fails: ['largest memory (RSS)'] },
  ]
  for (const { name, change = {}, over, transactions, fails } of cases) {
    test(name, () => expect(failing(change, over, transactions)).toEqual(fails))
  }
})
