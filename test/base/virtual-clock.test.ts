import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'

test('events run in the order of their times, equal times in the order of asking', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (delays) => {
      const clock = createVirtualClock()
      const seen: [number, number][] = []
      delays.forEach((delay, index) => {
        clock.after(delay, () => seen.push([clock.now(), index]))
      })
      clock.run()
      const expected = delays.map((delay, index): [number, number] => [delay, index])
      expected.sort(([a, i], [b, j]) => a - b || i - j)
      expect(seen).toEqual(expected)
    }),
  )
})

test('a cancelled event never runs, however often it is cancelled', () => {
  const clock = createVirtualClock()
  let runs = 0
  const timer = clock.after(5, () => runs++)
  timer.cancel()
  timer.cancel()
  clock.run()
  expect(runs).toBe(0)
})

test('what is asked for soon runs at the same time, before the next event', () => {
  const clock = createVirtualClock()
  const order: string[] = []
  clock.after(1, () => {
    clock.soon(() => order.push(`soon ${clock.now()}`))
    order.push('first')
  })
  clock.after(1, () => order.push('second'))
  clock.run()
  expect(order).toEqual(['first', 'soon 1', 'second'])
})

test('run stops at its limit, and time stands there', () => {
  const clock = createVirtualClock(1_000)
  let ran = false
  clock.after(10, () => {
    ran = true
  })
  clock.run(9)
  expect([clock.now(), clock.wall(), ran]).toEqual([9, 1_009, false])
  clock.run(10)
  expect(ran).toBe(true)
})
