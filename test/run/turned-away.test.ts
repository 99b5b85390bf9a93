// An answer that a host gives at its door, without asking its workers, holds for copies that come when the door is open again.

import { expect, test } from 'vitest'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const faults = {
  maintenance: { on: 'acquirer', maintenance: {}, for: '2s' },
  cut_over: { on: 'acquirer', cut_over: {}, for: '2s' },
}

test.each(Object.entries(faults))('a sale refused by %s is not charged by its second copy', async (_, fault) => {
  const { scenario, source } = scenarioFromData({
    name: 'doubled',
    dialect: 'cup-pos',
    seed: 3,
    keys: 'none',
    terminals: { count: 5, mix: { sale: 1 }, timeout: '1s' },
    faults: [
      fault,
      { on: 'network', duplicate: { copies: 1, gap: '3s' }, direction: 'request', match: { mti: '0200' } },
    ],
    load: [{ hold: { rate: '5/s', for: '6s' } }],
  })
  const { books, outcomes } = await runScenario(scenario, { source, clock: 'virtual' })
  expect(outcomes.declined).toBeGreaterThan(5)
  expect(outcomes.approved).toBeGreaterThan(5)
  expect(books).toMatchObject({ agree: true })
})
