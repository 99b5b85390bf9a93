// When faults act: windows and instants as functions of the time since the start.

import { describe, expect, test } from 'vitest'
import { createSchedule } from '../../src/faults/schedule.js'
import type { Selector } from '../../src/faults/selector.js'

const cases: readonly { name: string; selector: Selector; active: readonly number[]; changes: readonly number[] }[] = [
  { name: 'no key of time: always', selector: {}, active: [-5, 0, 10, 15, 100], changes: [Infinity] },
  { name: 'from', selector: { from: 10 }, active: [10, 15, 100], changes: [10, Infinity] },
  { name: 'from and for', selector: { from: 10, for: 5 }, active: [10], changes: [10, 15, Infinity] },
  { name: 'for alone begins at the start', selector: { for: 5 }, active: [0], changes: [0, 5, Infinity] },
  { name: 'at and for are from and for', selector: { at: 10, for: 5 }, active: [10], changes: [10, 15, Infinity] },
  {
    name: 'every repeats the window',
    selector: { from: 10, for: 5, every: 30 },
    active: [10, 100],
    changes: [10, 15, 40, 45, 70],
  },
  { name: 'at alone is an instant', selector: { at: 10 }, active: [], changes: [10, Infinity] },
]

describe('schedule', () => {
  for (const { name, selector, active, changes } of cases) {
    test(name, () => {
      const schedule = createSchedule(selector)
      expect([-5, 0, 10, 15, 100].filter((ms) => schedule.activeAt(ms))).toEqual(active)
      let at = -1
      expect(changes.map(() => (at = schedule.nextChange(at)))).toEqual(changes)
    })
  }

  test('names the seconds in which a fault acts', () => {
    const seconds = (selector: Selector, lastsMs = 0) =>
      [0, 1, 2, 3, 4, 5].filter((second) =>
        createSchedule(selector).overlaps(second * 1000, (second + 1) * 1000, lastsMs),
      )
    expect(seconds({ from: 1500, for: 1000 })).toEqual([1, 2])
    expect(seconds({ from: 1000, for: 1000 })).toEqual([1])
    expect(seconds({ at: 2000 })).toEqual([2])
    expect(seconds({ at: 500, every: 2000 })).toEqual([0, 2, 4])
    expect(seconds({ at: 500, every: 3000 }, 1000)).toEqual([0, 1, 3, 4])
    expect(seconds({})).toEqual([0, 1, 2, 3, 4, 5])
  })
})
