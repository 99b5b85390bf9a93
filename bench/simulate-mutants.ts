// Deliberate defects, each patched into a copy of the compiled code. The simulation must find every one, and nothing in
// the copy that has none. A defect is found with the first schedule that fails; the one of which most schedules are made is the last.
//
//     npm run bench -- simulate:mutants                     a table; exit 1 when a defect is missed, or one is seen that is not there
//     npm run bench -- simulate:mutants --schedules N       schedules for each defect
//     npm run bench -- simulate:mutants --seed N            another seed
//     npm run bench -- simulate:mutants --of cluster        those of the run on a bus instead of those of money
//     npm run bench -- simulate:mutants --only WORD         the defects whose name has this word
//     npm run bench -- simulate:mutants --json FILE         writes the table

import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { clusterMutants } from './cluster/mutants.js'
import { readFlags } from './flags.js'
import { type Mutant, mutants, type Patch, patched } from './simulation/mutants.js'

/** The list of defects, and the simulation that must find them. */
const kinds = {
  money: { all: mutants, script: 'bench/simulate.js', extra: ['--show', '0'], firstOnly: ['--enough', '1'] },
  cluster: { all: clusterMutants, script: 'bench/simulate-cluster.js', extra: [], firstOnly: [] },
} as const

const root = resolve(import.meta.dirname, '../..')

interface Report {
  readonly isMet: boolean
  /** Schedules that were made. */
  readonly schedules: number
  readonly failed: readonly { readonly seed: string; readonly problems: readonly string[] }[]
}

/** The report of a run over the mutant. Throws when a patch does not fit, or the run itself ends early. */
function runMutant({ name, patches }: Mutant, args: readonly string[]): Report {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-mutant-'))
  try {
    cpSync(join(root, 'dist-bench'), folder, { recursive: true })
    copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const patch of patches) apply(folder, patch)
    const report = join(folder, 'report.json')
    const script = join(folder, kind.script)
    const { status, stderr } = spawnSync(process.execPath, [script, ...args, ...kind.extra, '--json', report], {
      encoding: 'utf8',
    })
    if (status !== 0 && status !== 1) throw new Error(`${name}: ended with ${status}\n${stderr}`)
    return JSON.parse(readFileSync(report, 'utf8')) as Report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether the code that has no defect fails in this schedule, too. */
function failsAnyway(seed: string): boolean {
  return spawnSync(process.execPath, [join(root, 'dist-bench', kind.script), '--replay', seed]).status !== 0
}

function apply(folder: string, patch: Patch): void {
  const path = join(folder, patch.file)
  writeFileSync(path, patched(readFileSync(path, 'utf8'), patch))
}

const {
  schedules: usual,
  seed = '1',
  only = '',
  json,
  of,
} = readFlags({
  of: { usual: 'money', oneOf: ['money', 'cluster'] },
  schedules: { usual: 60, least: 1 },
  seed: 'word',
  only: 'word',
  json: 'file',
})
const kind = kinds[of as keyof typeof kinds]
const line = (cells: readonly (string | number)[]) =>
  process.stdout.write(`${cells.map((cell, index) => String(cell).padEnd([46, 14][index] ?? 0)).join('')}\n`)

/** The hardest last. Of the code without a defect every schedule is made, of all others as many as it takes. */
const asked = kind.all
  .filter(({ name }) => name.includes(only))
  .sort((one, other) => (one.times ?? 1) - (other.times ?? 1))
line(['defect', 'schedules', 'first problem'])
const rows: object[] = []
let isMet = asked.length > 0
for (const mutant of asked) {
  const isNone = mutant.patches.length === 0
  const most = usual * (mutant.times ?? 1)
  const having = mutant.having === undefined ? [] : ['--having', mutant.having]
  const report = runMutant(mutant, [
    '--schedules',
    String(most),
    '--seed',
    seed,
    ...having,
    ...(isNone ? [] : kind.firstOnly),
  ])
  const [first] = report.failed
  const isRight = first === undefined ? isNone : !isNone && !failsAnyway(first.seed)
  isMet &&= isRight
  const problem = first === undefined ? '' : `${first.problems[0]} (${first.seed})`
  rows.push({ defect: mutant.name, schedules: report.schedules, most, isRight, problem })
  line([mutant.name, report.schedules, isRight ? problem : `NOT AS IT SHOULD BE ${problem}`])
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ seed, isMet, rows }, null, 2)}\n`)
process.stdout.write(`${isMet ? 'met' : 'NOT MET'}: every defect is found, and nothing where there is none\n`)
process.exitCode = isMet ? 0 : 1
