// `run --find-capacity` in virtual time: one worker of 50 ms keeps 20 transactions a second, and not more.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCapacity } from '../../src/run/find-capacity.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-capacity-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const { scenario } = scenarioFromData({
  name: 'one worker',
  dialect: 'iso87-ascii',
  seed: 1,
  terminals: { count: 500, connections: { shared: 4, inFlight: 256 }, mix: { balance: 1 }, signOn: false },
  acquirer: { workers: 1, serviceTime: { p50: '50ms', p99: '51ms' } },
  load: [{ hold: { rate: '40/s', for: '5s' } }],
})
const search = (condition: string) =>
  findCapacity(scenario, (tried) => runScenario({ ...scenario, ...tried }, { source: '', clock: 'virtual' }), {
    ...{ condition, outDir: folder },
    signal: new AbortController().signal,
  })

test('the rate is found that a host of known speed keeps', async () => {
  const capacity = await search('responseTime.p90 < 300ms')
  expect(capacity.limitedBy).toBe('host')
  expect(capacity.keptPerSecond).toBeGreaterThanOrEqual(17)
  expect(capacity.keptPerSecond).toBeLessThanOrEqual(22)
  expect(JSON.parse(readFileSync(join(folder, 'capacity.json'), 'utf8'))).toEqual(capacity)
  expect(readFileSync(join(folder, 'capacity.csv'), 'utf8').split('\n')).toHaveLength(capacity.steps.length + 2)
})

test('a condition that cannot be judged ends the search before it begins', async () => {
  await expect(search('responseTime.p42 < 200ms')).rejects.toThrow('p42')
})
