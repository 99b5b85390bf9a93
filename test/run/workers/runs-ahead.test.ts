// Runs that threads make ahead: whoever dies of them leaves its runs to this one.

import { expect, test } from 'vitest'
import type { Result } from '../../../src/measure/result.js'
import { type PlannedRun, type RunThread, runAhead, ThreadDied } from '../../../src/run/workers/runs-ahead.js'

const resultOf = (name: string) => ({ name }) as unknown as Result
const planned = (name: string): PlannedRun => ({
  scenario: { name } as PlannedRun['scenario'],
  options: { source: '', clock: 'virtual' },
})
const own = (makers: string[]) => async (run: PlannedRun) => {
  makers.push(`here: ${run.scenario.name}`)
  return resultOf(run.scenario.name)
}

test('the runs of a thread that dies are made in this one', async () => {
  const makers: string[] = []
  const ended: string[] = []
  const dying = (): RunThread => ({
    async make({ scenario }) {
      makers.push(`thread: ${scenario.name}`)
      if (scenario.name !== 'b') throw new ThreadDied()
      return { result: resultOf(scenario.name), lines: [] }
    },
    end: () => void ended.push('end'),
  })
  const waits = runAhead(['a', 'b', 'c', 'd'].map(planned), own(makers), dying, 2)
  const results = await Promise.all(waits.map((wait) => wait()))
  expect(results).toEqual(['a', 'b', 'c', 'd'].map(resultOf))
  expect(makers).toContain('thread: b')
  expect(makers.filter((maker) => maker.startsWith('here: ')).length).toBe(3)
  expect(ended).toEqual(['end'])
})

test('a run that fails in a thread fails for whoever waits for it, and for nobody else', async () => {
  const failing = (): RunThread => ({
    make: ({ scenario }) => Promise.reject(new Error(`no port for ${scenario.name}`)),
    end: () => {},
  })
  const slow = async ({ scenario }: PlannedRun) => {
    await new Promise((resolve) => setImmediate(resolve))
    return resultOf(scenario.name)
  }
  const [first, second] = runAhead(['a', 'b'].map(planned), slow, failing, 2)
  await expect(first?.()).resolves.toEqual(resultOf('a'))
  await expect(second?.()).rejects.toThrow('no port for b')
})
