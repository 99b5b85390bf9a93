// Real servers and real processes that are killed: the shared ledger, and runs on a bus. Exit 1 when a trial does not hold.
// A server that is not installed is told in one line, and its trials are left out.
//
//     npm run bench -- test-cluster                       all parts
//     npm run bench -- test-cluster --part postgres       one of them: postgres, nats or slurm
//     npm run bench -- test-cluster --trial WORD          the trials whose name has that word
//     npm run bench -- test-cluster --json FILE           writes the trials for machines

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { natsPart } from './cluster/nats-part.js'
import { postgresPart } from './cluster/postgres-part.js'
import { slurmPart } from './cluster/slurm-part.js'
import type { ClusterPart, TrialReport } from './cluster/trial.js'
import { readFlags } from './flags.js'

const flags = readFlags({
  part: { usual: 'all', oneOf: ['all', 'postgres', 'nats', 'slurm'] },
  trial: 'word',
  json: 'file',
})
const program = join(import.meta.dirname, '../../dist/cli/main.js')
const parts: readonly (readonly [name: string, open: (program: string) => Promise<ClusterPart>])[] = [
  ['postgres', postgresPart],
  ['nats', natsPart],
  ['slurm', slurmPart],
]

const reports: TrialReport[] = []
for (const [name, open] of parts) {
  if (flags.part !== 'all' && flags.part !== name) continue
  const part = await open(program)
  try {
    if (part.missing !== undefined) console.log(`${name}: left out, this machine has no ${part.missing}`)
    for (const trial of part.trials) {
      if (flags.trial !== undefined && !trial.name.includes(flags.trial)) continue
      const report = { trial: `${name}: ${trial.name}`, ...(await trial.run()) }
      reports.push(report)
      console.error(`${report.trial}: ${report.problems.length === 0 ? 'holds' : 'DOES NOT HOLD'}`)
    }
  } finally {
    await part.close()
  }
}
console.table(reports.map(({ trial, problems, seen }) => ({ trial, seen, holds: problems.length === 0 })))
for (const { trial, problems } of reports) for (const problem of problems) console.log(`${trial}: ${problem}`)
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(reports, null, 2)}\n`)
process.exitCode = reports.every(({ problems }) => problems.length === 0) ? 0 : 1
