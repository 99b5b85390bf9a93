// This process stood still in the middle of a transaction: no line and no host is sure to have delayed it.

import { expect, test } from 'vitest'
import { diagnose } from '../../../src/measure/causes/diagnose.js'
import { createObserver } from '../../../src/measure/causes/observer.js'
import { sampleOf } from '../sample-of.js'

/** The causes of one sale of 4 s, during which an arrival began `lagMs` late. */
function causesOf(lagMs: number, eventLoopP99Ms: number | null = 380) {
  const observer = createObserver({ startedAt: 0, wallAtStart: 0, timelyWithinMs: 3000, timeoutMs: 5000 })
  observer.sample(sampleOf({ intendedAt: 1000, tookMs: 4000 }), {})
  observer.lag(lagMs, 1500)
  return diagnose(observer.observations({ fundsAreTold: false, eventLoopP99Ms })).causes
}

test('a process that stood still for most of a transaction accuses itself, and says how long', () => {
  const [row] = causesOf(3000)
  expect(row?.cause).toBe('generator')
  expect(row?.evidence[0]).toBe(
    'this process stood still for 3.0 s of the 4.0 s: what was to begin meanwhile began so late',
  )
})

test('a short stand, or one in virtual time, accuses nobody', () => {
  expect(causesOf(300)[0]?.cause).not.toBe('generator')
  expect(causesOf(3000, null)[0]?.cause).not.toBe('generator')
})
