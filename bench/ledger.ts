// What the ledger costs: the same run with and without it, in turns, so that a busy moment of the machine hits both.
// `--rate N` sales a second, `--rounds N`, `--json FILE` writes the figures. Exit 1 when the ledger adds 1 ms or more to
// p99.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Dialect } from '../src/codec/dialect.js'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'

/** Milliseconds that the ledger may add to p99. */
const mostAddedMs = 1

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
  rows.push(await measureRound('without'), await measureRound('with'))
}
const p99Of = (variant: Variant) => median(rows.filter((row) => row.variant === variant).map(({ p99 }) => p99))
const addedMs = p99Of('with') - p99Of('without')
const saturated = rows.filter((row) => row.saturated).length
console.log(table(rows))
console.log(
  `${flags.rate}/s: the ledger adds ${addedMs.toFixed(2)} ms to the median p99 (less than ${mostAddedMs} ms is wanted)`,
)
if (saturated > 0)
  console.log(`in ${saturated} of ${rows.length} runs this machine was the bottleneck: see a lower --rate`)
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  writeFileSync(
    flags.json,
    `${JSON.stringify({ machine, unit: 'ms', rate: Number(flags.rate), rows, addedMs }, null, 2)}\n`,
  )
}
if (addedMs >= mostAddedMs) process.exitCode = 1
