// Deliberate defects, each patched into a copy of the compiled code. The simulation must find every one, and nothing in
// the copy that has none.
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
  money: { all: mutants, script: 'bench/simulate.js', extra: ['--show', '0'] },
  cluster: { all: clusterMutants, script: 'bench/simulate-cluster.js', extra: [] },
} as const

const root = resolve(import.meta.dirname, '../..')

interface Report {
  readonly isMet: boolean
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
  process.stdout.write(`${cells.map((cell, index) => String(cell).padEnd([34, 14, 10][index] ?? 0)).join('')}\n`)

line(['defect', 'schedules', 'failed', 'first problem'])
const rows: object[] = []
let isMet = true
for (const mutant of kind.all.filter(({ name }) => name.includes(only))) {
  const schedules = usual * (mutant.times ?? 1)
  const report = runMutant(mutant, ['--schedules', String(schedules), '--seed', seed])
  const { failed } = report
  const isRight = report.isMet === (mutant.patches.length === 0)
  isMet &&= isRight
  const first = failed[0]
  const problem = first === undefined ? '' : `${first.problems[0]} (${first.seed})`
  const failures = failed.length
  rows.push({ defect: mutant.name, schedules, failures, isRight, problem })
  line([mutant.name, schedules, failures, isRight ? problem : `NOT AS IT SHOULD BE ${problem}`])
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ seed, isMet, rows }, null, 2)}\n`)
process.stdout.write(`${isMet ? 'met' : 'NOT MET'}: every defect is found, and nothing where there is none\n`)
process.exitCode = isMet ? 0 : 1
