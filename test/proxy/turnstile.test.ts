// Few of many connections that flood read on in one turn.

import { expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createTurnstile, letInPerTurn } from '../../src/proxy/turnstile.js'

test('few go on in each turn, in the order in which they came', () => {
  const clock = createVirtualClock(0)
  const turnstile = createTurnstile(clock)
  const went: number[] = []
  for (let one = 0; one < 5; one++) turnstile.wait(() => went.push(one))
  expect(went).toEqual([])
  const perTurn: number[] = []
  while (clock.step()) perTurn.push(went.length)
  expect(perTurn).toEqual([letInPerTurn, 2 * letInPerTurn, 5])
  expect(went).toEqual([0, 1, 2, 3, 4])
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
  while (clock.step());
  expect(went).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
})
