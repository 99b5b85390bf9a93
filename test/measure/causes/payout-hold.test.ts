import { expect, test } from 'vitest'
import { accused, diagnose } from '../../../src/measure/causes/diagnose.js'
import { createObserver } from '../../../src/measure/causes/observer.js'
import type { PayoutHold } from '../../../src/measure/money/merchant-funds.js'
import { sentenceIn } from '../../../src/report/words/sentences.js'
import { sampleOf } from '../sample-of.js'

const wall = Date.parse('2026-11-27T10:00:00Z')
const contract = { cycleMs: 2000, minimum: 0, net: undefined }

interface Money {
  /** When the money of all sales came, in ms; undefined: it did not. */
  readonly paidAt?: number
  readonly holds?: readonly PayoutHold[]
  readonly refunds?: boolean
  readonly told?: { readonly reason: string; readonly since?: number }
}

/** Ten sales a second apart, whose money is to come every two seconds, and counts as timely within five. */
function diagnosisOf({ paidAt, holds, refunds = false, told }: Money) {
  const observer = createObserver({
    ...{ startedAt: 0, wallAtStart: wall, timelyWithinMs: 3000, timeoutMs: 5000, lastingLinks: 1 },
    funds: { withinMs: 5000, contractOf: () => contract },
  })
  const keys = Array.from({ length: 10 }, (_, index) => `sale ${index}`)
  for (const [index, key] of keys.entries()) {
    observer.sample(sampleOf({ intendedAt: index * 1000, tookMs: 10 }), { funds: { key, amount: 1000 } })
    if (refunds) observer.sample(sampleOf({ intendedAt: index * 1000, tookMs: 10 }), { refunded: 1500 })
    if (told !== undefined) observer.told(key, { reason: told.reason, since: told.since })
  }
  observer.echo({ at: 30_000, ms: 10, link: 0 })
  if (paidAt !== undefined) observer.paid(keys, 10_000, paidAt)
  const { funds, ...rest } = observer.observations({ fundsAreTold: true, eventLoopP99Ms: null })
  const merchant = sampleOf({ intendedAt: 0 }).merchant
  const all = { ...rest, funds: funds && { ...funds, ...(holds && { holds: new Map([[merchant, holds]]) }) } }
  const { causes } = diagnose(all)
  return { accused: accused(causes, 10), evidence: causes.flatMap(({ evidence }) => evidence) }
}

const hold = (from: number, until: number | null, reason = 'risk hold'): PayoutHold => ({
  ...{ reason, since: wall + from, until: until === null ? null : wall + until, amountMinor: 10_000 },
})

test('a hold that is not over is named with who, why, since when and how much', () => {
  const { accused, evidence } = diagnosisOf({ holds: [hold(500, null)] })
  expect(accused).toEqual(['payout-hold'])
  expect(evidence[0]).toMatch(
    /^the acquirer held all payouts of merchant \S+ from 2026-11-27 10:00:00 UTC on: risk hold$/,
  )
  expect(evidence.slice(1)).toEqual([
    '100.00 waited for that',
    'ask the acquirer for the release of the risk hold, with the slips of these sales',
  ])
})

test('a hold that is over is to blame for what came late because of it', () => {
  expect(diagnosisOf({ paidAt: 30_000, holds: [hold(500, 28_500)] }).accused).toEqual(['payout-hold'])
})

test('a hold is not to blame for what was late long after it, nor for what it did not touch', () => {
  expect(diagnosisOf({ paidAt: 30_000, holds: [hold(500, 4000)] }).accused).toEqual(['parameters'])
  expect(diagnosisOf({ paidAt: 30_000, holds: [hold(29_900, null)] }).accused).toEqual(['parameters'])
})

test('an account that does not cover the refunds is another matter, and so is a minimum', () => {
  expect(diagnosisOf({ refunds: true }).accused).toEqual(['merchant-balance'])
  expect(diagnosisOf({ holds: [hold(0, null, 'balance')] }).accused).toEqual(['merchant-balance'])
  expect(diagnosisOf({ told: { reason: 'balance' } }).accused).toEqual(['merchant-balance'])
  expect(diagnosisOf({ refunds: true, holds: [hold(0, null, 'balance')] }).accused).toEqual(['merchant-balance'])
  expect(diagnosisOf({ holds: [hold(0, null, 'below minimum')] }).accused).toEqual(['parameters'])
  expect(diagnosisOf({ refunds: true, holds: [hold(0, null)] }).accused).toEqual(['payout-hold'])
})

test("a settlement file's word on a payment is taken, in both languages", () => {
  const { accused, evidence } = diagnosisOf({ told: { reason: 'returned by the bank: name differs', since: 12_000 } })
  expect(accused).toEqual(['payout-hold'])
  expect(evidence[0]).toBe(
    'the settlement file says of this payment of 10.00: returned by the bank: name differs, since 2026-11-27 10:00:12 UTC',
  )
  expect(
    diagnosisOf({ told: { reason: 'quota of the account' } }).evidence.map((each) => sentenceIn('zh', each)),
  ).toEqual([
    '对账文件中本笔 10.00 的状态：账户限额（II 类户）',
    '更换为不受该限额约束的账户（如 I 类户），或待次日、次年额度恢复',
  ])
})

test.each([
  'risk hold',
  'account wrong or closed',
  'quota of the account',
  "outside the bank's window",
  'returned by the bank',
])('%s is told in Chinese', (reason) => {
  for (const until of [null, 28_500]) {
    const said = diagnosisOf({ paidAt: 30_000, holds: [hold(500, until, reason)] }).evidence
    expect(said.map((each) => sentenceIn('zh', each)).join()).not.toMatch(/[a-z]{3,}/)
  }
})
