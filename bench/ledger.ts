// What the ledger costs: the same run with and without it, in turns, so that a busy moment of the machine hits both.
// `--rate N` sales a second, `--rounds N`, `--json FILE` writes the figures. Exit 1 when the ledger adds 1 ms or more to
// p99, or when too few runs count: one in which this machine was the bottleneck measures the machine, not the ledger.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Dialect } from '../src/codec/dialect.js'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'

/** Milliseconds that the ledger may add to p99. */
const mostAddedMs = 1
/** Runs of each kind that must count for a median. */
const fewestRuns = 3

const { values: flags } = parseArgs({
  options: {
    rate: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})

/** Data decides who keeps books: here neither the terminals do, nor, in one of the two runs, the host. */
function variantsOf(dialect: Dialect) {
  const { sale } = dialect.messages
  if (sale === undefined) throw new Error(`dialect ${dialect.name} has no sale to measure`)
  const money = { inDoubt: { do: 'nothing' } } as const
  const messages = { ...dialect.messages, sale: { ...sale, money } }
  const { ledger: _, ...rules } = dialect.rules
  return { without: { ...dialect, messages, rules }, with: { ...dialect, messages } } as const
}

const scenario = scenarioFromData({
  name: 'ledger-bench',
  dialect: 'iso87-binary',
  seed: 1,
  keys: 'none',
  terminals: { count: 2000, connections: { shared: 16, inFlight: 1024 }, mix: { sale: 1 }, signOn: false },
  warmup: '2s',
  load: [{ hold: { rate: `${flags.rate}/s`, for: '8s' } }],
}).scenario

const variants = variantsOf(scenario.dialect)
type Variant = keyof typeof variants

interface Row {
  readonly variant: Variant
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly approved: number
  readonly saturated: boolean
}

async function measureRound(variant: Variant): Promise<Row> {
  const result: Result = await runScenario({ ...scenario, dialect: variants[variant] }, { source: '' })
  const { p50, p99, p999 } = result.responseTime as Record<'p50' | 'p99' | 'p999', number>
  const { approved } = result.outcomes
  return { variant, p50, p99, p999, approved, saturated: result.generator?.saturated ?? false }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}

function table(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(10) : cell.padStart(11))).join('')
  const ms = (value: number) => `${value.toFixed(2)} ms`
  return [
    line(['ledger', 'p50', 'p99', 'p99.9', 'approved', 'saturated']),
    ...rows.map(({ variant, p50, p99, p999, approved, saturated }) =>
      line([variant, ms(p50), ms(p99), ms(p999), String(approved), saturated ? 'yes' : 'no']),
    ),
  ].join('\n')
}

const rows: Row[] = []
for (let round = 0; round < Number(flags.rounds); round++) {
  // The second run of a process finds its code compiled: each kind is the second as often as the other.
  const order: readonly Variant[] = round % 2 === 0 ? ['without', 'with'] : ['with', 'without']
  for (const variant of order) rows.push(await measureRound(variant))
}

const p99sOf = (variant: Variant) =>
  rows.filter((row) => row.variant === variant && !row.saturated).map(({ p99 }) => p99)
const [without, withLedger] = [p99sOf('without'), p99sOf('with')]
const addedMs = median(withLedger) - median(without)
const spread = (values: readonly number[]) =>
  `${median(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`
const isMeasured = Math.min(without.length, withLedger.length) >= fewestRuns
console.log(table(rows))
if (rows.some((row) => row.saturated))
  console.log(
    `runs in which this machine was the bottleneck count for nothing: see a lower --rate, or a quieter machine`,
  )
if (isMeasured) {
  console.log(
    `p99 without ${spread(without)}, with ${spread(withLedger)}, over ${without.length} and ${withLedger.length} runs`,
  )
  console.log(
    `${flags.rate}/s: the ledger adds ${addedMs.toFixed(2)} ms to the median p99 (less than ${mostAddedMs} ms is wanted)`,
  )
} else {
  console.log(`nothing can be said: of each kind ${fewestRuns} runs must count, use more --rounds`)
}
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  writeFileSync(
    flags.json,
    `${JSON.stringify({ machine, unit: 'ms', rate: Number(flags.rate), rows, addedMs: isMeasured ? addedMs : null }, null, 2)}\n`,
  )
}
if (!isMeasured || addedMs >= mostAddedMs) process.exitCode = 1
