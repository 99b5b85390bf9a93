// The built program, killed: both sides in the middle of a run, on the same files again afterwards.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { activityOf, crashRounds } from '../../bench/crash-rounds.js'

test('after kill -9 of the acquirer and of the terminals nothing is lost and nothing taken twice', async () => {
  const program = join(import.meta.dirname, '../../dist/cli/main.js')
  const reports = await crashRounds({ program, rounds: 2, seed: 1, rate: 500, loadMs: 600 })
  expect(reports).toHaveLength(2)
  for (const { books, problems, exitCode } of reports) {
    expect(problems).toEqual([])
    expect(books.differences).toEqual([])
    expect(books).toMatchObject({ agree: true })
    expect(exitCode).toBe(0)
    expect(books.terminal.states.charged).toBeGreaterThan(0)
  }
  // The recovery of the second round was killed too, before it was over.
  expect(reports.map(({ killedAt }) => killedAt.length)).toEqual([1, 2])
  expect(reports[1]?.inDoubt[1]).toBeGreaterThan(0)
  // Something was under way, or the rounds have shown nothing. How fast they sold is left to `npm run bench -- crash-test`: here
  // other tests share the machine.
  const { inDoubt, reversals } = activityOf(reports)
  expect(inDoubt).toBeGreaterThan(0)
  expect(reversals).toBeGreaterThan(0)
}, 120_000)
