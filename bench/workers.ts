// More generators against the fastest host that there is: a raw echo of approvals, in a process of its own. One round runs the built
// program with one worker and with two right after one another, so that a busy moment of the machine hits both.
//
//   npm run bench -- workers [--json FILE] [--rounds N] [--seconds N] [--workers N]
//
// Exit 1 when the median of the rounds does not reach 1.4 times one worker. A machine that does other things has no cores to give: its
// load is printed beside each round, and a ratio that more workers cannot have is none.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { alignedTable } from '../src/report/layout/table.js'
import { readFlags } from './flags.js'
import { medianOf } from './median.js'
import { startPeer } from './speed/job.js'
import { measuredDialect } from './speed/shapes.js'

/** Asked for of two workers on two cores, with the host on the same two. */
const wantedRatio = 1.4

const flags = readFlags({
  rounds: { usual: 3, least: 1 },
  seconds: { usual: 5, least: 1 },
  workers: { usual: 2, least: 2 },
  json: 'file',
})
const program = join(import.meta.dirname, '../../dist/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'isochron-bench-'))
const busy = () => loadavg()[0] ?? 0

const scenarioOf = (port: number) => `
name: workers
dialect: ${measuredDialect}
seed: 1
keys: none
drain: 3s
warmup: 2s
terminals: { count: 512, connections: { shared: 32, inFlight: 16 }, mix: { sale: 1 }, signOn: false, timeout: 5s,
  target: ['127.0.0.1:${port}'] }
load: [ { concurrency: { terminals: 512, for: ${flags.seconds + 2}s } } ]
`

/** Answers per second of one run. */
async function rateWith(workers: number): Promise<number> {
  await using host = await startPeer({ do: 'rawHost' })
  const scenario = join(folder, 's.yaml')
  writeFileSync(scenario, scenarioOf(host.port))
  const out = join(folder, 'out')
  const told = ['--quiet', '--allow-saturated', '--force', '--pacing', 'economy', '--out', out]
  const child = spawn(process.execPath, [program, 'run', scenario, ...told, '--workers', String(workers)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the run with ${workers} workers ended with exit code ${code}`)
  const { throughput } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))
  return throughput.answeredPerSecond as number
}

interface WorkersRound {
  readonly one: number
  readonly many: number
  readonly ratio: number
  readonly load: number
}

const rounds: WorkersRound[] = []
try {
  while (rounds.length < flags.rounds) {
    const before = busy()
    const one = await rateWith(1)
    const many = await rateWith(flags.workers)
    rounds.push({ one, many, ratio: many / one, load: Math.max(before, busy()) })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const cores = availableParallelism()
const rows = rounds.map(({ one, many, ratio, load }, index) => [
  `${index + 1}`,
  ...[one.toFixed(0), many.toFixed(0), ratio.toFixed(2), load.toFixed(1)],
])
console.log(alignedTable(['round', '1 worker /s', `${flags.workers} workers /s`, 'ratio', 'load'], rows).join('\n'))
const ratio = medianOf(rounds.filter((each) => each.ratio <= flags.workers).map((each) => each.ratio))
const isMet = ratio >= wantedRatio
console.log(`${cores} cores; median ratio ${ratio.toFixed(2)}, asked for ${wantedRatio}: ${isMet ? 'met' : 'NOT MET'}`)
const disturbed = rounds.filter((each) => each.ratio > flags.workers).length
if (disturbed > 0) console.log(`${disturbed} rounds have a ratio that ${flags.workers} workers cannot have: left out`)
if (Math.min(...rounds.map(({ load }) => load)) > 2 * cores)
  console.log('this machine was busy with other things in every round: what it shows is little')
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ cores, wantedRatio, ratio, rounds, isMet }, undefined, 2)}\n`)
process.exitCode = isMet ? 0 : 1
