// Several generators in threads of one process, over TCP: one start, one ledger, one result.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { RunOptions } from '../../src/run/run-options.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'

const program = join(import.meta.dirname, '../../dist/cli/main.js')
const home = mkdtempSync(join(tmpdir(), 'isochron-test-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

// Programs of several threads each, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 })

/** A host's books can be asked for where terminals do not settle, too. */
const scenario = write(
  'plain',
  `{ name: workers, seed: 5, dialect: iso87-ascii, terminals: { count: 8, merchants: 2, mix: { sale: 8, balance: 2 } },
    load: [ { hold: { rate: 60/s, for: 1s, arrivals: poisson } } ], thresholds: [ books.agree ] }`,
)
/** As much as one run can have figures of: nothing is timely, so that there are causes, and the host lies about every settlement. */
const rich = write(
  'rich',
  `{ name: rich, seed: 5, dialect: cup-pos, timely: { response: 1ms, funds: 5s },
    terminals: { count: 8, merchants: 2, settle: true, lies: { every: 300ms }, mix: { sale: 8, balance: 2 } },
    acquirer: { settlement: { cycle: 1s, feeRate: 0.6% } }, load: [ { hold: { rate: 40/s, for: 1s } } ],
    faults: [ { name: lie, wrong_verdict: {}, on: acquirer }, { name: slow, latency: { latency: 5ms } } ],
    thresholds: [ books.agree, 'outcomes.approved >= 99%' ] }`,
)

function write(name: string, text: string): string {
  const file = join(home, `${name}.yaml`)
  writeFileSync(file, text)
  return file
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(file: string, ...flags: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'run', file, '--quiet', '--allow-saturated', ...flags])
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

const inThreads = ['--workers', '2', '--pacing', 'economy', '--out']
const resultOf = (folder: string) => JSON.parse(readFileSync(join(home, folder, 'result.json'), 'utf8'))

test('two generators offer the plan of one, share one ledger, and leave one folder', async () => {
  const { code, stdout, stderr } = await run(scenario, ...inThreads, join(home, 'two'))
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const result = resultOf('two')
  expect(result).toMatchObject({ whole: true, books: { agree: true }, parts: [{ part: 1 }, { part: 2 }] })
  expect(result.offered).toBe(result.parts[0].planned + result.parts[1].planned)
  expect(result.books.terminal.transactions).toBe(result.books.acquirer.transactions)
  expect(result.breakdown.type.sale.offered).toBe(result.books.terminal.transactions)
  expect(result.thresholds).toMatchObject([{ expression: 'books.agree', met: true }])
  // The flag reaches the words as well as the exit code.
  expect(result.generator.saturationAllowed).toBe(true)
  expect(stdout).toContain('PASSED')
})

test('two generators know every figure that one knows, and fail for what one fails for', async () => {
  const [alone, joined] = await Promise.all([
    run(rich, '--pacing', 'economy', '--out', join(home, 'alone')),
    run(rich, ...inThreads, join(home, 'joined')),
  ])
  expect([alone.code, joined.code], joined.stderr).toEqual([4, 4])
  const [one, both] = [resultOf('alone'), resultOf('joined')]
  const known = new Set(knownFigures(both))
  expect(knownFigures(one).filter((name) => !known.has(name))).toEqual([])
  for (const { books } of [one, both]) expect(books.counts.wrongVerdict).toBeGreaterThan(0)
})

/** Figures that depend on what a run happened to meet, by their last names. */
const byChance = ['saturatedBecause', 'inFlightAtMost']

/** The names of all figures that are not null; places of lists, and addresses, count as one. */
function knownFigures(value: unknown, name = ''): readonly string[] {
  if (value === null || byChance.some((each) => name.endsWith(`.${each}`))) return []
  if (typeof value !== 'object') return [name]
  const rows = Object.entries(value as Record<string, unknown>)
  const isList = Array.isArray(value) || name === '.breakdown.target'
  const inner = rows.flatMap(([key, each]) => knownFigures(each, isList ? `${name}[]` : `${name}.${key}`))
  return [...new Set(inner)]
}

test('generators that were to start in the past say so', async () => {
  const { code, stderr } = await run(scenario, ...inThreads, join(home, 'past'), '--start-at', '2020-01-01T00:00:00Z')
  expect({ code, stderr }).toMatchObject({ code: 5, stderr: expect.stringContaining('agree on a later --start-at') })
})

const refused: { options: Partial<RunOptions>; words: string }[] = [
  { options: { workers: 2, clock: 'virtual' }, words: 'virtual time is one thread' },
  { options: { workers: 200 }, words: 'the pacing may keep a core awake' },
  { options: { workers: 2, share: { index: 0, of: 2 } }, words: 'a part is one generator' },
]
for (const { options, words } of refused) {
  test(`${JSON.stringify(options)} is refused in words`, async () => {
    const text = readFileSync(scenario, 'utf8')
    const run = runScenario(parseScenario(text, 's.yaml'), { source: text, ...options })
    await expect(run).rejects.toThrow(words)
  })
}
