import { expect, test } from 'vitest'
import { createObserver } from '../../../src/measure/causes/observer.js'
import { sampleOf } from '../sample-of.js'

const end = { fundsAreTold: false, eventLoopP99Ms: null }
const classes = { dataError: ['30'], setup: ['A0'], down: ['91'] }
const observer = (over = {}) =>
  createObserver({ startedAt: 1000, timelyWithinMs: 500, timeoutMs: 2000, codeClasses: classes, ...over })

test('keeps what was not timely in full, with instants since the start of the load', () => {
  const seen = observer()
  expect(seen.sample(sampleOf({ intendedAt: 1100, tookMs: 100 }))).toBeUndefined()
  expect(seen.sample(sampleOf({ intendedAt: 1200, tookMs: 900, responseCode: '91', outcome: 'declined' }))).toBe(0)
  const { offered, untimely, transactions } = seen.observations(end)
  expect({ offered, untimely }).toEqual({ offered: 2, untimely: 1 })
  expect(transactions[0]).toMatchObject({ intendedAt: 200, endedAt: 1100, code: '91', codeClass: 'down' })
})

test('the warm-up is counted nowhere', () => {
  const seen = observer({ measureFrom: 2000 })
  expect(seen.sample(sampleOf({ intendedAt: 1500, tookMs: 900 }))).toBeUndefined()
  expect(seen.observations(end).offered).toBe(0)
})

test('beyond the limit untimely transactions are counted and said', () => {
  const seen = observer({ limit: 3 })
  for (let index = 0; index < 5; index++) seen.sample(sampleOf({ intendedAt: 1000 + index, tookMs: 900 }))
  const { untimely, left, transactions } = seen.observations(end)
  expect({ untimely, left, kept: transactions.length }).toEqual({ untimely: 5, left: 2, kept: 3 })
})

test('a late answer finds the transaction that had timed out', () => {
  const seen = observer()
  seen.sample(sampleOf({ intendedAt: 1000, tookMs: 2000, outcome: 'timedOut', responseCode: undefined }), {
    link: 4,
    key: 'K',
  })
  seen.late(5, 'K', 3500)
  seen.late(4, 'K', 4000)
  expect(seen.observations(end).transactions[0]?.lateAnswerAt).toBe(3000)
})

test('a time without a word from the host is a gap, and the last one ends with the run', () => {
  const seen = observer()
  seen.echo({ at: 1100, ms: 10, link: 0 })
  seen.echo({ at: 2000, ms: 10, link: 0 })
  seen.connect({ at: 2500, ms: 500, result: 'open', link: undefined })
  expect(seen.observations(end).gaps).toEqual([
    { from: 110, to: 1010 },
    { from: 1010, to: 2000 },
  ])
})

const funds = { withinMs: 1000, contractOf: () => ({ cycleMs: 500, minimum: 0, net: (amount: number) => amount - 1 }) }

test('money that comes in time leaves nothing; late or missing money is kept', () => {
  const seen = observer({ funds })
  for (const [index, key] of ['a', 'b', 'c'].entries())
    seen.sample(sampleOf({ intendedAt: 1000 + index, tookMs: 10 }), { funds: { key, amount: 100 } })
  seen.paid(['a'], 99, 1500)
  seen.paid(['b'], 50, 3000)
  const { transactions, funds: money } = seen.observations({ ...end, fundsAreTold: true })
  expect(transactions.map(({ funds: each }) => each?.paidAt)).toEqual([2000, undefined])
  const merchant = money?.merchants.get('M1')
  expect(merchant?.waiting).toBe(99)
  expect(merchant?.payouts.items.map(({ amount, agreed }) => [amount, agreed])).toEqual([
    [99, 99],
    [50, 99],
  ])
})

test('where nobody tells of money, its absence says nothing', () => {
  const seen = observer({ funds })
  seen.sample(sampleOf({ intendedAt: 1000, tookMs: 10 }), { funds: { key: 'a', amount: 100 } })
  const { funds: money, untimely } = seen.observations(end)
  expect({ money, untimely }).toEqual({ money: null, untimely: 0 })
})

test('a voided sale awaits no money', () => {
  const seen = observer({ funds })
  seen.sample(sampleOf({ intendedAt: 1000, tookMs: 10 }), { funds: { key: 'a', amount: 100 } })
  seen.voided('a')
  expect(seen.observations({ ...end, fundsAreTold: true }).transactions).toEqual([])
})
