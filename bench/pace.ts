// `npm run bench -- pace`: how well a schedule is kept, and for how much of a core: the lag behind the intended times at some rates, and
// a rate that nobody can keep, which must end on time, say so, and stay small. A sale must not cost more where the rate is higher. Beside
// each lag stands that of a process that does nothing at the same rate, measured right before: where other processes hold the processors,
// nobody is on time. `--rounds N`, of which the median counts; `--seconds N` of each run; `--json FILE`. Exit 1 when a figure is missed,
// whoever's fault it is.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCode } from '../src/base/errors.js'
import { alignedTable } from '../src/report/layout/table.js'
import { rssBytes } from './attack/process-figures.js'
import { start } from './crash/processes.js'
import { exponentOf } from './exponent.js'
import { readFlags } from './flags.js'
import { medianOf } from './median.js'
import { apartWords } from './processor.js'
import { type MeasuredJob, measureIn, startPeer } from './speed/job.js'

const flags = readFlags({ rounds: { usual: 3, least: 1 }, seconds: { usual: 5, least: 3 }, json: 'file' })
const program = join(import.meta.dirname, '../../dist/cli/main.js')

interface Pace {
  readonly rate: number
  /** At most, in ms. */
  readonly lagP99Ms?: number
  readonly lagP50Ms?: number
  readonly cores?: number
}
const paces: readonly Pace[] = [
  { rate: 100 },
  { rate: 1000, lagP50Ms: 0.1, lagP99Ms: 1, cores: 0.3 },
  { rate: 5000, lagP99Ms: 2 },
  { rate: 20_000, lagP99Ms: 3 },
  { rate: 75_000 },
]
/** At most, of the processor time of a sale by the rate: below 0 where what a process costs by itself is shared by more. */
const mostExponent = 0.2
const warmupSeconds = 2
/** A run that nobody can keep: arrivals a second, its length, and the time that it may take beyond that. */
const impossible = { rate: 1_000_000, seconds: 5, graceMs: 10_000, mostBytes: 1e9 }
const lookMs = 50

interface Row {
  readonly what: string
  readonly value: number
  readonly most: number
  /** The same figure of a process that does nothing. */
  readonly idle?: number
}
const isMet = ({ value, most }: Row) => value <= most
function verdictOf(row: Row): string {
  if (row.most === Number.POSITIVE_INFINITY) return ''
  if (isMet(row)) return 'met'
  return (row.idle ?? 0) > row.most ? 'MISS: so would an idle process' : 'MISS'
}

async function measurePaces(): Promise<readonly Row[]> {
  await using peer = await startPeer({ do: 'rawHost' })
  const rows: Row[] = []
  const costs: (readonly [rate: number, cpuUs: number])[] = []
  for (const { rate, lagP50Ms, lagP99Ms, cores } of paces) {
    const made: MeasuredJob[] = []
    const idle: MeasuredJob[] = []
    for (let round = 0; round < flags.rounds; round++) {
      idle.push(await measureIn({ do: 'nothing', rate, seconds: flags.seconds }))
      made.push(await measureIn({ do: 'open', rate, seconds: flags.seconds, warmupSeconds, port: peer.port }))
    }
    const add = (
      what: string,
      of: (job: MeasuredJob) => number | null | undefined,
      most = Number.POSITIVE_INFINITY,
    ) => {
      const alone = middle(idle, of)
      rows.push({
        what: `${rate}/s: ${what}`,
        value: middle(made, of),
        most,
        ...(Number.isFinite(alone) && { idle: alone }),
      })
    }
    add('lag p50, ms', (job) => job.lagP50Ms, lagP50Ms)
    add('lag p99, ms', (job) => job.lagP99Ms, lagP99Ms)
    add('cores', ({ cpuUs }) => cpuUs && (cpuUs * rate) / 1e6, cores)
    add('without a processor, % of the time', ({ waitShare }) => waitShare && waitShare * 100)
    costs.push([rate, middle(made, ({ cpuUs }) => cpuUs)])
  }
  const span = `${costs[0]?.[0]} to ${costs.at(-1)?.[0]}/s`
  rows.push({ what: `${span}: exponent of a sale's cost`, value: exponentOf(costs), most: mostExponent })
  return rows
}

const middle = (jobs: readonly MeasuredJob[], of: (job: MeasuredJob) => number | null | undefined) =>
  medianOf(jobs.map((job) => of(job) ?? Number.POSITIVE_INFINITY))

async function tryImpossible(): Promise<readonly Row[]> {
  await using peer = await startPeer({ do: 'rawHost' })
  const { rate, seconds, graceMs, mostBytes } = impossible
  const began = performance.now()
  const run = start(program, [
    ...['terminal', '--target', `127.0.0.1:${peer.port}`, '--dialect', 'iso87-ascii', '--keys', 'none', '--no-sign-on'],
    ...['--rate', `${rate}/s`, '--duration', `${seconds}s`, '--terminals', '2000', '--connections', '16'],
    ...['--in-flight', '64', '--mix', 'sale=1', '--timeout', '2s', '--quiet'],
  ])
  let bytes = 0
  const looks = setInterval(() => {
    bytes = Math.max(bytes, rssBytes(run.child.pid ?? 0) ?? 0)
  }, lookMs)
  const code = await run.ended
  clearInterval(looks)
  const says = run.text()
  const isSaid = /SATURATED/.test(says) && /unsent/.test(says)
  return [
    { what: `${rate}/s: ms beyond its ${seconds} s`, value: performance.now() - began - seconds * 1000, most: graceMs },
    { what: `${rate}/s: memory, MB`, value: bytes / 1e6, most: mostBytes / 1e6 },
    { what: `${rate}/s: exit code is not ${exitCode.notMet}`, value: code === exitCode.notMet ? 0 : 1, most: 0 },
    { what: `${rate}/s: SATURATED and unsent are not said`, value: isSaid ? 0 : 1, most: 0 },
  ]
}

const rows = [...(await measurePaces()), ...(await tryImpossible())]
const text = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '-')
console.log(
  alignedTable(
    ['figure', 'measured', 'at most', 'by an idle process', ''],
    rows.map((row) => [
      row.what,
      text(row.value),
      text(row.most),
      text(row.idle ?? Number.POSITIVE_INFINITY),
      verdictOf(row),
    ]),
  ).join('\n'),
)
console.log(apartWords)
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(rows, undefined, 2)}\n`)
if (!rows.every(isMet)) process.exitCode = 1
