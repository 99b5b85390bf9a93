// The search for a host's capacity: which rates are tried, and what is said of them.

import { describe, expect, test } from 'vitest'
import { type CapacityStep, capacityOf, nextRate, secondsOf } from '../../src/measure/capacity.js'
import { capacityCsv, printCapacity } from '../../src/report/capacity.js'

const range = { from: 100, to: 1_000_000 }
const subject = { scenario: 'a', condition: 'responseTime.p99 < 800ms' }

const stepAt = (ratePerSecond: number, change: Partial<CapacityStep> = {}): CapacityStep => ({
  ...{ ratePerSecond, seconds: 5, offered: 5 * ratePerSecond, p50: 1, p99: 2, timelyRate: 1 },
  outcomes: { approved: 5 * ratePerSecond, declined: 0, timedOut: 0, failed: 0, unsent: 0 },
  ...{ terminalBusy: 0, actual: 2, kept: true, saturatedBecause: null },
  ...change,
})

/** All steps of a search for a host that keeps so many a second. */
function search(judge: (rate: number) => Partial<CapacityStep>): CapacityStep[] {
  const steps: CapacityStep[] = []
  for (let rate = nextRate(steps, range); rate !== undefined; rate = nextRate(steps, range)) {
    if (steps.length > 40) throw new Error('the search does not end')
    steps.push(stepAt(rate, judge(rate)))
  }
  return steps
}

describe('a search', () => {
  for (const capacity of [3, 99, 100, 150, 1234, 99_999]) {
    test(`finds ${capacity}/s within a tenth`, () => {
      const steps = search((rate) => ({ kept: rate <= capacity }))
      const { keptPerSecond, limitedBy } = capacityOf(subject, steps, false)
      expect(limitedBy).toBe('host')
      expect(keptPerSecond).toBeLessThanOrEqual(capacity)
      expect(keptPerSecond).toBeGreaterThanOrEqual(Math.floor(capacity / 1.1) - 1)
    })
  }

  test('ends where the generator is the limit, and does not blame the host', () => {
    const steps = search((rate) => ({ saturatedBecause: rate > 1000 ? 'it was late' : null, kept: rate <= 1000 }))
    const capacity = capacityOf(subject, steps, false)
    expect(capacity).toMatchObject({ keptPerSecond: 800, missedPerSecond: null, limitedBy: 'generator' })
    expect(printCapacity(capacity, { exit: 0 })).toContain('this generator is the limit, not the host: 800/s was kept')
  })

  test('ends when nothing is kept at all', () => {
    const steps = search(() => ({ kept: false }))
    expect(capacityOf(subject, steps, false)).toMatchObject({ keptPerSecond: null, limitedBy: 'host' })
  })

  test('names terminals that were too few', () => {
    const steps = search((rate) => ({ kept: rate <= 300, terminalBusy: rate > 300 ? 7 : 0 }))
    expect(capacityOf(subject, steps, false).because).toContain('raise terminals.count')
  })

  test('that was interrupted says how far it came', () => {
    expect(capacityOf(subject, [stepAt(100)], true)).toMatchObject({ limitedBy: 'interrupted', keptPerSecond: 100 })
  })
})

test('a step is long enough for its percentile', () => {
  expect(secondsOf('responseTime.p99 < 1s', 1000)).toBe(5)
  expect(secondsOf('responseTime.p999 < 1s', 1000)).toBe(10)
  expect(secondsOf('timelyRate >= 99%', 20)).toBe(50)
  expect(secondsOf('responseTime.p9999 < 1s', 10)).toBe(120)
})

test('the curve is a table for spreadsheets, by rate', () => {
  const csv = capacityCsv(capacityOf(subject, [stepAt(200), stepAt(100, { p99: null })], false))
  expect(csv.split('\r\n').slice(1, 3)).toEqual([
    '100,5,500,1,,1,500,0,0,0,0,0,2,true,false',
    '200,5,1000,1,2,1,1000,0,0,0,0,0,2,true,false',
  ])
})
