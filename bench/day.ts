// A day of many terminals in virtual time: how long it takes here, and how much memory.
//
//     npm run day                                        100,000 terminals, 20 transactions each: exit 1 when it takes
//                                                        10 minutes or 2 GB, or when the books do not agree
//     npm run day -- --terminals N --transactions N      another size
//     npm run day -- --connections perTerminal           a line of its own for each terminal, all day long
//     npm run day -- --json FILE                         writes the figures

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { realClock } from '../src/base/clock.js'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'

/** Seconds of this machine that a day may take. */
const mostSeconds = 600
/** Bytes of memory that the process may ever have had. */
const mostBytes = 2 * 1024 ** 3

/** How busy shops are at 0:00, 1:00 … 24:00, against each other: noon and early evening are the peaks. */
const busyAt = [2, 1, 1, 1, 1, 2, 5, 12, 25, 40, 55, 75, 90, 75, 60, 58, 62, 80, 100, 95, 75, 50, 28, 10, 2] as const

const { values: flags } = parseArgs({
  options: {
    terminals: { type: 'string', default: '100000' },
    transactions: { type: 'string', default: '20' },
    connections: { type: 'string', default: 'perTransaction' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
})

/** One ramp an hour, from one hour's rate to the next, so that the whole is `transactions`. */
function dayOf(transactions: number) {
  const hours = busyAt.slice(1).map((to, hour) => ({ from: busyAt[hour] as number, to }))
  const area = hours.reduce((sum, { from, to }) => sum + (from + to) / 2, 0) * 3600
  const rate = (busy: number) => `${((busy * transactions) / area).toFixed(9)}/s`
  return hours.map(({ from, to }) => ({
    ramp: { from: rate(from), to: rate(to), over: '1h', arrivals: 'poisson' },
  }))
}

function scenarioOf(terminals: number, transactions: number) {
  return scenarioFromData({
    name: 'day',
    dialect: 'cup-pos',
    seed: Number(flags.seed),
    start: '2026-01-05T00:00:00+08:00',
    keys: 'none',
    terminals: {
      count: terminals,
      merchants: Math.max(1, Math.round(terminals / 4)),
      connections: flags.connections,
      mix: { sale: 18, void: 1, refund: 1 },
    },
    acquirer: { workers: 64, serviceTime: { p50: '40ms', p99: '180ms' } },
    load: dayOf(transactions),
  })
}

interface Measured {
  readonly seconds: number
  /** Of this process on all cores: what a busy machine does not change. */
  readonly cpuSeconds: number
  readonly bytes: number
  readonly result: Result
}

async function live(terminals: number, transactions: number): Promise<Measured> {
  const { scenario, source } = scenarioOf(terminals, transactions)
  const began = realClock.now()
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  const seconds = (realClock.now() - began) / 1000
  const { user, system } = process.cpuUsage()
  // Node says kilobytes, whatever the platform.
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes: process.resourceUsage().maxRSS * 1024, result }
}

const terminals = Number(flags.terminals)
const { seconds, cpuSeconds, bytes, result } = await live(terminals, terminals * Number(flags.transactions))
const { offered, outcomes, responseTime, reversals, books } = result
const ms = (value: number | null) => `${(value ?? Number.NaN).toFixed(1)} ms`
const rows = [
  { what: 'terminals', found: String(terminals), holds: true },
  { what: 'transactions', found: String(offered), holds: offered > 0 },
  { what: 'approved', found: String(outcomes.approved), holds: outcomes.failed + outcomes.unsent === 0 },
  { what: 'response time p50', found: ms(responseTime.p50), holds: true },
  { what: 'response time p99', found: ms(responseTime.p99), holds: true },
  { what: 'reversals', found: String(reversals?.created), holds: reversals?.pending === 0 },
  { what: 'books agree', found: String(books?.agree), holds: books?.agree === true },
  { what: 'wall time', found: `${seconds.toFixed(1)} s`, holds: seconds < mostSeconds },
  { what: 'time of the processors', found: `${cpuSeconds.toFixed(1)} s`, holds: true },
  { what: 'transactions a second', found: (offered / seconds).toFixed(0), holds: true },
  { what: 'largest memory (RSS)', found: `${(bytes / 1024 ** 2).toFixed(0)} MiB`, holds: bytes < mostBytes },
]
console.table(rows)
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  const limits = { mostSeconds, mostBytes }
  const figures = { terminals, offered, outcomes, books: books?.agree, seconds, cpuSeconds, bytes, limits }
  writeFileSync(flags.json, `${JSON.stringify({ machine, ...figures }, null, 2)}\n`)
}
if (rows.some(({ holds }) => !holds)) process.exitCode = 1
