// `npm run bench -- ledger`: what the ledger costs, by the same run with and without it, in turns, so that a busy moment hits both.
// `--rate N` sales a second, `--rounds N` pairs, `--json FILE` writes the figures. Exit 1 when the ledger adds 1 ms or more to
// p99, when it makes this machine the bottleneck, or when too few runs count: a saturated one measures the machine alone.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Dialect } from '../src/codec/dialect.js'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'
import { readFlags } from './flags.js'
import { fewestPairs, ledgerVerdict, mostAddedMs, p99sOf, type RunPair } from './ledger-verdict.js'
import { medianOf } from './median.js'

const flags = readFlags({
  rate: { usual: 10_000, least: 1 },
  rounds: { usual: 8, least: fewestPairs },
  json: 'file',
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

async function measureRun(variant: Variant): Promise<Row> {
  const result: Result = await runScenario({ ...scenario, dialect: variants[variant] }, { source: '' })
  const { p50, p99, p999 } = result.responseTime as Record<'p50' | 'p99' | 'p999', number>
  const { approved } = result.outcomes
  return { variant, p50, p99, p999, approved, saturated: result.generator?.saturated !== false }
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
const pairs: RunPair[] = []
for (let round = 0; round < flags.rounds; round++) {
  // The second run of a process finds its code compiled: each kind is the second as often as the other.
  const order: readonly Variant[] = round % 2 === 0 ? ['without', 'with'] : ['with', 'without']
  const pair: Partial<Record<Variant, Row>> = {}
  for (const variant of order) {
    const row = await measureRun(variant)
    pair[variant] = row
    rows.push(row)
  }
  pairs.push(pair as Record<Variant, Row>)
}

const verdict = ledgerVerdict(pairs)
const { ofPairsMs, ofMediansMs, problem } = verdict
const spread = (values: readonly number[]) =>
  `${medianOf(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`
console.log(table(rows))
if (rows.some(({ saturated }) => saturated))
  console.log('runs in which this machine was the bottleneck count for nothing')
if (verdict.pairs >= fewestPairs) {
  const [without, withLedger] = [p99sOf(pairs, 'without'), p99sOf(pairs, 'with')]
  console.log(
    `p99 without ${spread(without)}, with ${spread(withLedger)}, over ${without.length} and ${withLedger.length} runs`,
  )
  console.log(
    `${flags.rate}/s: the ledger adds ${ofPairsMs.toFixed(2)} ms by the median of ${verdict.pairs} pairs, ${ofMediansMs.toFixed(2)} ms by the difference of the medians; the larger counts, less than ${mostAddedMs} ms is wanted`,
  )
}
if (problem !== undefined) console.log(problem)
if (flags.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
  const figures = { machine, unit: 'ms', rate: flags.rate, rows, ...verdict }
  writeFileSync(flags.json, `${JSON.stringify(figures, null, 2)}\n`)
}
if (problem !== undefined) process.exitCode = 1
