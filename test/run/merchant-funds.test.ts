// The merchants' money in a result: a fee that is not the agreed one shows, also where all money is in time.

import { expect, test } from 'vitest'
import { sumFunds } from '../../src/measure/money/merchant-funds.js'
import { printMarkdown } from '../../src/report/markdown.js'
import { moneyRows } from '../../src/report/rows/money-rows.js'
import { createContracts } from '../../src/run/result/contracts.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const scenarioWith = (acquirer: object, more: object = {}) =>
  scenarioFromData({
    name: 'funds',
    dialect: 'cup-pos',
    seed: 5,
    terminals: { count: 4, amounts: '100.00 CNY', merchants: ['SHOP1', 'SHOP2'] },
    acquirer,
    load: [{ hold: { rate: '2/s', for: '5s' } }],
    drain: '5s',
    ...more,
  })

const settlement = { cycle: '1s', feeRate: '1%' }

test('a fee that is not the agreed one is in the result and in the report, in words', async () => {
  const { scenario, source } = scenarioWith(
    { settlement, contract: { feeRate: '0.38%' }, merchants: { SHOP2: { contract: { feeRate: '1%' } } } },
    { timely: { funds: '10s' } },
  )
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  expect(result.funds).toMatchObject({
    ...{ currency: 'CNY', merchantCount: 2, paidMinor: 99_000, feeMinor: 1000 },
    differences: [{ merchant: null, term: 'feeRate', configured: '1%', contract: '0.38%' }],
  })
  const [first, second] = result.funds?.merchants ?? []
  expect(first).toMatchObject({ merchant: 'SHOP1', held: null })
  expect(first?.contractFeeMinor).toBe(0.38 * (first?.feeMinor ?? 0))
  expect(second).toMatchObject({ merchant: 'SHOP2', contractFeeMinor: second?.feeMinor })
  const report = printMarkdown(result)
  expect(report).toContain('| payouts | 990.00 CNY to 2 merchants, fees 10.00 CNY |')
  expect(report).toMatch(/\| fees \| NOT AS AGREED: merchant SHOP1: kept \d\.00 CNY, agreed \d\.\d\d CNY \|/)
  expect(report).toContain('| terms | not as agreed: feeRate 1%, agreed 0.38% |')
})

test('what is held is named with its reason; fees and terms as agreed are no words', async () => {
  const { scenario, source } = scenarioWith({ settlement: { ...settlement, minimum: '5000.00 CNY' } })
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  expect(moneyRows(result).slice(-2)).toEqual([
    ['payouts', '0.00 CNY to 0 of 2 merchants, fees 0.00 CNY'],
    [
      'held',
      expect.stringMatching(
        /^merchant SHOP1: below minimum since [-\d]{10} [:\d]{8} UTC; merchant SHOP2: below minimum /,
      ),
    ],
  ])
})

test('a hold of an hour that is over is in the result and the report, with its time and its amount', async () => {
  const hold = { reason: 'risk', from: '1s', for: '3s' }
  const { scenario, source } = scenarioWith({ settlement, merchants: { SHOP1: { settlement: { hold } } } })
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  const [held, free] = result.funds?.merchants ?? []
  expect([held?.merchant, held?.held, held?.holds?.length, free?.holds]).toEqual(['SHOP1', null, 1, []])
  const [{ since, until } = { since: 0, until: 0 }] = held?.holds ?? []
  expect((until ?? 0) - since).toBe(3000)
  const at = '[-0-9]{10} [:0-9]{8}'
  expect(printMarkdown(result)).toMatch(
    new RegExp(`\\| was held \\| merchant SHOP1: risk hold from ${at} to ${at} UTC, [.0-9]+ CNY \\|`),
  )
})

test('nobody is paid without settlement', async () => {
  const { scenario, source } = scenarioWith({})
  expect((await runScenario(scenario, { source, clock: 'virtual' })).funds).toBeNull()
})

test('hosts with ledgers of their own pay a merchant together', () => {
  const row = { merchant: 'M', paidMinor: 90, feeMinor: 10, contractFeeMinor: 5, held: null }
  const hold = { reason: 'balance', since: 1, until: null, amountMinor: 7 }
  expect(sumFunds('CNY', [row, { ...row, held: 'balance', holds: [hold] }], []).merchants).toEqual([
    { merchant: 'M', paidMinor: 180, feeMinor: 20, contractFeeMinor: 10, held: 'balance', holds: [hold] },
  ])
})

test('a diagnosis reads a contract as the acquirer does: what it does not name of the fee is as configured', () => {
  const capped = { ...settlement, feeCap: '13.00 CNY' }
  const { scenario } = scenarioWith({ settlement: capped, contract: { feeRate: '0.5%' } })
  const terms = createContracts(scenario.acquirer, 'Asia/Shanghai')('SHOP1')
  expect(terms).toMatchObject({ cycleMs: undefined, minimum: undefined })
  expect(terms?.net?.(10_000_000)).toBe(10_000_000 - 1300)
})

test('of a merchant without a contract nothing is known', () => {
  const { scenario } = scenarioWith({ settlement, merchants: { SHOP2: { contract: { cycle: '2s' } } } })
  const contractOf = createContracts(scenario.acquirer, 'Asia/Shanghai')
  expect([contractOf('SHOP1'), contractOf('SHOP2')?.cycleMs]).toEqual([undefined, 2000])
})
