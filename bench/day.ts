// A day of many terminals in virtual time: how long it takes here, and how much memory.
//
//     npm run bench -- day                                     100,000 terminals, 20 transactions each: exit 1 when it takes
//                                                              10 minutes or 2 GB, when the books do not agree, or when it was no
//                                                              such day: 1 % fewer transactions, or nothing that was reversed
//     npm run bench -- day --terminals N --transactions N      another size
//     npm run bench -- day --connections perTerminal           a line of its own for each terminal, all day long
//     npm run bench -- day --json FILE                         writes the figures

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { realClock } from '../src/base/clock.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'
import { figuresOf, type MeasuredDay, mostBytes, mostSeconds } from './day-verdict.js'
import { readFlags } from './flags.js'

/** Per cent of the answers that nobody hears although the host has posted: a day without any has nothing to reverse. */
const lostPercent = 0.1

/**
 * A line of one transaction falls silent as a whole: that is cheaper than a look at each message, which makes the day a third
 * longer. A line that lasts all day loses single answers.
 */
const lostBy: Readonly<Record<string, object>> = {
  perTransaction: { half_open: {} },
  perTerminal: { no_answer: {}, match: { mti: ['02*', '04*'] } },
}

/** How busy shops are at 0:00, 1:00 … 24:00, against each other: noon and early evening are the peaks. */
const busyAt = [2, 1, 1, 1, 1, 2, 5, 12, 25, 40, 55, 75, 90, 75, 60, 58, 62, 80, 100, 95, 75, 50, 28, 10, 2] as const

const flags = readFlags({
  terminals: { usual: 100_000, least: 1 },
  transactions: { usual: 20, least: 1 },
  connections: { usual: 'perTransaction', oneOf: ['perTransaction', 'perTerminal'] },
  seed: { usual: 1, least: 0 },
  json: 'file',
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
    seed: flags.seed,
    start: '2026-01-05T00:00:00+08:00',
    keys: 'none',
    terminals: {
      count: terminals,
      merchants: Math.max(1, Math.round(terminals / 4)),
      connections: flags.connections,
      mix: { sale: 18, void: 1, refund: 1 },
    },
    acquirer: { workers: 64, serviceTime: { p50: '40ms', p99: '180ms' } },
    faults: [{ name: 'lost', direction: 'answer', share: `${lostPercent}%`, ...lostBy[flags.connections] }],
    load: dayOf(transactions),
  })
}

async function live(terminals: number, transactions: number): Promise<MeasuredDay> {
  const { scenario, source } = scenarioOf(terminals, transactions)
  const began = realClock.now()
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  const seconds = (realClock.now() - began) / 1000
  const { user, system } = process.cpuUsage()
  // Node says kilobytes, whatever the platform.
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes: process.resourceUsage().maxRSS * 1024, result }
}

const { terminals } = flags
const transactions = terminals * flags.transactions
const measured = await live(terminals, transactions)
const figures = figuresOf(measured, { terminals, transactions })
console.table(figures)
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  const { seconds, cpuSeconds, bytes, result } = measured
  const { offered, outcomes, reversals, books } = result
  const told = { terminals, wanted: transactions, offered, outcomes, reversals, books: books?.agree }
  const limits = { mostSeconds, mostBytes }
  writeFileSync(flags.json, `${JSON.stringify({ machine, ...told, seconds, cpuSeconds, bytes, limits }, null, 2)}\n`)
}
if (figures.some(({ holds }) => !holds)) process.exitCode = 1
