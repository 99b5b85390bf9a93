import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { realClock } from '../../../src/base/clock.js'
import { startEffort } from '../../../src/base/process/effort.js'
import { threadTime } from '../../../src/base/process/thread-time.js'

const isTold = existsSync('/proc/thread-self/schedstat')

test('a thread that works has run for as long as it was not kept waiting', () => {
  const before = threadTime()
  const from = realClock.now()
  while ((threadTime()?.ranMs ?? 2) - (before?.ranMs ?? 0) < 2 && realClock.now() - from < 5000);
  const after = threadTime()
  expect(after === undefined).toBe(!isTold)
  if (before === undefined || after === undefined) return
  const passed = realClock.now() - from
  expect(after.ranMs - before.ranMs).toBeGreaterThanOrEqual(2)
  // The system counts in steps of a tick.
  expect(after.ranMs - before.ranMs + after.waitedMs - before.waitedMs).toBeLessThanOrEqual(passed + 10)
})

test('the effort of a thread says which part of the time it had no processor, where the system does', () => {
  const effort = startEffort()
  const { waitShare } = effort.read()
  effort.stop()
  if (isTold) expect(waitShare).toBeGreaterThanOrEqual(0)
  else expect(waitShare).toBeUndefined()
  expect(waitShare ?? 0).toBeLessThanOrEqual(1)
})
