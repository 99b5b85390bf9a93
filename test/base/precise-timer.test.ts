import { describe, expect, test } from 'vitest'
import { type Clock, realClock } from '../../src/base/clock.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'

const waited = (clock: Clock, delayMs: number) =>
  new Promise<number>((resolve) => {
    const from = clock.now()
    clock.precisely(delayMs, () => resolve(clock.now() - from))
  })

describe('an exact action', () => {
  for (const delayMs of [0, 0.3, 1.5, 6.25]) {
    test(`asked for in ${delayMs} ms of real time never comes before`, async () => {
      expect(await waited(realClock, delayMs)).toBeGreaterThanOrEqual(delayMs)
    })
  }
  test('is not before its time either where the loop naps', async () => {
    for (const delayMs of [0, 0.3, 1.5]) {
      const from = realClock.now()
      await new Promise<void>((resolve) => realClock.precisely(delayMs, resolve, () => 0.1))
      expect(realClock.now() - from).toBeGreaterThanOrEqual(delayMs)
    }
  })
  test('never comes inside the call that asks for it', () => {
    let isCalled = false
    const timer = realClock.precisely(0, () => {
      isCalled = true
    })
    expect(isCalled).toBe(false)
    timer.cancel()
  })
  test('that is cancelled never comes, whether it waits for a timer or polls', async () => {
    const called: string[] = []
    const timers = [
      realClock.precisely(10, () => called.push('waits')),
      realClock.precisely(1, () => called.push('polls')),
    ]
    for (const timer of timers) timer.cancel()
    await waited(realClock, 15)
    expect(called).toEqual([])
  })
  test('in virtual time comes to the instant, in order with other timers', () => {
    const clock = createVirtualClock()
    const order: string[] = []
    clock.precisely(0.25, () => order.push(`exact ${clock.now()}`))
    clock.after(0.25, () => order.push(`plain ${clock.now()}`))
    clock.precisely(0, () => order.push(`now ${clock.now()}`))
    clock.run()
    expect(order).toEqual(['now 0', 'exact 0.25', 'plain 0.25'])
  })
})
