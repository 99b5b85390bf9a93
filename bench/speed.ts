// `npm run bench -- speed`: how hard isochron drives a host, and how hard a host of ours can be driven: closed loops and open rates
// as parts of what a plain Node echo takes in the same round. `--rounds N` rounds, of which the median counts; `--seconds N` of each
// closed loop; `--only` one group; `--patience N` seconds at most in which it waits for quiet processors (see quiet.ts); `--json FILE` writes
// the figures. Exit 1 when a figure is missed that must be met.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { readFlags } from './flags.js'
import { apartWords } from './processor.js'
import { createQuiet, patienceFlag } from './quiet.js'
import { groups, type Round, runRound } from './speed/round.js'
import { speedVerdict } from './speed/verdict.js'

const flags = readFlags({
  rounds: { usual: 5, least: 1 },
  seconds: { usual: 3, least: 2 },
  only: { usual: 'all', oneOf: ['all', ...groups] },
  patience: patienceFlag,
  json: 'file',
})

const chosen = flags.only === 'all' ? groups : groups.filter((group) => group === flags.only)
const quiet = createQuiet(flags.patience * 1000)
const rounds: Round[] = []
for (let round = 1; round <= flags.rounds; round++) {
  process.stderr.write(`round ${round} of ${flags.rounds}\n`)
  rounds.push(await runRound(chosen, flags.seconds, quiet))
}
const { table, figures, missed } = speedVerdict(rounds)
console.log(table)
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
console.log(`node ${machine.node}, ${machine.cpus} x ${machine.cpu}; medians of ${rounds.length} rounds; ${apartWords}`)
console.log(quiet.words())
if (flags.json !== undefined) {
  const written = { machine, quiet: quiet.counts(), figures, rounds }
  writeFileSync(flags.json, `${JSON.stringify(written, null, 2)}\n`)
}
if (missed.length > 0) {
  console.log(`missed: ${missed.join('; ')}`)
  process.exitCode = 1
}
