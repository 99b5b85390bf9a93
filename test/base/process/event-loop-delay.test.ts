import { expect, test } from 'vitest'
import { realClock, sleep } from '../../../src/base/clock.js'
import { startEventLoopDelay } from '../../../src/base/process/event-loop-delay.js'

test('a loop that was held up is seen, an idle one is not charged for the monitor itself', async () => {
  const monitor = startEventLoopDelay()
  expect(monitor.read()).toMatchObject({ p99Ms: null, maxMs: null })
  await sleep(realClock, 60)
  const until = realClock.now() + 120
  while (realClock.now() < until);
  await sleep(realClock, 60)
  const { maxMs } = monitor.stop()
  expect(maxMs).toBeGreaterThan(90)
  expect(monitor.stop().maxMs).toBe(maxMs)
})

test('a reset forgets', async () => {
  const monitor = startEventLoopDelay()
  await sleep(realClock, 30)
  monitor.reset()
  expect(monitor.stop()).toMatchObject({ p99Ms: null, maxMs: null })
})
