// Money over a bad line, in virtual time: the same terminals, acquirer and ledger as in a real run. Whatever is lost,
// late or doubled, the two sides agree in the end.

import { describe, expect, test } from 'vitest'
import type { Result } from '../../src/measure/result.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const everything = {
  ...{ sale: 60, preauth: 10, completion: 8, void: 8, refund: 8, preauthVoid: 4, completionAdvice: 4, balance: 4 },
}

const badLine = [
  { name: 'lost-answers', on: 'network', direction: 'answer', no_answer: {}, share: '8%' },
  { name: 'lost-requests', on: 'network', direction: 'request', no_answer: {}, share: '4%' },
  { name: 'doubled', on: 'network', direction: 'request', duplicate: {}, share: '4%' },
  { name: 'late', on: 'network', direction: 'answer', delay: { delay: '3s' }, share: '4%' },
  { name: 'wrong', on: 'network', direction: 'answer', wrong_amount: {}, share: '3%' },
  { name: 'cut', on: 'network', reset_peer: {}, at: '4s', for: '500ms' },
]

interface Change {
  readonly dialect?: string
  readonly terminals?: object
  readonly acquirer?: object
  readonly faults?: readonly object[]
  readonly dialectRules?: object
  readonly messages?: object
}

function run(seed: number, change: Change = {}) {
  const { dialect = 'cup-pos', dialectRules, messages, terminals = {}, acquirer = {}, faults = badLine } = change
  const { scenario, source } = scenarioFromData({
    name: 'money',
    dialect,
    ...(dialectRules && { dialectRules }),
    ...(messages && { messages }),
    seed,
    terminals: {
      count: 10,
      timeout: '1s',
      reversal: { retries: 1, interval: '500ms' },
      mix: everything,
      ...terminals,
    },
    acquirer: { serviceTime: { p50: '40ms', p99: '300ms' }, ...acquirer },
    load: [{ hold: { rate: '15/s', for: '10s' } }],
    timely: { funds: '20s' },
    drain: '60s',
    faults,
  })
  return runScenario(scenario, { source, clock: 'virtual' })
}

const sumOf = ({ books }: Result) => books?.terminal.transactions ?? 0

for (const dialect of ['cup-pos', 'iso87-ascii', 'iso87-binary', 'iso93-binary', 'iso_8583']) {
  test(`${dialect}: over a bad line every reversal is acknowledged and the books agree`, async () => {
    for (const seed of [1, 2]) {
      const result = await run(seed, { dialect })
      expect(result.books).toMatchObject({ agree: true, differences: [] })
      expect(result.reversals?.created).toBeGreaterThan(5)
      expect(result.reversals).toMatchObject({ acknowledged: result.reversals?.created, pending: 0 })
      expect(sumOf(result)).toBeGreaterThan(100)
    }
  })
}

test('iso87-ascii with 0400 in place of 0420: it is what goes over the line, and the books agree', async () => {
  const heard = { on: 'network', direction: 'request', delay: { delay: '1ms' } }
  const named = ['0400', '0401', '0420', '0421'].map((mti) => ({ ...heard, name: mti, match: { mti: [mti] } }))
  const faults = [...badLine, ...named]
  const result = await run(1, { dialect: 'iso87-ascii', dialectRules: { reversal: '0400' }, faults })
  expect(result.books).toMatchObject({ agree: true, differences: [] })
  expect(result.reversals).toMatchObject({ acknowledged: result.reversals?.created, pending: 0 })
  const [sent, repeated, ...others] = named.map(
    ({ name }) => result.faults?.find((each) => each.name === name)?.applied,
  )
  expect(sent).toBeGreaterThan(5)
  expect(repeated).toBeGreaterThan(0)
  expect(others).toEqual([0, 0])
})

test('over a good line nothing is reversed, and a void that finds no sale is a sale', async () => {
  const result = await run(1, { faults: [] })
  expect(result.reversals).toEqual({ created: 0, acknowledged: 0, pending: 0 })
  expect(result.books?.agree).toBe(true)
  expect(result.substituted).toBeGreaterThan(0)
  const { type } = result.breakdown
  for (const name of Object.keys(everything)) expect(type[name]?.outcomes.approved, name).toBeGreaterThan(0)
  expect(Object.values(type).reduce((sum, { offered }) => sum + offered, 0)).toBe(result.offered)
})

describe('the books show', () => {
  test('what was dropped, as terminals do that give up', async () => {
    const terminals = { reversal: { retries: 0, interval: '500ms', giveUp: true } }
    const result = await run(3, { terminals })
    expect(result.books?.agree).toBe(false)
    expect(result.books?.counts.chargedButNotKnown).toBeGreaterThan(0)
    expect(result.reversals?.pending).toBe(0)
  })

  test('what was never reversed', async () => {
    const result = await run(3, { terminals: { reversal: false } })
    expect(result.books?.counts.chargedButNotKnown).toBeGreaterThan(result.reversals?.created ?? 0)
  })

  test('what is still owed to a host that never answers a reversal', async () => {
    const deaf = [
      ...badLine,
      { name: 'deaf', on: 'network', direction: 'answer', no_answer: {}, match: { mti: ['0410', '0430'] } },
    ]
    const result = await run(3, { faults: deaf })
    expect(result.reversals?.pending).toBe(result.reversals?.created)
    // Advices are repeated and not reversed, and wait behind the reversal of their terminal.
    const toBeReversed = result.books?.differences.filter(
      ({ kind, type }) => kind === 'reversalPending' && type !== 'refund' && type !== 'completionAdvice',
    )
    expect(toBeReversed).toHaveLength(result.reversals?.pending ?? 0)
    expect(result.books?.agree).toBe(false)
  })
})

test('a terminal that cannot reverse before its next sale does not sell', async () => {
  const deaf = { name: 'deaf', on: 'network', direction: 'answer', no_answer: {}, match: { mti: ['0410'] } }
  const { failures } = await run(1, { terminals: { count: 2 }, faults: [...badLine, deaf] })
  expect(failures['a reversal had to go first']).toBeGreaterThan(0)
})

for (const dialect of ['cup-pos', 'iso87-ascii', 'iso93-ascii']) {
  test(`${dialect}: every terminal settles in balance and hears of its money`, async () => {
    const result = await run(1, {
      dialect,
      terminals: { settle: true },
      acquirer: { settlement: { cycle: '2s', feeRate: '0.6%' } },
      faults: [],
    })
    expect(result.settlements).toEqual({ balanced: 10, outOfBalance: 0, unknown: 0, unanswered: 0 })
    expect(result.books?.agree).toBe(true)
    expect(result.timeToFunds?.count).toBeGreaterThan(50)
    expect(result.timeliness.fundsTimelyRate).toBe(1)
  })
}

describe('a sale under another name is a sale', () => {
  test('its money is awaited, and the terminal settles in balance', async () => {
    const result = await run(1, {
      terminals: { settle: true, mix: { saleChip: 1, sale: 1 } },
      acquirer: { settlement: { cycle: '2s', feeRate: '0.6%' } },
      faults: [],
    })
    const { saleChip, sale } = result.breakdown.type
    expect(saleChip?.outcomes.approved).toBeGreaterThan(20)
    const approved = (saleChip?.outcomes.approved ?? 0) + (sale?.outcomes.approved ?? 0)
    expect(result.timeToFunds?.count).toBe(approved)
    expect(result.settlements).toEqual({ balanced: 10, outOfBalance: 0, unknown: 0, unanswered: 0 })
  })

  test('a void takes it back', async () => {
    const result = await run(1, { terminals: { settle: true, mix: { saleChip: 3, void: 1 } }, faults: [] })
    const { void: voided, sale } = result.breakdown.type
    expect(voided?.outcomes.approved).toBeGreaterThan(10)
    expect(result.substituted).toBeLessThan(voided?.outcomes.approved ?? 0)
    expect(sale?.offered ?? 0).toBe(result.substituted)
    expect(result.settlements).toMatchObject({ outOfBalance: 0, unknown: 0 })
    expect(result.books?.agree).toBe(true)
  })

  test("so does a scenario's own, over a bad line", async () => {
    const fields = { 2: '{card.pan}', 3: '000000', 4: '{amount}', 7: '{utc:MMDDhhmmss}', 11: '{stan}' }
    const own = { ...fields, 12: '{local:hhmmss}', 13: '{local:MMDD}', 22: '011', 25: '08', 37: '{rrn}' }
    const result = await run(2, {
      dialect: 'iso87-ascii',
      messages: { byPhone: { mti: '0200', fields: { ...own, 41: '{terminal}', 42: '{merchant}', 49: '{currency}' } } },
      terminals: { settle: true, mix: { byPhone: 3, void: 1, refund: 1 } },
    })
    const { void: voided, refund } = result.breakdown.type
    expect(Math.min(voided?.outcomes.approved ?? 0, refund?.outcomes.approved ?? 0)).toBeGreaterThan(5)
    expect(result.books).toMatchObject({ agree: true, differences: [] })
    expect(result.settlements).toMatchObject({ outOfBalance: 0, unknown: 0 })
  })
})

test('totals that the line has changed are out of balance, and the batch is uploaded', async () => {
  // The host hears of a sale that the terminal takes for failed: nothing undoes it.
  const terminals = { settle: true, reversal: false, mix: { sale: 1 } }
  const lost = { name: 'lost', on: 'network', direction: 'answer', no_answer: {}, share: '10%', match: { mti: '0210' } }
  const result = await run(1, { terminals, faults: [lost] })
  expect(result.settlements?.outOfBalance).toBeGreaterThan(0)
  expect(result.settlements?.unknown).toBe(0)
})

test('equal seeds give equal money', async () => {
  const [one, other] = [await run(5), await run(5)]
  expect(other.books).toEqual(one.books)
  expect(other.reversals).toEqual(one.reversals)
  expect(other.responseTime.hdr).toBe(one.responseTime.hdr)
})
