// Keeps the suite short enough to be run before every commit. Processor time is counted: on a busy machine tests wait, and
// that is no fault of theirs. Each test file adds what it took (suite-spent.ts), and the sum has a limit.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Seconds of processor time of all test files together; two cores share them, so that `npm test` ends within five minutes. */
const budgetSeconds = 540

export default function startSuite(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-suite-'))
  const file = join(folder, 'spent')
  process.env.ISOCHRON_SUITE_SPENT = file
  return () => {
    const spent = sumOf(file)
    rmSync(folder, { recursive: true, force: true })
    if (spent <= budgetSeconds) return
    const took = `the tests took ${spent.toFixed(0)} s of processor time, the budget is ${budgetSeconds} s`
    throw new Error(`${took}: make the slowest faster`)
  }
}

/** No file ran where nothing was written. */
function sumOf(file: string): number {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .reduce((sum, line) => sum + Number(line), 0)
  } catch {
    return 0
  }
}
