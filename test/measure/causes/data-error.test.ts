// Data that the terminal's own checks find wrong: neither the line nor the host had a part in it.

import { expect, test } from 'vitest'
import { diagnose } from '../../../src/measure/causes/diagnose.js'
import { createObserver } from '../../../src/measure/causes/observer.js'
import { sampleOf } from '../sample-of.js'

test('a payment that its own terminal refuses is a fault of the data, and says why', () => {
  const observer = createObserver({ startedAt: 0, wallAtStart: 0, timelyWithinMs: 3000, timeoutMs: 5000 })
  for (let at = 0; at < 20; at++) observer.sample(sampleOf({ intendedAt: at * 100, tookMs: 20 }), {})
  const reason = 'refused by the terminal: card expired'
  observer.sample(sampleOf({ intendedAt: 1050, tookMs: 1, outcome: 'failed', reason }), {})
  const [row] = diagnose(observer.observations({ fundsAreTold: false, eventLoopP99Ms: null })).causes
  expect(row?.cause).toBe('data-error')
  expect(row?.evidence[0]).toBe(`nothing was sent (${reason})`)
})
