import { expect, test } from 'vitest'
import { accused, diagnose } from '../../../src/measure/causes/diagnose.js'
import { createObserver } from '../../../src/measure/causes/observer.js'
import { sampleOf } from '../sample-of.js'

const hourMs = 3_600_000
/** Friday's sales are paid on Monday, 68 hours later; "timely" is two days. */
const paidAfterMs = 68 * hourMs
const friday = Date.parse('2026-02-06T06:00:00Z')

/** Money of ten sales, by a contract that says that it is due `dueMs` after the first of them. */
function causesOf(dueMs: number | undefined) {
  const contract = { cycleMs: 24 * hourMs, minimum: 0, net: undefined, paidBy: () => dueMs && friday + dueMs }
  const observer = createObserver({
    ...{ startedAt: 0, wallAtStart: friday, timelyWithinMs: 3000, timeoutMs: 5000 },
    funds: { withinMs: 48 * hourMs, contractOf: () => contract },
  })
  const keys = Array.from({ length: 10 }, (_, index) => `sale ${index}`)
  for (const [index, key] of keys.entries())
    observer.sample(sampleOf({ intendedAt: index * 1000, tookMs: 10 }), { funds: { key, amount: 1000 } })
  observer.paid(keys, 10_000, paidAfterMs)
  return diagnose(observer.observations({ fundsAreTold: true, eventLoopP99Ms: null })).causes
}

test('money that comes when the agreed calendar says accuses nobody, and says so', () => {
  const causes = causesOf(paidAfterMs)
  expect(accused(causes, 10)).toEqual([])
  expect(causes.flatMap(({ evidence }) => evidence).join()).toContain(
    'the money came by 2026-02-09 02:00 UTC, as agreed',
  )
})

test('money that comes a day after the agreed calendar is the fault of the parameters', () => {
  expect(accused(causesOf(paidAfterMs - 24 * hourMs), 10)).toEqual(['parameters'])
})
