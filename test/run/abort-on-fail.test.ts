// Thresholds with `abortOnFail`: judged while the run goes on, and the first that is missed ends it.

import { describe, expect, test } from 'vitest'
import { judgeRun } from '../../src/measure/verdict.js'
import { printJunit } from '../../src/report/junit.js'
import { verdictLine } from '../../src/report/rows/verdict.js'
import { printSummary } from '../../src/report/summary.js'
import type { RunOptions } from '../../src/run/run-options.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'

/** Ten payments a second for 20 s; the host declines all with 96 from second 5 on. */
function run(thresholds: string, options: Partial<RunOptions> & { readonly extra?: string } = {}) {
  const { extra = '', ...how } = options
  const text = `
    name: aborting
    seed: 1
    terminals: { count: 10, mix: { sale: 8, balance: 2 } }
    load: [ { hold: { rate: 10/s, for: 20s } } ]
    faults: [ { name: down, on: acquirer, maintenance: { code: "96" }, at: 5s, for: 15s } ]
    thresholds: [ ${thresholds} ]
    ${extra}`
  return runScenario(parseScenario(text, 'x.yaml'), { source: text, clock: 'virtual', ...how })
}

const aborting = (threshold: string, delay = '') => `{ threshold: "${threshold}", abortOnFail: true${delay} }`

test('the first that is missed ends the load, and everything says so', async () => {
  const lines: string[] = []
  const result = await run(`books.agree, ${aborting('timelyRate >= 90%')}`, { onProgress: (line) => lines.push(line) })
  const { abortedBy, interrupted, offered, books } = result
  expect(abortedBy).toMatchObject({ expression: 'timelyRate >= 90%', met: false })
  expect(abortedBy?.atMs).toBeGreaterThan(5000)
  expect(abortedBy?.atMs).toBeLessThan(8000)
  expect(offered).toBeLessThan(80)
  expect(interrupted).toBe(false)
  expect(books?.agree).toBe(true)
  expect(lines.filter((line) => line.includes('ends the load'))).toHaveLength(1)
  expect(judgeRun(result)).toMatchObject({ exit: 3, failures: ['aborted', 'thresholds'] })
  expect(verdictLine(result)).toMatch(/^FAIL ended early, \d s after its start: timelyRate 8\d.*limit 90 %; 1 of 2: /)
  expect(verdictLine(result, 'zh')).toContain('提前结束')
  expect(printSummary(result).trimEnd()).toMatch(/ended early.*exit 3$/)
  expect(printJunit(result)).toMatch(/name="run is whole".*\n.*ended early/)
})

test('a run that it ended has failed, even where the threshold is met once all has drained', async () => {
  const result = await run(aborting('outcomes.declined == 0'))
  const met = { ...result, thresholds: result.thresholds.map((row) => ({ ...row, met: true })) }
  expect(judgeRun(met)).toMatchObject({ passed: false, exit: 3, failures: ['aborted'] })
})

describe('a run goes on', () => {
  const cases: readonly [name: string, thresholds: string, extra?: string][] = [
    ['without abortOnFail', '"timelyRate >= 90%"'],
    ['while the figure is not known', aborting('responseTime{type=balance}.p99 < 1s'), 'warmup: 19s'],
    ['while the threshold is met', aborting('responseTime{type=sale}.p99 < 1s')],
  ]
  for (const [name, thresholds, extra = ''] of cases) {
    test(name, async () => {
      const result = await run(thresholds, { extra })
      expect(result.abortedBy).toBeUndefined()
      expect(result.timeline.at(-1)?.atSecond).toBe(19)
    })
  }
})

test('a delay keeps a threshold from ending the run too soon', async () => {
  const { abortedBy } = await run(aborting('timelyRate >= 90%', ', delayAbortEval: 15s'))
  expect(abortedBy?.atMs).toBe(15_000)
})

test('a row of the breakdown is judged by itself', async () => {
  const { abortedBy } = await run(aborting('timelyRate{type=balance} >= 90%'))
  expect(abortedBy?.atMs).toBeGreaterThan(5000)
})

test('what one part of a run cannot see ends no part', async () => {
  const threshold = aborting('timelyRate >= 90%')
  await expect(run(threshold, { workers: 1, clock: 'real' })).rejects.toThrow('--workers')
  await expect(run(threshold, { share: { index: 0, of: 2 }, clock: 'real' })).rejects.toThrow(
    "--part: 'timelyRate >= 90%' has abortOnFail",
  )
})
