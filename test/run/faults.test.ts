// A scenario with faults on all its places, in virtual time: what acted is in the result, and equal seeds are equal runs.

import { expect, test } from 'vitest'
import type { Result } from '../../src/measure/result.js'
import { printJson } from '../../src/report/json.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const data = {
  name: 'faults',
  dialect: 'cup-pos',
  seed: 7,
  terminals: { count: 20, network: '4g', timeout: '3s' },
  acquirer: { serviceTime: { p50: '10ms' } },
  load: [{ hold: { rate: '40/s', for: '6s' } }],
  faults: [
    { name: 'lost', no_answer: {}, share: '10%', from: '1s', for: '2s', match: { mti: '0210' } },
    { name: 'wrong', on: 'acquirer', wrong_stan: {}, first: 2, match: { mti: '0210' } },
    { on: 'terminal', reset_peer: {}, at: '3s', share: '20%' },
    { on: 'acquirer', stall: { for: '500ms' }, at: '4500ms' },
    { name: 'never', no_answer: {}, match: { mti: '0999' } },
  ],
}

async function run(lines: string[] = []): Promise<Result> {
  const { scenario, source } = scenarioFromData(data)
  return await runScenario(scenario, { source, clock: 'virtual', onTrace: (line) => lines.push(line) })
}

test('the result counts what each fault did and its timeline names when', async () => {
  const lines: string[] = []
  const result = await run(lines)
  const applied = Object.fromEntries((result.faults ?? []).map((row) => [row.name, row.applied]))
  expect(Object.keys(applied)).toEqual(['lost', 'wrong', 'reset_peer', 'stall', 'never'])
  expect(applied).toMatchObject({ wrong: 2, stall: 1, never: 0 })
  expect(applied.lost).toBeGreaterThan(2)
  expect(result.outcomes.timedOut).toBe((applied.lost as number) + 2)
  expect(
    result.timeline.slice(0, 6).map((row) => row.faults.filter((name) => name !== 'wrong' && name !== 'never')),
  ).toEqual([[], ['lost'], ['lost'], ['reset_peer'], ['stall'], []])
  // 4g: 85 ms one way, 17 ms more or less.
  expect(result.responseTime.p50).toBeGreaterThan(160)
  expect(result.responseTime.p50).toBeLessThan(230)
  expect(lines.filter((line) => line.startsWith('fault lost '))).toHaveLength(applied.lost as number)
  expect(lines.join('\n')).not.toMatch(/"2":"\d{7}/)
})

test('equal seeds are equal runs, byte for byte', async () => {
  expect(printJson(await run())).toBe(printJson(await run()))
})
