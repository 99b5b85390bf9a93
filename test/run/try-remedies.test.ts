// Runs one after another: what an interrupt and a run that cannot start leave behind.

import { expect, test } from 'vitest'
import { StartError } from '../../src/base/errors.js'
import { printRemedies } from '../../src/report/remedies.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { type RunOne, tryRemedies } from '../../src/run/try-remedies.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const data = {
  name: 'x',
  load: [{ hold: { rate: '10/s', for: '1s' } }],
  remedies: { a: { acquirer: { workers: 2 } }, b: { acquirer: { workers: 3 } } },
}
const variants = [[], ['a'], ['b']].map((names) => scenarioFromData(data, { with: names }))
const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name)

test('an interrupt ends the run under way, and no further one starts', async () => {
  const controller = new AbortController()
  const runOne: RunOne = async (scenario, options) => {
    if (options.remedies?.[0] === 'a') controller.abort()
    return await runScenario(scenario, options)
  }
  const { comparison, results } = await tryRemedies(variants, runOne, { clock: 'virtual', signal: controller.signal })
  expect(names(comparison.rows)).toEqual(['baseline', 'a'])
  expect(comparison.interrupted).toBe(true)
  expect(results.get('a')?.interrupted).toBe(true)
  expect(printRemedies(comparison, { exit: 130 })).toContain(
    'No remedy was run to its end. INTERRUPTED: not everything was tried.',
  )
})

test('a run that cannot start is a row that says why', async () => {
  const runOne: RunOne = (scenario, options) =>
    options.remedies?.length === 0
      ? Promise.reject(new StartError('nobody there'))
      : runScenario(scenario, { ...options, clock: 'virtual' })
  const { comparison } = await tryRemedies(variants, runOne, {})
  expect(comparison.rows[0]).toMatchObject({ name: 'baseline', problem: 'nobody there', timelyRate: null })
  expect(names(comparison.rows)).toEqual(['baseline', 'a', 'b'])
})

test('when none can start, the first reason is told', async () => {
  const runOne: RunOne = () => Promise.reject(new StartError('nobody there'))
  await expect(tryRemedies(variants, runOne, {})).rejects.toThrow('nobody there')
})
