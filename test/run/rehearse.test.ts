// The rehearsal before a fast load: what is played, where, and that nothing of it reaches a host or ends a run.

import { expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { planLoad } from '../../src/load/plan.js'
import type { PlayScenario } from '../../src/run/rehearse.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

/** As it was built: its host is in a thread, which starts from a file. */
const built = <Module>(path: string) => import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<Module>
const { isFast, needsRehearsal, rehearse } = await built<typeof import('../../src/run/rehearse.js')>('run/rehearse.js')
const { runScenario } = await built<typeof import('../../src/run/run-scenario.js')>('run/run-scenario.js')

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
  const needs = (load: object, warmup = 0) =>
    isFast(planLoad(scenarioFromData({ ...{ name: 'a', load: [load] } }).scenario.load, createRandom(1)), warmup)
  expect(needs({ hold: { rate: '999/s', for: '1s' } })).toBe(false)
  expect(needs({ hold: { rate: '1000/s', for: '1s' } })).toBe(true)
  expect(needs({ ramp: { from: '1/s', to: '2000/s', over: '1s' } })).toBe(true)
  expect(needs({ concurrency: { terminals: 100, for: '1s' } })).toBe(true)
  expect(needs({ concurrency: { terminals: 100, for: '1s', think: '1s' } })).toBe(false)
  expect(needs({ concurrency: { terminals: 100, for: '9s' } }, 1000)).toBe(false)
  expect(needs({ hold: { rate: '1000/s', for: '9s' } }, 1000)).toBe(true)
})

test('is played three times over loopback, against no host of the scenario', async () => {
  const played: Parameters<PlayScenario>[] = []
  await rehearse(scenario, async (...call) => void played.push(call))
  expect(played.map(([, { world }]) => world.kind)).toEqual(['real', 'real', 'real'])
  expect(played.map(([{ terminals }]) => terminals.connections)).toEqual([
    { shared: 16, inFlight: 2 },
    { shared: 16, inFlight: 8 },
    { shared: 16, inFlight: 8 },
  ])
  for (const [rehearsed] of played) {
    expect(rehearsed.terminals).toMatchObject({ count: 256, settle: false })
    expect(rehearsed.terminals.target).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)])
    expect(rehearsed.terminals.target).not.toEqual(scenario.terminals.target)
    expect(rehearsed.faults).toEqual([])
  }
})

test('ends when the run is interrupted', async () => {
  const interrupt = new AbortController()
  const heard: boolean[] = []
  const play: PlayScenario = async (_scenario, { signal }) => {
    interrupt.abort()
    heard.push(signal.aborted)
  }
  await rehearse(scenario, play, { signal: interrupt.signal })
  // The acts behind it are not played, and later no act is.
  expect(heard).toEqual([true])
  await rehearse(scenario, play, { signal: interrupt.signal })
  expect(heard).toHaveLength(1)
})

test('that cannot be played lets the run begin cold', async () => {
  const play = () => Promise.reject(new Error('no'))
  expect(await rehearse(scenario, play)).toBeUndefined()
})

test('posts and answers as the run does, once for each dialect', async () => {
  const { load } = scenario
  const needs = () => needsRehearsal(planLoad(load, createRandom(1)), 'iso87-ascii', 0)
  expect([needs(), needs()]).toEqual([true, false])
  const results: Awaited<ReturnType<typeof runScenario>>[] = []
  const play: PlayScenario = async (rehearsed, options) => {
    const few = {
      ...rehearsed,
      load: scenarioFromData({ name: 'b', load: [{ hold: { rate: '1000/s', for: '30ms' } }] }).scenario.load,
    }
    results.push(await runScenario(few, options))
  }
  await rehearse(scenario, play, { mostMs: 60_000 })
  expect(results.map(({ outcomes }) => outcomes.approved)).toEqual(new Array(3).fill(30))
})
