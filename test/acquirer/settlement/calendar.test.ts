// When merchants are paid, and for what: days of work, cut-offs and cycles.

import { describe, expect, test } from 'vitest'
import { settlementSchema, termsOf } from '../../../src/acquirer/settlement/options.js'
import {
  coveredUntil,
  latestDue,
  missedUntil,
  nextDue,
  openWindow,
  paidBy,
} from '../../../src/acquirer/settlement/schedule.js'
import { createZone } from '../../../src/base/zone.js'

const termsFrom = (options: unknown) => termsOf(settlementSchema.parse(options))
const zone = createZone('Asia/Shanghai')
const local = (text: string) => Date.parse(`${text}+08:00`)

describe('the calendar', () => {
  const cases = [
    {
      name: 'an interval counts from the start',
      terms: { cycle: '10s' },
      now: '2026-02-03T12:00:25',
      due: '2026-02-03T12:00:30',
    },
    {
      name: 'daily at the cut-off of today',
      terms: { cycle: 'daily' },
      now: '2026-02-03T22:59:59',
      due: '2026-02-03T23:00:00',
    },
    {
      name: 'daily at the cut-off of tomorrow',
      terms: { cycle: 'daily' },
      now: '2026-02-03T23:00:00',
      due: '2026-02-04T23:00:00',
    },
    {
      name: 'T+1 in the morning of the next day',
      terms: { cycle: 'T+1' },
      now: '2026-02-03T12:00:00',
      due: '2026-02-04T10:00:00',
    },
    {
      name: 'T+1 from Friday to Monday',
      terms: { cycle: 'T+1' },
      now: '2026-02-06T12:00:00',
      due: '2026-02-09T10:00:00',
    },
    {
      name: 'T+1 over a holiday',
      terms: { cycle: 'T+1', holidays: ['2026-02-09', '2026-02-10'] },
      now: '2026-02-06T12:00:00',
      due: '2026-02-11T10:00:00',
    },
    {
      name: 'T+1 on a Saturday that is a working day',
      terms: { cycle: 'T+1', workingDays: ['2026-02-07'] },
      now: '2026-02-06T12:00:00',
      due: '2026-02-07T10:00:00',
    },
    {
      name: 'T+1 not on a working day that is a holiday',
      terms: { cycle: 'T+1', workingDays: ['2026-02-07'], holidays: ['2026-02-07'] },
      now: '2026-02-06T12:00:00',
      due: '2026-02-09T10:00:00',
    },
  ]
  for (const { name, terms, now, due } of cases) {
    test(name, () => {
      expect(nextDue(termsFrom(terms), zone, local('2026-02-03T12:00:00'), local(now))).toBe(local(due))
    })
  }

  test.each([
    // 2026-02-03 is a Tuesday.
    ['T+2', '2026-02-03T12:00:00', '2026-02-05T10:00:00'],
    ['T+2', '2026-02-03T23:00:00', '2026-02-06T10:00:00'],
    ['T+2', '2026-02-05T12:00:00', '2026-02-09T10:00:00'],
    ['T+2', '2026-02-06T12:00:00', '2026-02-10T10:00:00'],
    ['T+2', '2026-02-07T12:00:00', '2026-02-10T10:00:00'],
    ['T+2', '2026-02-08T22:59:59', '2026-02-10T10:00:00'],
    ['T+3', '2026-02-04T12:00:00', '2026-02-09T10:00:00'],
    ['D+1', '2026-02-06T12:00:00', '2026-02-07T10:00:00'],
    ['D+1', '2026-02-06T23:00:00', '2026-02-08T10:00:00'],
    ['D+2', '2026-02-06T12:00:00', '2026-02-08T10:00:00'],
  ])('%s of a sale at %s is paid at %s', (cycle, at, paid) => {
    expect(paidBy(termsFrom({ cycle }), zone, local(at))).toBe(local(paid))
  })

  test('a sale is paid on the working day that is so many later, reckoned day by day', () => {
    const holidays = ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20']
    const workingDays = ['2026-02-14', '2026-02-28']
    const date = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
    const works = (day: number) =>
      workingDays.includes(date(day)) ||
      (!holidays.includes(date(day)) && ![0, 6].includes(new Date(date(day)).getUTCDay()))
    const first = Date.parse('2026-02-01T00:00:00Z') / 86_400_000
    for (let traded = first; traded < first + 40; traded++) {
      for (const days of [1, 2, 3, 5]) {
        let paid = traded
        for (let left = days; left > 0; left -= works(paid) ? 1 : 0) paid++
        const terms = termsFrom({ cycle: `T+${days}`, holidays, workingDays })
        expect(paidBy(terms, zone, local(`${date(traded)}T12:00:00`))).toBe(local(`${date(paid)}T10:00:00`))
      }
    }
  })

  test('T+1 covers what was posted before the cut-off of the day before', () => {
    expect(coveredUntil(termsFrom({ cycle: 'T+1' }), zone, local('2026-02-09T10:00:00'))).toBe(
      local('2026-02-08T23:00:00'),
    )
  })

  test('a cut-off at 24:00 makes a trading day of each calendar day', () => {
    const terms = termsFrom({ cycle: 'T+1', cutOff: '24:00', payAt: '00:00' })
    expect(paidBy(terms, zone, local('2026-02-03T23:59:59'))).toBe(local('2026-02-04T00:00:00'))
    expect(paidBy(terms, zone, local('2026-02-04T00:00:00'))).toBe(local('2026-02-05T00:00:00'))
    const daily = termsFrom({ cycle: 'daily', cutOff: '24:00' })
    expect(nextDue(daily, zone, 0, local('2026-02-03T12:00:00'))).toBe(local('2026-02-04T00:00:00'))
    expect(nextDue(daily, zone, 0, local('2026-02-04T00:00:00'))).toBe(local('2026-02-05T00:00:00'))
    expect(() => termsFrom({ cutOff: '24:01' })).toThrow()
  })

  test('daily covers what was posted before the cut-off, however late the timer', () => {
    const due = local('2026-02-03T23:00:00')
    expect(coveredUntil(termsFrom({ cycle: 'daily' }), zone, due)).toBe(due)
  })

  test('the other cycles cover everything', () => {
    for (const cycle of ['10s', 'instant', 'onSettlement'])
      expect(coveredUntil(termsFrom({ cycle }), zone, 0)).toBe(Number.POSITIVE_INFINITY)
  })

  test('a sale is paid by the calendar: after the cut-off a day later, over a weekend on Monday, without one never', () => {
    const by = (cycle: string, at: string) => paidBy(termsFrom({ cycle }), zone, local(at))
    expect(by('T+1', '2026-02-03T12:00:00')).toBe(local('2026-02-04T10:00:00'))
    expect(by('T+1', '2026-02-03T23:30:00')).toBe(local('2026-02-05T10:00:00'))
    expect(by('T+1', '2026-02-06T12:00:00')).toBe(local('2026-02-09T10:00:00'))
    expect(by('daily', '2026-02-03T23:00:00')).toBe(local('2026-02-04T23:00:00'))
    expect(by('10s', '2026-02-03T12:00:00')).toBeUndefined()
  })

  test('what was missed is paid in one go, up to the last time that has passed', () => {
    const terms = termsFrom({ cycle: 'T+1' })
    expect(latestDue(terms, zone, local('2026-02-05T10:00:00'), local('2026-02-09T09:00:00'))).toBe(
      local('2026-02-06T10:00:00'),
    )
  })

  test('events have no time of their own', () => {
    expect(['instant', 'onSettlement'].map((cycle) => nextDue(termsFrom({ cycle }), zone, 0, 0))).toEqual([
      undefined,
      undefined,
    ])
  })
})

describe('the window of the same day', () => {
  const terms = termsFrom({ cycle: 'D+0' })
  const hours = (own: ReturnType<typeof termsFrom>, at: string) => {
    const open = openWindow(own, zone, local(at))
    return open && [open.from, open.to].map((each) => new Date(each).toISOString().slice(11, 16))
  }

  test.each([
    ['2026-02-06T08:59:59', undefined],
    ['2026-02-06T09:00:00', ['01:00', '14:00']],
    ['2026-02-08T21:59:59', ['01:00', '14:00']],
    ['2026-02-06T22:00:00', undefined],
  ])('at %s is %j', (at, expected) => {
    expect(hours(terms, at)).toEqual(expected)
  })

  test('is open on working days alone for T+0, and to midnight where it says so', () => {
    const own = termsFrom({ cycle: 'T+0', window: '12:00-24:00' })
    expect([hours(own, '2026-02-08T13:00:00'), hours(own, '2026-02-06T23:59:59')]).toEqual([
      undefined,
      ['04:00', '16:00'],
    ])
  })

  test.each([
    ['within it, at once', '2026-02-06T12:00:00', '2026-02-06T12:00:00'],
    ['after it, by the fallback', '2026-02-06T22:30:00', '2026-02-09T10:00:00'],
    ['before it, by the fallback', '2026-02-06T08:00:00', '2026-02-09T10:00:00'],
    ['after the cut-off, a day later', '2026-02-03T23:30:00', '2026-02-05T10:00:00'],
  ])('has money of a sale come: %s', (_, sold, due) => {
    expect(paidBy(terms, zone, local(sold))).toBe(local(due))
  })

  test('and what missed it is covered by the last payout of the fallback', () => {
    expect(missedUntil(terms, zone, local('2026-02-08T12:00:00'))).toBe(local('2026-02-05T23:00:00'))
    expect(missedUntil(terms, zone, local('2026-02-09T10:00:00'))).toBe(local('2026-02-08T23:00:00'))
  })
})
