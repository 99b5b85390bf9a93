// `npm run bench -- scale`: what grows with the size of a run, over a network without sockets: memory of an idle terminal with a connection
// of its own, 100,000 exchanges in flight, and processor time of a sale from 10 to 10,000 connections, with the exponent. `--terminals N`
// in place of 10,000; `--json FILE`. Exit 1 when a figure is missed.

import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { alignedTable } from '../src/report/layout/table.js'
import { exponentOf } from './exponent.js'
import { readFlags } from './flags.js'
import { measureScale, type Scaled, type Size } from './speed/scale.js'

/** At most: bytes of an idle terminal beyond its socket, and the exponent of the cost by connections. */
const must = { idleBytes: 10_000, exponent: 0.2 }
const few = 100
const connectionCounts = [10, 100, 1000, 10_000]

function measureApart(size: Size): Promise<Scaled> {
  const child = fork(new URL(import.meta.url), ['measure', JSON.stringify(size)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (scaled) => resolve(scaled as Scaled))
    child.once('exit', (code) => reject(new Error(`measuring ${JSON.stringify(size)} ended with exit code ${code}`)))
  })
}

async function showAll(): Promise<void> {
  const flags = readFlags({ terminals: { usual: 10_000, least: 200 }, json: 'file' })
  const { terminals } = flags
  const idle = { warm: 2, measured: 1 }
  const small = await measureApart({ terminals: few, ...idle })
  const large = await measureApart({ terminals, ...idle })
  const idleBytes = (large.idleBytes - small.idleBytes) / (terminals - few)
  const asked = 10 * terminals
  const full = await measureApart({
    terminals: asked,
    connections: asked / 100,
    heldUntil: asked,
    warm: 0,
    measured: asked,
  })
  const costs: (readonly [number, number])[] = []
  for (const connections of connectionCounts.filter((count) => count <= terminals)) {
    const { cpuUs } = await measureApart({ terminals, connections, warm: 60_000, measured: 120_000 })
    costs.push([connections, cpuUs])
  }
  const exponent = exponentOf(costs)
  const perExchange = (full.fullBytes - full.idleBytes) / full.mostInFlight
  const isFull = full.mostInFlight >= asked && full.answered >= asked
  const rows = [
    [`bytes of an idle terminal, ${terminals} with a connection each`, idleBytes.toFixed(0), `<= ${must.idleBytes}`],
    ['exchanges in flight, all answered', isFull ? String(full.mostInFlight) : 'MISS', `>= ${asked}`],
    ['bytes of an exchange in flight', perExchange.toFixed(0), ''],
    ...costs.map(([connections, cpuUs]) => [`CPU us of a sale, ${connections} connections`, cpuUs.toFixed(1), '']),
    ['exponent of the cost by connections', exponent.toFixed(3), `<= ${must.exponent}`],
  ]
  console.log(alignedTable(['figure', 'measured', 'must'], rows).join('\n'))
  const figures = { terminals, idleBytes, mostInFlight: full.mostInFlight, perExchange, costs, exponent }
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(figures, undefined, 2)}\n`)
  if (idleBytes > must.idleBytes || !isFull || exponent > must.exponent) process.exitCode = 1
}

if (process.argv[2] === 'measure') {
  const scaled = await measureScale(JSON.parse(process.argv[3] ?? '{}') as Size)
  process.send?.(scaled, () => process.exit())
} else await showAll()
