// Lines of src/ that keep a promise, at least forty, broken one at a time in a copy of the project: the tests that are named for the
// promise must fail, and must pass while nothing is broken.
//
//     npm run bench -- mutants                 a table; exit 1 when a broken line is not noticed, or is not there any more
//     npm run bench -- mutants --only WORD     the lines whose name or file has this word
//     npm run bench -- mutants --json FILE     writes the table

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readFlags } from './flags.js'
import { type BrokenLine, brokenLines } from './mutants/lines.js'
import { patched } from './simulation/mutants.js'

const root = resolve(import.meta.dirname, '../..')

/** The parts of the project that tests read. */
const copied = ['src', 'test', 'bench', 'scenarios', 'assets', 'package.json', 'tsconfig.json', 'vitest.config.ts']
const linked = ['node_modules', 'dist']

/** A broken line can make a test go round in circles. In ms. */
const longestMs = 300_000

interface Told {
  readonly passed: number
  readonly failed: number
  /** The first test that failed; empty: none. */
  readonly first: string
}

interface Assertion {
  readonly status: string
  readonly fullName: string
}

/** Runs test files in the folder. Throws Error where vitest could not run them at all. */
function runTests(folder: string, tests: readonly string[]): Told {
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  const files = tests.map((name) => `test/${name}.test.ts`)
  const program = join(folder, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--maxWorkers=1', '--reporter=json', `--outputFile=${report}`, ...files]
  const { stderr, signal } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ISOCHRON_NO_SHRINK: '1' },
    timeout: longestMs,
    killSignal: 'SIGKILL',
  })
  if (signal !== null) return { passed: 0, failed: 1, first: '(the tests did not end)' }
  if (!existsSync(report)) throw new Error(`${files.join(' ')}: vitest made no report\n${stderr}`)
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { readonly assertionResults: readonly Assertion[] }[]
  }
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = all.filter(({ status }) => status === 'failed')
  return { passed: all.length - failed.length, failed: failed.length, first: failed[0]?.fullName ?? '' }
}

/** Breaks the line, runs its tests, and mends it again. Throws Error where the line is not there exactly once. */
function runBroken(folder: string, { file, from, to, tests }: BrokenLine): Told {
  const path = join(folder, 'src', file)
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, patched(whole, { file: `src/${file}`, from, to }))
  try {
    return runTests(folder, tests)
  } finally {
    writeFileSync(path, whole)
  }
}

function copyOfProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-mutants-'))
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true })
  for (const name of linked) symlinkSync(join(root, name), join(folder, name))
  return folder
}

const { only = '', json } = readFlags({ only: 'word', json: 'file' })
const lines = brokenLines.filter(({ name, file }) => `${name} ${file}`.includes(only))
if (lines.length === 0) {
  // Without the name of a file vitest would run every test.
  process.stderr.write(`--only ${only}: no line has this word in its name or file\n`)
  process.exit(2)
}
const write = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, index) => cell.padEnd([70, 12][index] ?? 0)).join('')}\n`)

const folder = copyOfProject()
const rows: object[] = []
let isMet = true
try {
  write(['broken promise', 'noticed by', 'the first of them'])
  const whole = runTests(folder, [...new Set(lines.flatMap(({ tests }) => tests))])
  isMet &&= whole.failed === 0 && whole.passed > 0
  write(['(nothing is broken)', `${whole.failed}`, whole.first])
  for (const line of lines) {
    const told = runBroken(folder, line)
    const isNoticed = told.failed > 0
    isMet &&= isNoticed
    rows.push({ ...line, ...told, isNoticed })
    write([line.name, String(told.failed), isNoticed ? told.first : `NOT NOTICED by ${line.tests.join(', ')}`])
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ isMet, rows }, null, 2)}\n`)
process.stdout.write(`${isMet ? 'met' : 'NOT MET'}: every broken line is noticed, and nothing where none is broken\n`)
process.exitCode = isMet ? 0 : 1
