// Whether virtual time tells what real time would: the same scenarios in both, p50 and p99 against each other.
//
//     npm run bench -- agreement                 a table; exit 1 unless no percentile differs by more than 10 % and 2 ms
//     npm run bench -- agreement --seconds N     seconds that are measured in each run
//     npm run bench -- agreement --rounds N      more runs in real time; their median counts
//     npm run bench -- agreement --json FILE     writes the same for machines
//
// A machine that is busy with something else is slower in real time only. A run that says so itself does not count; and
// beside each run bare bytes go to another thread and back at the same times. A percentile that holds only when these are
// taken off is named, and is no proof: let the machine do nothing else.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'
import {
  type AgreementRow,
  agreementRow,
  fewestRuns,
  type RealRun,
  shortcomingsOf,
  tolerance,
} from './agreement-verdict.js'
import { bareEcho } from './bare-echo.js'
import { readFlags } from './flags.js'

/** Each with a connection of its own. */
const terminals = 200
/** Six thousand transactions: until its code is compiled a process is slow, which virtual time knows nothing of. */
const warmupSeconds = 20

const flags = readFlags({
  seconds: { usual: 10, least: 1 },
  rounds: { usual: 3, least: fewestRuns },
  json: 'file',
})

interface Case {
  readonly name: string
  readonly rate: number
  readonly acquirer: object
  readonly terminals?: object
}

const cases: readonly Case[] = [
  { name: 'a host that answers at once', rate: 300, acquirer: {} },
  { name: 'a host that works', rate: 300, acquirer: { workers: 64, serviceTime: { p50: '40ms', p99: '180ms' } } },
  {
    name: 'a host near its capacity',
    rate: 160,
    acquirer: { workers: 10, serviceTime: { p50: '40ms', p99: '180ms' } },
  },
  {
    name: 'terminals on mobile data',
    rate: 200,
    acquirer: { workers: 64, serviceTime: { p50: '20ms', p99: '80ms' } },
    terminals: { network: '4g' },
  },
]

function scenarioOf({ name, rate, acquirer, terminals: own }: Case) {
  return scenarioFromData({
    name,
    dialect: 'cup-pos',
    seed: 1,
    terminals: { count: terminals, mix: { sale: 1 }, ...own },
    acquirer,
    warmup: `${warmupSeconds}s`,
    load: [{ hold: { rate: `${rate}/s`, for: `${warmupSeconds + flags.seconds}s`, arrivals: 'poisson' } }],
  })
}

const percentiles = ['p50', 'p99'] as const

async function agree(each: Case): Promise<readonly AgreementRow[]> {
  const { scenario, source } = scenarioOf(each)
  const virtual = await runScenario(scenario, { source, clock: 'virtual' })
  const runs: Record<(typeof percentiles)[number], RealRun[]> = { p50: [], p99: [] }
  for (let round = 0; round < flags.rounds; round++) {
    const bare = await bareEcho({ rate: each.rate, seconds: flags.seconds, connections: terminals })
    const real = await runScenario(scenario, { source })
    const saturated = real.generator?.saturated !== false
    for (const percentile of percentiles) {
      runs[percentile].push({ realMs: percentileOf(real, percentile), machineMs: bare[percentile], saturated })
    }
  }
  return percentiles.map((percentile) => {
    const virtualMs = percentileOf(virtual, percentile)
    return agreementRow({ scenario: each.name, percentile, virtualMs }, runs[percentile])
  })
}

const percentileOf = ({ responseTime }: Result, name: 'p50' | 'p99') => responseTime[name] ?? Number.NaN

const rows: AgreementRow[] = []
for (const each of cases) rows.push(...(await agree(each)))
const rounded = (ms: number) => Number(ms.toFixed(3))
console.table(rows.map((row) => ({ ...row, machineMs: rounded(row.machineMs) })))
const shortcomings = shortcomingsOf(rows)
for (const shortcoming of shortcomings) console.log(shortcoming)
console.log(`${rows.length - shortcomings.length} of ${rows.length} percentiles are the same in real and virtual time`)
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  writeFileSync(flags.json, `${JSON.stringify({ machine, tolerance, rows, shortcomings }, null, 2)}\n`)
}
if (shortcomings.length > 0) process.exitCode = 1
