// The rehearsal before a fast load: what is played, where, and that nothing of it reaches a host or ends a run.

import { expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { planLoad } from '../../src/load/plan.js'
import { isFast, type PlayScenario, rehearse } from '../../src/run/rehearse.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const { scenario } = scenarioFromData({
  name: 'fast',
  dialect: 'iso87-ascii',
  seed: 1,
  terminals: { count: 5000, target: ['127.0.0.1:1'], connections: { shared: 100, inFlight: 8 }, settle: true },
  faults: [{ on: 'terminal', latency: { latency: '5ms' } }],
  load: [{ hold: { rate: '5000/s', for: '60s' } }],
  thresholds: ['responseTime.p99 < 1ms'],
})

test('is for fast loads', () => {
  const needs = (load: object) =>
    isFast(planLoad(scenarioFromData({ ...{ name: 'a', load: [load] } }).scenario.load, createRandom(1)))
  expect(needs({ hold: { rate: '999/s', for: '1s' } })).toBe(false)
  expect(needs({ hold: { rate: '1000/s', for: '1s' } })).toBe(true)
  expect(needs({ ramp: { from: '1/s', to: '2000/s', over: '1s' } })).toBe(true)
  expect(needs({ concurrency: { terminals: 100, for: '1s' } })).toBe(true)
  expect(needs({ concurrency: { terminals: 100, for: '1s', think: '1s' } })).toBe(false)
})

test('is played twice in virtual time and once over sockets, against no host of the scenario', async () => {
  const played: Parameters<PlayScenario>[] = []
  await rehearse(scenario, async (...call) => void played.push(call))
  expect(played.map(([, { world }]) => world.kind)).toEqual(['virtual', 'virtual', 'real'])
  expect(played.map(([{ terminals }]) => terminals.connections)).toEqual([
    ...new Array(2).fill({ shared: 16, inFlight: 2 }),
    { shared: 16, inFlight: 8 },
  ])
  const [, , last] = played
  // As the run itself: a host elsewhere, and a journal in a file that is thrown away.
  expect(last?.[0].terminals.target).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)])
  expect(last?.[0].terminals.target).not.toEqual(scenario.terminals.target)
  expect(last?.[1].journalIn).toBeUndefined()
  for (const [rehearsed] of played) {
    expect(rehearsed.terminals).toMatchObject({ count: 256, settle: false })
    expect(rehearsed.faults).toEqual([])
  }
  for (const [rehearsed] of played.slice(0, 2)) expect(rehearsed.terminals.target).toBeUndefined()
})

test('that cannot be played lets the run begin cold', async () => {
  const play = () => Promise.reject(new Error('no'))
  expect(await rehearse(scenario, play)).toBeUndefined()
})

test('posts and answers as the run does', async () => {
  const results: Awaited<ReturnType<typeof runScenario>>[] = []
  const play: PlayScenario = async (rehearsed, options) => {
    const few = {
      ...rehearsed,
      load: scenarioFromData({ name: 'b', load: [{ hold: { rate: '1000/s', for: '30ms' } }] }).scenario.load,
    }
    results.push(await runScenario(few, options))
  }
  await rehearse(scenario, play, 60_000)
  expect(results.map(({ outcomes }) => outcomes.approved)).toEqual(new Array(3).fill(30))
  expect(results.map(({ books }) => books?.agree)).toEqual([true, true, null])
})
