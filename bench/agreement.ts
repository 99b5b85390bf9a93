// Whether virtual time tells what real time would: the same scenarios in both, p50 and p99 against each other.
//
//     npm run agreement                    a table; exit 1 when a percentile differs by 10 % and by 2 ms
//     npm run agreement -- --seconds N     seconds that are measured in each run
//     npm run agreement -- --rounds N      more runs in real time; their median counts
//     npm run agreement -- --json FILE     writes the same for machines
//
// A machine that is busy with something else is slower in real time only. A run that says so itself is told; and beside
// each run bare bytes go to another thread and back at the same times. Where these alone are later than the two may be
// apart, they are taken off, and the table says so: no program could be nearer on this machine.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'
import { bareEcho } from './bare-echo.js'

/** How far the two may be apart: this share of the real time, or these milliseconds, whichever is more. */
const tolerance = { share: 0.1, ms: 2 }

/** Each with a connection of its own. */
const terminals = 200
/** Some thousand transactions: until its code is compiled a process is slow, which virtual time knows nothing of. */
const warmupSeconds = 10

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
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
    load: [{ hold: { rate: `${rate}/s`, for: `${warmupSeconds + Number(flags.seconds)}s`, arrivals: 'poisson' } }],
  })
}

interface Row {
  readonly scenario: string
  readonly percentile: 'p50' | 'p99'
  readonly realMs: number
  readonly virtualMs: number
  /** Bare bytes to another thread and back. */
  readonly machineMs: number
  /** The machine was too slow for the run in real time. */
  readonly saturated: boolean
  readonly holds: 'yes' | 'less the machine' | 'no'
}

async function agree(each: Case): Promise<readonly Row[]> {
  const { scenario, source } = scenarioOf(each)
  const virtual = await runScenario(scenario, { source, clock: 'virtual' })
  const real: Result[] = []
  const bare: { readonly p50: number; readonly p99: number }[] = []
  for (let round = 0; round < Number(flags.rounds); round++) {
    bare.push(await bareEcho({ rate: each.rate, seconds: Number(flags.seconds), connections: terminals }))
    real.push(await runScenario(scenario, { source }))
  }
  const saturated = real.some(({ generator }) => generator?.saturated === true)
  return (['p50', 'p99'] as const).map((percentile): Row => {
    const realMs = median(real.map((result) => percentileOf(result, percentile)))
    const virtualMs = percentileOf(virtual, percentile)
    const machineMs = median(bare.map((times) => times[percentile]))
    const holds = verdictOn({ realMs, virtualMs, machineMs })
    return { scenario: each.name, percentile, realMs, virtualMs, machineMs, saturated, holds }
  })
}

function verdictOn({ realMs, virtualMs, machineMs }: Pick<Row, 'realMs' | 'virtualMs' | 'machineMs'>): Row['holds'] {
  const most = Math.max(tolerance.ms, tolerance.share * realMs)
  if (Math.abs(realMs - virtualMs) <= most) return 'yes'
  return machineMs > tolerance.ms && realMs > virtualMs && realMs - machineMs - virtualMs <= most
    ? 'less the machine'
    : 'no'
}

const percentileOf = ({ responseTime }: Result, name: 'p50' | 'p99') => responseTime[name] ?? Number.NaN
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const rows: Row[] = []
for (const each of cases) rows.push(...(await agree(each)))
console.table(rows)
const failed = rows.filter(({ holds }) => holds === 'no')
const corrected = rows.filter(({ holds }) => holds === 'less the machine')
if (failed.length > 0) console.log(`${failed.length} of ${rows.length} percentiles differ`)
if (corrected.length > 0)
  console.log(`${corrected.length} of ${rows.length} agree only when what bare bytes take on this machine is taken off`)
if (rows.some(({ saturated }) => saturated))
  console.log('this machine was the bottleneck in real time: let it do nothing else')
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  writeFileSync(flags.json, `${JSON.stringify({ machine, tolerance, rows }, null, 2)}\n`)
}
if (failed.length > 0) process.exitCode = 1
