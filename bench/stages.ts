// `npm run bench -- stages`: the cost of one transaction on each side, stage by stage, in µs of processor time and bytes allocated, and
// the sum beside the whole as it is without a profiler. `--side sale|balance|acquirer`; `--json FILE`. Exit 1 where the stages do not
// come to the whole, or a side allocates more than it may.

import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { alignedTable } from '../src/report/layout/table.js'
import { readFlags } from './flags.js'
import { type Cost, type CostWatch, costOfAcquirer, costOfTerminals } from './speed/costs.js'
import { mostSideBytes, type Side } from './speed/gate.js'
import { type Sampled, type StageCost, sampling, stageCosts } from './speed/stages.js'

const sides: readonly Side[] = ['sale', 'balance', 'acquirer']
/** The part of the whole that sampling may miss. */
const tolerance = 0.05

type Job = 'whole' | Sampled
const jobs: readonly Job[] = ['whole', 'bytes', 'time']
interface Done {
  readonly cost: Cost
  readonly stages: readonly (readonly [string, number])[]
}

const costOf = (side: Side, watch?: CostWatch) =>
  side === 'acquirer' ? costOfAcquirer(undefined, watch) : costOfTerminals(side, undefined, watch)

/** In a process of its own, which has done nothing else. */
function measureApart(side: Side, job: Job): Promise<Done> {
  const child = fork(new URL(import.meta.url), ['measure', side, job], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (done) => resolve(done as Done))
    child.once('exit', (code) => reject(new Error(`measuring ${side} (${job}) ended with exit code ${code}`)))
  })
}

async function measureHere(side: Side, job: Job): Promise<Done> {
  if (job === 'whole') return { cost: await costOf(side), stages: [] }
  const watch = sampling(job)
  const cost = await costOf(side, watch)
  return { cost, stages: [...watch.stages()] }
}

function tableOf(side: Side, { bytes, cpuUs }: Cost, costs: readonly StageCost[]): string {
  const sum = (name: 'bytes' | 'cpuUs') => costs.reduce((total, each) => total + each[name], 0)
  const row = (name: string, us: number, allocated: number) => [name, us.toFixed(2), allocated.toFixed(0)]
  const rows = costs.map((each) => row(each.stage, each.cpuUs, each.bytes))
  const ends = [row('sum of the stages', sum('cpuUs'), sum('bytes')), row('the whole, measured', cpuUs, bytes)]
  return alignedTable([side, 'CPU us', 'bytes'], [...rows, ...ends]).join('\n')
}

async function showAll(): Promise<void> {
  const flags = readFlags({ side: { usual: 'all', oneOf: ['all', 'sale', 'balance', 'acquirer'] }, json: 'file' })
  const missed: string[] = []
  const measured: Record<string, { readonly whole: Cost; readonly stages: readonly StageCost[] }> = {}
  for (const side of sides) {
    if (flags.side !== 'all' && flags.side !== side) continue
    const done: Done[] = []
    for (const job of jobs) done.push(await measureApart(side, job))
    const [{ cost }, heap, cpu] = done as [Done, Done, Done]
    const stages = stageCosts(new Map(heap.stages), new Map(cpu.stages), cost)
    console.log(`${tableOf(side, cost, stages)}\n`)
    measured[side] = { whole: cost, stages }
    const sum = stages.reduce((total, each) => total + each.bytes, 0)
    if (Math.abs(sum - heap.cost.bytes) > tolerance * heap.cost.bytes)
      missed.push(`${side}: the stages come to ${sum.toFixed(0)} bytes of ${heap.cost.bytes.toFixed(0)}`)
    if (cost.bytes > mostSideBytes[side])
      missed.push(`${side}: ${cost.bytes.toFixed(0)} bytes, at most ${mostSideBytes[side]}`)
  }
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(measured, undefined, 2)}\n`)
  if (missed.length > 0) {
    console.log(`missed: ${missed.join('; ')}`)
    process.exitCode = 1
  }
}

if (process.argv[2] === 'measure') {
  const done = await measureHere(process.argv[3] as Side, process.argv[4] as Job)
  process.send?.(done, () => process.exit())
} else await showAll()
