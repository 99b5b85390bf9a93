// Keeps the suite short enough to be run before every commit. Each test file writes down the processor time that it took
// (write-time.ts), and a suite over its budget fails. `ISOCHRON_SUITE_BUDGET=1 npx vitest run` shows the costliest files.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { budgetSeconds, overBudget } from './budget.js'

export default function startSuite(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-suite-'))
  const file = join(folder, 'spent')
  process.env.ISOCHRON_SUITE_SPENT = file
  return () => {
    const lines = linesOf(file)
    rmSync(folder, { recursive: true, force: true })
    const { user, system } = process.cpuUsage()
    const allowed = Number(process.env.ISOCHRON_SUITE_BUDGET ?? budgetSeconds)
    const complaint = overBudget(lines, (user + system) / 1e6, allowed)
    if (complaint === undefined) return
    // An error that is thrown here is shown by vitest, but the exit code stays 0.
    process.stderr.write(`\n${complaint}\n`)
    process.exitCode = 1
  }
}

/** Empty where no file ran. */
function linesOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
