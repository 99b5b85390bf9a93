// Which remedy did best: books first, then thresholds, then the rate, then p99.

import { describe, expect, test } from 'vitest'
import { bestRemedy, goalsOf, type RemedyRow, remedyRow } from '../../src/measure/remedies.js'
import type { Result } from '../../src/measure/result.js'
import { sample } from '../report/sample-result.js'

const row = (name: string, figures: Partial<RemedyRow> = {}): RemedyRow => ({
  name,
  about: null,
  timelyRate: 0.5,
  fundsTimelyRate: null,
  rate: 0.5,
  p50: 100,
  p99: 1000,
  fundsP99: null,
  books: true,
  thresholds: { met: 0, of: 1 },
  cause: null,
  problem: null,
  interrupted: false,
  ...figures,
})
const met = { thresholds: { met: 1, of: 1 } }

describe('the remedy that did best', () => {
  const cases: readonly { name: string; rows: readonly RemedyRow[]; best: string | null }[] = [
    { name: 'has the higher rate', rows: [row('baseline'), row('a'), row('b', { rate: 0.6 })], best: 'b' },
    {
      name: 'meets the thresholds, at a lower rate too',
      rows: [row('baseline'), row('a', { rate: 0.99 }), row('b', { rate: 0.98, ...met })],
      best: 'b',
    },
    {
      name: 'has the lower p99 where the rates are equal',
      rows: [row('baseline'), row('a', { ...met, rate: 0.9999 }), row('b', { ...met, rate: 1, p99: 2000 })],
      best: 'a',
    },
    {
      name: 'is none where books do not agree',
      rows: [row('baseline'), row('a', { ...met, rate: 1, books: false })],
      best: null,
    },
    { name: 'may have books that nobody knows', rows: [row('baseline'), row('a', { ...met, books: null })], best: 'a' },
    {
      name: 'is none where all do worse',
      rows: [row('baseline', { rate: 0.7 }), row('a'), row('b', { rate: 0.1 })],
      best: null,
    },
    { name: 'is not one that could not run', rows: [row('baseline'), row('a', { problem: 'x' })], best: null },
    {
      name: 'is any where the baseline could not run',
      rows: [row('baseline', { problem: 'x', rate: null }), row('a')],
      best: 'a',
    },
    {
      name: 'is not one that was interrupted',
      rows: [row('baseline'), row('a', { ...met, rate: 1, interrupted: true })],
      best: null,
    },
    { name: 'is none where nothing ran', rows: [], best: null },
  ]
  for (const { name, rows, best } of cases) test(name, () => expect(bestRemedy(rows)).toBe(best))
})

test('goals are the rates that thresholds name, else all of the timely rate', () => {
  const thresholds = ['responseTime.p99 < 1s', 'fundsTimelyRate >= 95%', 'timelyRate{merchant=M1} > 90%']
  expect(goalsOf(thresholds)).toEqual([
    { figure: 'fundsTimelyRate', of: null, limit: 0.95 },
    { figure: 'timelyRate', of: { kind: 'merchant', name: 'M1' }, limit: 0.9 },
  ])
  expect(goalsOf(['books.agree'])).toEqual([{ figure: 'timelyRate', of: null, limit: 1 }])
})

describe('the rate of a row', () => {
  const rateWith = (thresholds: readonly string[], result: Result) =>
    remedyRow('a', undefined, result, goalsOf(thresholds)).rate
  const withFunds = { ...sample, timeliness: { ...sample.timeliness, fundsTimelyRate: 0.2 } }

  test('is that of the goal', () => expect(rateWith(['timelyRate >= 99%'], withFunds)).toBe(0.98))
  test('is the lower one of two', () =>
    expect(rateWith(['timelyRate >= 99%', 'fundsTimelyRate >= 95%'], withFunds)).toBe(0.2))
  test('is that of some transactions where the goal is about them', () =>
    expect(rateWith(['timelyRate{type=sale} >= 99%'], sample)).toBe(0.9875))
  test('is null where one is not known', () => {
    expect(rateWith(['timelyRate >= 99%', 'fundsTimelyRate >= 95%'], sample)).toBeNull()
    expect(rateWith(['timelyRate{merchant=M9} >= 99%'], sample)).toBeNull()
  })
})
