// Partial approvals from end to end, in virtual time: what the host approves in part is what terminals book, void, refund
// and settle, over a good line and a bad one.

import { expect, test } from 'vitest'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const lossy = [
  { on: 'network', direction: 'answer', no_answer: {}, share: '8%' },
  { on: 'network', direction: 'request', duplicate: {}, share: '5%' },
]

function run(dialect: string, answer: string, change: { amount?: string; faults?: readonly object[] } = {}) {
  const { amount = '50%', faults = [] } = change
  const mtis = dialect.startsWith('iso93') ? ['1100', '1200'] : ['0100', '0200']
  const { scenario, source } = scenarioFromData({
    name: 'partial',
    dialect,
    seed: 3,
    terminals: {
      count: 10,
      timeout: '1s',
      reversal: { retries: 1, interval: '500ms' },
      mix: { sale: 50, void: 10, refund: 10, preauth: 10, completion: 10 },
      settle: true,
    },
    acquirer: { rules: [{ match: { mti: mtis }, answer, amount }] },
    load: [{ hold: { rate: '15/s', for: '10s' } }],
    drain: '60s',
    faults,
  })
  return runScenario(scenario, { source, clock: 'virtual' })
}

const dialects = [
  { dialect: 'cup-pos', answer: '10' },
  { dialect: 'iso87-ascii', answer: '10' },
  { dialect: 'iso93-binary', answer: '006' },
]
for (const { dialect, answer } of dialects) {
  test(`${dialect}: books and totals agree where everything is approved in part`, async () => {
    const { books, settlements, responseCodes, outcomes } = await run(dialect, answer)
    expect(responseCodes[answer]).toBeGreaterThan(50)
    expect(outcomes.declined + outcomes.failed + outcomes.timedOut).toBe(0)
    expect(books).toMatchObject({ agree: true, differences: [] })
    expect(settlements).toEqual({ balanced: 10, outOfBalance: 0, unknown: 0, unanswered: 0 })
  })

  test(`${dialect}: also where answers are lost and requests doubled`, async () => {
    const { books, reversals } = await run(dialect, answer, { faults: lossy })
    expect(reversals?.created).toBeGreaterThan(0)
    expect(books).toMatchObject({ agree: true, differences: [] })
  })
}
