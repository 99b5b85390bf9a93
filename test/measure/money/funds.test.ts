// Time to funds: what is measured, what is expected no more, and what the rate is of.

import { afterEach, expect, test } from 'vitest'
import { createFundsWatch, type FundsWatch, maxEarly } from '../../../src/measure/money/funds.js'

const key = (stan: number) => ({ terminal: 'T1', batch: '000001', stan: String(stan) })

let watch: FundsWatch
afterEach(() => watch.destroy())

test('the rate is of all that is expected: paid in time, paid late, and not paid', () => {
  watch = createFundsWatch(1000)
  for (const stan of [1, 2, 3, 4]) watch.expect(key(stan), 0)
  watch.paid(key(1), 1000)
  watch.paid(key(2), 1001)
  watch.paid(key(2), 5)
  watch.paid(key(9), 5)
  watch.forget(key(4))
  expect(watch.waiting).toBe(1)
  const { timeToFunds, fundsTimelyRate } = watch.figures(true)
  expect(timeToFunds).toMatchObject({ count: 2, max: 1001 })
  expect(fundsTimelyRate).toBe(1 / 3)
})

test('money whose news overtakes the answer is paid when it is expected, and nobody waits for it', () => {
  watch = createFundsWatch(1000)
  watch.paid(key(1), 400)
  watch.paid(key(1), 900)
  watch.expect(key(1), 100)
  let told = 0
  watch.onNone(() => told++)
  expect([watch.waiting, told]).toEqual([0, 1])
  expect(watch.figures(true)).toMatchObject({ timeToFunds: { count: 1, max: 300 }, fundsTimelyRate: 1 })
})

test('of early news the oldest gives way', () => {
  watch = createFundsWatch(1000)
  for (let stan = 0; stan <= maxEarly; stan++) watch.paid(key(stan), 1)
  for (const stan of [0, 1, maxEarly]) watch.expect(key(stan), 0)
  expect(watch.waiting).toBe(1)
  expect(watch.figures(true).timeToFunds).toMatchObject({ count: 2 })
})

test('where nobody tells of money, nothing is known; where someone does and nothing came, the rate is 0', () => {
  watch = createFundsWatch(1000)
  watch.expect(key(1), 0)
  expect(watch.figures(false)).toEqual({ timeToFunds: null, fundsTimelyRate: null })
  expect(watch.figures(true)).toMatchObject({ timeToFunds: { count: 0 }, fundsTimelyRate: 0 })
})

test('what was presented during the warm-up is not measured', () => {
  watch = createFundsWatch(null)
  watch.measureFrom(100)
  watch.expect(key(1), 99)
  watch.expect(key(2), 100)
  for (const stan of [1, 2]) watch.paid(key(stan), 300)
  expect(watch.figures(true)).toMatchObject({ timeToFunds: { count: 1, max: 200 }, fundsTimelyRate: null })
})

test('whoever waits is told once, when no transaction waits any more', () => {
  watch = createFundsWatch(1000)
  let told = 0
  for (const stan of [1, 2]) watch.expect(key(stan), 0)
  watch.onNone(() => told++)
  watch.paid(key(1), 5)
  expect(told).toBe(0)
  watch.forget(key(2))
  watch.expect(key(3), 0)
  watch.paid(key(3), 5)
  expect(told).toBe(1)
})

test('beyond its limit it keeps no more, and gives no rate that would leave some out', () => {
  const told: number[][] = []
  watch = createFundsWatch(1000, { limit: 2, onNearlyFull: (...said) => told.push(said) })
  for (const stan of [1, 2, 3]) watch.expect(key(stan), 0)
  watch.paid(key(1), 5)
  expect(watch.figures(true)).toMatchObject({ timeToFunds: { count: 1 }, fundsTimelyRate: null })
  expect(told).toEqual([[2, 2]])
})
