import { expect, test } from 'vitest'
import { createTurnClock } from '../../src/base/turn-clock.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'

test('the wall time stands still while an event is handled, and goes on with the next', () => {
  const virtual = createVirtualClock(1000)
  let wall = 5000
  let asked = 0
  const clock = createTurnClock({
    ...virtual,
    wall: () => {
      asked++
      return wall
    },
  })
  const seen: number[] = []
  for (const delayMs of [1, 2])
    clock.after(delayMs, () => {
      seen.push(clock.wall())
      wall += 7
      seen.push(clock.wall())
    })
  virtual.run()
  expect(seen).toEqual([5000, 5000, 5007, 5007])
  expect(asked).toBe(2)
})

test('all else is the clock that was given', () => {
  const virtual = createVirtualClock()
  const clock = createTurnClock(virtual)
  const rung: string[] = []
  clock.after(2, () => rung.push(`after at ${clock.now()}`))
  clock.precisely(1, () => rung.push(`precisely at ${clock.now()}`))
  clock.after(3, () => rung.push('never')).cancel()
  clock.soon(() => rung.push('soon'))
  virtual.run()
  expect(rung).toEqual(['soon', 'precisely at 1', 'after at 2'])
})
