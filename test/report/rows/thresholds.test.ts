// Thresholds: what can be said, what it means, and what is refused.

import { describe, expect, test } from 'vitest'
import { booksOfTerminals } from '../../../src/measure/money/books.js'
import { parseThreshold } from '../../../src/measure/threshold.js'
import { formatActual, judgeThresholds } from '../../../src/report/rows/thresholds.js'
import { sample } from '../sample-result.js'

describe('a threshold is judged', () => {
  const cases: readonly [expression: string, actual: number | boolean | null, met: boolean, shown: string][] = [
    ['timelyRate >= 99%', 0.98, false, '98 %'],
    ['timelyRate >= 98%', 0.98, true, '98 %'],
    ['timelyRate{type=sale} >= 98%', 0.9875, true, '98.75 %'],
    ['responseTime.p99 < 800ms', 412, true, '412 ms'],
    ['responseTime.p99 < 0.4s', 412, false, '412 ms'],
    ['responseTime{type=sale}.p50 <= 12.25ms', 12.25, true, '12.3 ms'],
    ['responseTime{ phase = "1 hold 10/s" }.max < 2s', 1204, true, '1,204 ms'],
    ['outcomes.unsent == 0', 4, false, '4'],
    ['outcomes.unsent != 0', 4, true, '4'],
    ['outcomes.failed < 1%', 0.006, true, '0.6 %'],
    ['outcomes{type=balance}.failed == 0', 0, true, '0'],
    ['outcomes{type=sale}.failed < 0.5%', 6 / 800, false, '0.75 %'],
    ['responseCodes.51 <= 3%', 0.03, true, '3 %'],
    ['responseCodes.96 == 0', 0, true, '0'],
    ['failures.ECONNRESET == 0', 6, false, '6'],
    ['throughput.answeredPerSecond > 400/s', 16.3, false, '16.3/s'],
    ['throughput.answeredPerSecond > 60/min', 16.3, true, '16.3/s'],
    ['generator.lagMs.p99 < 5ms', 1.2, true, '1.20 ms'],
    ['generator.saturated == false', false, true, 'false'],
    ['offered > 100', 1000, true, '1,000'],
    ['books.agree', null, false, '–'],
    ['echoTime.p50 < 50ms', null, false, '–'],
    ['echoTime.p50 != 50ms', null, false, '–'],
    ['timeToFunds.p99 < 1s', null, false, '–'],
    ['responseTime{type=refund}.p99 < 1s', null, false, '–'],
    ['fundsTimelyRate >= 0%', null, false, '–'],
  ]
  for (const [expression, actual, met, shown] of cases) {
    test(expression, () => {
      const [row] = judgeThresholds([expression], sample)
      expect(row).toEqual({ expression, actual, met })
      expect(formatActual(row as NonNullable<typeof row>)).toBe(shown)
    })
  }

  test('books that agree, and books that do not', () => {
    const books = { ...booksOfTerminals([], ''), agree: true }
    expect(judgeThresholds(['books.agree'], { ...sample, books })[0]?.met).toBe(true)
    expect(judgeThresholds(['books.agree'], { ...sample, books: { ...books, agree: false } })[0]?.met).toBe(false)
  })

  test('a share of nothing is not known', () => {
    expect(judgeThresholds(['outcomes.failed < 1%'], { ...sample, offered: 0 })[0]?.actual).toBeNull()
  })
})

describe('a threshold is refused', () => {
  const cases: readonly [expression: string, problem: string][] = [
    ['responseTime.p99', 'expected a comparison such as responseTime.p99 <= 800ms'],
    ['responseTime.p99 < 800', 'expected a limit such as 800ms, got 800'],
    ['responseTime.p99 < 99%', 'expected a limit such as 800ms, got 99%'],
    ['timelyRate >= 99', 'expected a limit such as 99%, got 99'],
    ['outcomes.unsent == 0ms', 'expected a limit such as 0, or 1% of those offered, got 0ms'],
    ['throughput.answeredPerSecond > 400', 'expected a limit such as 400/s, got 400'],
    ['books.agree == yes', 'expected a limit such as true, got yes'],
    ['timlyRate >= 99%', "unknown figure 'timlyRate' (did you mean 'timelyRate'?)"],
    ['responseTime < 1s', "unknown figure 'responseTime'; known are responseTime.count, responseTime.min"],
    ['constructor > 1', "unknown figure 'constructor'; known are timelyRate"],
    [
      'fundsTimelyRate{type=sale} >= 99%',
      'fundsTimelyRate is not known by type: only offered, outcomes, timelyRate and responseTime are',
    ],
    ['offered{typ=sale} > 1', "got {typ=sale} (did you mean 'type'?)"],
    ['< 5', 'expected FIGURE COMPARISON LIMIT'],
    ['responseTime.p99 =< 5ms', 'expected FIGURE COMPARISON LIMIT'],
  ]
  for (const [expression, problem] of cases) {
    test(expression, () => expect(() => parseThreshold(expression)).toThrow(problem))
  }
})
