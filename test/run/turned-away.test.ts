// An answer that a host gives at its door, without asking its workers, holds for copies that come when the door is open again.

import { expect, test } from 'vitest'
import { addTurnedAway } from '../../src/measure/turned-away.js'
import { printSummary } from '../../src/report/summary.js'
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

test('a result counts the messages that found the line of its host full, and says so', async () => {
  const { scenario, source } = scenarioFromData({
    name: 'full',
    seed: 3,
    keys: 'none',
    terminals: { count: 20, mix: { sale: 1 } },
    acquirer: { workers: 1, queueLimit: 1, serviceTime: { p50: '500ms' } },
    load: [{ hold: { rate: '20/s', for: '2s' } }],
  })
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  expect(result.turnedAway?.queueFull).toBe(result.responseCodes['96'])
  expect(result.turnedAway).toMatchObject({ connections: 0, idle: 0 })
  expect(result.turnedAway?.queueFull).toBeGreaterThan(10)
  expect(printSummary(result)).toContain(`turned away: queueFull: ${result.turnedAway?.queueFull}`)
})

test('parts add up what their hosts turned away; a host elsewhere does not say', () => {
  expect(addTurnedAway([null, { idle: 1, queueFull: 2 }, { idle: 3 }])).toEqual({ idle: 4, queueFull: 2 })
  expect(addTurnedAway([null, undefined])).toBeNull()
})
