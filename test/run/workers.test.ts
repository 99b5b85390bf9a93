// Several generators in threads of one process, over TCP: one start, one ledger, one result.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { RunOptions } from '../../src/run/run-options.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'

const program = join(import.meta.dirname, '../../dist/cli/main.js')
const home = mkdtempSync(join(tmpdir(), 'isochron-test-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const scenario = join(home, 's.yaml')
writeFileSync(
  scenario,
  `{ name: workers, seed: 5, dialect: iso87-ascii, terminals: { count: 8, merchants: 2, mix: { sale: 8, balance: 2 } },
    load: [ { hold: { rate: 60/s, for: 2s, arrivals: poisson } } ] }`,
)

function run(...flags: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'run', scenario, '--quiet', '--allow-saturated', ...flags])
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

test('two generators offer the plan of one, share one ledger, and leave one folder', async () => {
  const out = join(home, 'two')
  const { code, stderr } = await run('--workers', '2', '--pacing', 'economy', '--out', out)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))
  expect(result).toMatchObject({ whole: true, books: { agree: true }, parts: [{ part: 1 }, { part: 2 }] })
  expect(result.offered).toBe(result.parts[0].planned + result.parts[1].planned)
  expect(result.books.terminal.transactions).toBe(result.books.acquirer.transactions)
  expect(result.breakdown.type.sale.offered).toBe(result.books.terminal.transactions)
})

const refused: { options: Partial<RunOptions>; words: string }[] = [
  { options: { workers: 2, clock: 'virtual' }, words: 'virtual time is one thread' },
  { options: { workers: 200 }, words: 'precise pacing keeps a core awake' },
  { options: { workers: 2, share: { index: 0, of: 2 } }, words: 'a part is one generator' },
]
for (const { options, words } of refused) {
  test(`${JSON.stringify(options)} is refused in words`, async () => {
    const text = readFileSync(scenario, 'utf8')
    const run = runScenario(parseScenario(text, 's.yaml'), { source: text, ...options })
    await expect(run).rejects.toThrow(words)
  })
}
