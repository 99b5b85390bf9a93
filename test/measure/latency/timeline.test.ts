import { describe, expect, test } from 'vitest'
import { inOneGo } from '../../../src/base/slices.js'
import { CountedTime } from '../../../src/measure/latency/histogram.js'
import { intervalLog } from '../../../src/measure/latency/hlog.js'
import type { PackedInterval } from '../../../src/measure/latency/interval.js'
import { createTimeline, type Timeline } from '../../../src/measure/latency/timeline.js'
import type { TimelineEntry } from '../../../src/measure/latency/timeline-row.js'

test('counts in the second in which it was meant to happen, whenever it is told', () => {
  const timeline = createTimeline(0)
  timeline.count(2500, 'approved', true)
  timeline.count(900, 'timedOut', false)
  timeline.time(900, 'response', new CountedTime().of(30_000))
  const rows = timeline.entries()
  expect(rows.map(({ atSecond, timely }) => [atSecond, timely])).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
  ])
  expect(rows[0]?.outcomes.timedOut).toBe(1)
  expect(rows[0]?.intervals.response).toMatchObject({ max: 30_000_000 })
  expect(rows[1]?.intervals.response).toBeUndefined()
})

test('has one histogram for each kind of time', () => {
  const timeline = createTimeline(0)
  timeline.time(0, 'response', new CountedTime().of(40))
  timeline.time(0, 'service', new CountedTime().of(30))
  timeline.time(0, 'echo', new CountedTime().of(2))
  timeline.time(0, 'lag', new CountedTime().of(0.1))
  const [row] = timeline.entries()
  expect(Object.values(row?.intervals ?? {}).map((interval) => interval?.max)).toEqual([40_000, 30_000, 2000, 100])
})

test('begins with the second in which the warm-up ends', () => {
  const timeline = createTimeline(5)
  timeline.count(6100, 'approved', true)
  expect(timeline.entries().map(({ atSecond }) => atSecond)).toEqual([5, 6])
})

test('keeps what is under way over the seconds in which nothing changes', () => {
  const timeline = createTimeline(0)
  timeline.inFlight(100, 3)
  timeline.inFlight(200, 7)
  timeline.inFlight(900, 4)
  timeline.inFlight(3500, 0)
  expect(timeline.entries().map(({ inFlight }) => inFlight)).toEqual([7, 4, 4, 4])
})

test('opens packed seconds again: values spread over more seconds than are held open all count', () => {
  const timeline = createTimeline(0)
  for (let round = 1; round <= 2; round++) {
    for (let second = 0; second < 200; second++)
      timeline.time(second * 1000, 'response', new CountedTime().of(second + round))
  }
  const rows = timeline.entries()
  expect(rows.map(({ intervals }) => intervals.response?.max)).toEqual(rows.map((_, second) => (second + 2) * 1000))
  expect(rows.every(({ intervals }, second) => (intervals.response?.p50 ?? 0) <= (second + 1) * 1001)).toBe(true)
})

test('gives a second whose histogram was compressed meanwhile count for count, in bytes that are the same ones each time', () => {
  const [timeline, short] = [createTimeline(0), createTimeline(0)]
  const fill = (target: Timeline) => {
    for (let time = 1; time <= 3000; time++) target.time(0, 'response', new CountedTime().of(time / 10))
  }
  fill(timeline)
  fill(short)
  // More seconds than are held open.
  for (let second = 1; second < 200; second++) timeline.time(second * 1000, 'response', new CountedTime().of(1))
  timeline.time(0, 'response', new CountedTime().of(7))
  for (let second = 1; second < 200; second++) timeline.time(second * 1000, 'response', new CountedTime().of(1))
  short.time(0, 'response', new CountedTime().of(7))
  const [first, live] = [timeline.entries().slice(0, 1), short.entries().slice(0, 1)]
  expect([...intervalLog(first, 0)]).toEqual([...intervalLog(live, 0)])
  const compressed = first[0]?.intervals.response
  expect(compressed).toMatchObject({ ...live[0]?.intervals.response, bytes: expect.anything() })
  expect(compressed?.bytes.length).toBeLessThan((live[0]?.intervals.response?.bytes.length ?? 0) / 1.5)
  expect(compressed?.bytes.buffer.byteLength).toBe(compressed?.bytes.length)
  // A result of what was measured so far is made once a minute: nothing is unpacked for it.
  expect(timeline.entries()[0]?.intervals.response?.bytes).toBe(compressed?.bytes)
})

test('hands out the rows that nobody needs any more as they are, with all their bytes in one buffer', () => {
  const timeline = createTimeline(0)
  const fill = (second: number) => {
    for (const kind of ['response', 'service', 'lag'] as const)
      timeline.time(second * 1000, kind, new CountedTime().of(second + 1))
  }
  for (let second = 0; second < 10; second++) fill(second)
  const [before, after] = [timeline.entries(), timeline.entries()]
  expect(before).toEqual(after)
  expect(before.map((row, index) => row === after[index])).toEqual([...Array(5).fill(true), ...Array(5).fill(false)])
  const { response, service, lag } = (before[0] as TimelineEntry).intervals
  const bytes = [response, service, lag].map((interval) => (interval as PackedInterval).bytes)
  expect(new Set(bytes.map(({ buffer }) => buffer)).size).toBe(1)
  expect(bytes[0]?.buffer.byteLength).toBe(bytes.reduce((sum, { length }) => sum + length, 0))
  // An answer that comes late changes no row that was handed out.
  const old = structuredClone(before[0])
  timeline.count(0, 'timedOut', false)
  fill(0)
  expect(before[0]).toEqual(old)
  expect(timeline.entries()[0]).toMatchObject({ outcomes: { timedOut: 1 } })
  expect([...intervalLog(timeline.entries().slice(0, 1), 0)].join('')).not.toBe(
    [...intervalLog(before.slice(0, 1), 0)].join(''),
  )
})

test('rows of another worker are added in slices, for there may be thousands of them', () => {
  const [mine, other] = [createTimeline(0), createTimeline(0)]
  for (let second = 0; second < 80; second++) other.count(second * 1000, 'approved', true)
  let slices = 0
  for (const _ of mine.adding(other.entries())) slices++
  expect(slices).toBe(10)
  expect(mine.entries()).toEqual(other.entries())
})

describe('a run longer than its rows', () => {
  const maxRows = 8
  for (const seconds of [8, 9, 12, 16, 17, 31, 32, 33, 1000]) {
    test(`of ${seconds} s has rows that touch, cover everything once and stay within the limit`, () => {
      const timeline = createTimeline(0, maxRows)
      for (let second = 0; second < seconds; second++) {
        timeline.count(second * 1000, 'approved', true)
        timeline.time(second * 1000, 'response', new CountedTime().of(second + 1))
      }
      const rows = timeline.entries()
      expect(rows.length).toBeLessThanOrEqual(maxRows)
      let next = 0
      for (const row of rows) {
        expect(row.atSecond).toBe(next)
        next += row.seconds
        const covered = Math.min(next, seconds) - row.atSecond
        expect(row.outcomes.approved).toBe(covered)
        expect(row.intervals.response?.max).toBe((row.atSecond + covered) * 1000)
      }
      expect(next).toBeGreaterThanOrEqual(seconds)
    })
  }
})

test('added rows equal those recorded together', () => {
  const [left, right, together] = [createTimeline(0), createTimeline(0), createTimeline(0)]
  for (let second = 0; second < 20; second++) {
    for (const timeline of [second % 2 === 0 ? left : right, together]) {
      timeline.count(second * 500, 'approved', second % 3 === 0)
      timeline.time(second * 500, 'response', new CountedTime().of(second + 1))
    }
  }
  inOneGo(left.adding(right.entries()))
  expect(left.entries()).toEqual(together.entries())
})
