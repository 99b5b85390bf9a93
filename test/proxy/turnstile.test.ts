// One of many connections that flood goes on in each turn.

import { expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createTurnstile } from '../../src/proxy/turnstile.js'

test('one goes on in each turn, in the order in which they came', () => {
  const clock = createVirtualClock(0)
  const turnstile = createTurnstile(clock)
  const went: number[] = []
  for (let one = 0; one < 3; one++) turnstile.wait(() => went.push(one))
  expect(went).toEqual([])
  const afterTurn: number[] = []
  while (clock.step()) afterTurn.push(went.length)
  expect(afterTurn).toEqual([1, 2, 3])
  expect(went).toEqual([0, 1, 2])
})

test('one that floods on goes to the end of the line', () => {
  const clock = createVirtualClock(0)
  const turnstile = createTurnstile(clock)
  const went: string[] = []
  const flood = (name: string, left: number) => {
    if (left > 0)
      turnstile.wait(() => {
        went.push(name)
        flood(name, left - 1)
      })
  }
  for (const name of ['a', 'b', 'c']) flood(name, 2)
  let turns = 0
  while (clock.step()) turns++
  expect(went).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect(turns).toBe(6)
})

test('one that waits again at once, alone in line, is called once a turn', () => {
  const clock = createVirtualClock(0)
  const turnstile = createTurnstile(clock)
  let left = 3
  const again = () => {
    if (--left > 0) turnstile.wait(again)
  }
  turnstile.wait(again)
  let turns = 0
  while (clock.step()) turns++
  expect([left, turns]).toEqual([0, 3])
})
