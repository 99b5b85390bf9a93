// Whether causes are named rightly that no fault of ours made: real processes, and means of the operating system.
//
//     npm run bench -- proof:outside               a table; exit 1 when a cause is named wrongly
//     npm run bench -- proof:outside --json FILE   writes the same for machines
//
// Causes that this machine does not allow (a network namespace, tc netem) stand in the table as not possible and do not count.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { realClock, sleep } from '../src/base/clock.js'
import { accused } from '../src/measure/causes/diagnose.js'
import type { Result } from '../src/measure/result.js'

const { values: flags } = parseArgs({ options: { json: { type: 'string' } } })
/** Made by `npm run build`. */
const program = resolve('dist/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'isochron-outside-'))

interface Row {
  readonly means: string
  readonly expected: string
  readonly named: string
  readonly untimely: number | null
  readonly evidence: string
  /** Null: not possible here. */
  readonly right: boolean | null
}

/** How long a process may take to listen, in ms. */
const patienceMs = 30_000
/** Load before the means begins, and how long it lasts, in ms. */
const calmMs = 4000
const stopMs = 2000

/** Its output is read as it comes; `before`: what starts it, such as taskset. */
function start(args: readonly string[], before: readonly string[] = []): { child: ChildProcess; text: () => string } {
  const [command = '', ...rest] = [...before, process.execPath, program, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (text += bytes.toString()))
  return { child, text: () => text }
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', done))

async function startHost(before: readonly string[] = []) {
  const config = join(folder, 'host.yaml')
  writeFileSync(config, JSON.stringify({ acquirer: { workers: 64, serviceTime: { p50: '10ms', p99: '40ms' } } }))
  const started = start(['acquirer', '--listen', '127.0.0.1:0', '--dialect', 'cup-pos', '--config', config], before)
  const until = realClock.now() + patienceMs
  while (realClock.now() < until) {
    const address = /listening on (\S+:\d+)/.exec(started.text())?.[1]
    if (address !== undefined) return { child: started.child, address }
    await sleep(realClock, 20)
  }
  throw new Error(`the acquirer does not listen:\n${started.text()}`)
}

function scenarioOf(name: string, over: { target?: string; timely: string; rate?: string; seconds?: number }) {
  const file = join(folder, `${name}.yaml`)
  const terminals = {
    count: 40,
    timeout: '5s',
    mix: { sale: 9, balance: 1 },
    echoProbe: { every: '400ms', connections: 10 },
    ...(over.target !== undefined && { target: [over.target] }),
  }
  const load = [{ hold: { rate: over.rate ?? '25/s', for: `${over.seconds ?? 10}s`, arrivals: 'poisson' } }]
  writeFileSync(
    file,
    JSON.stringify({ name, seed: 1, dialect: 'cup-pos', terminals, load, timely: { response: over.timely } }),
  )
  return file
}

async function judged(
  name: string,
  file: string,
  {
    expected,
    means,
    before,
    meanwhile,
  }: { expected: string; means: string; before?: string[]; meanwhile?: () => Promise<void> },
): Promise<Row> {
  const out = join(folder, name)
  const run = start(['run', file, '--out', out, '--allow-saturated', '--quiet'], before)
  await meanwhile?.()
  await ended(run.child)
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Result
  const causes = result.causes ?? []
  const named = accused(causes, result.offered)
  return {
    ...{ means, expected, named: named.join(' + ') || 'nothing', right: named.length === 1 && named[0] === expected },
    untimely: causes.reduce((sum, { count }) => sum + count, 0),
    evidence: causes[0]?.evidence.join('; ') ?? '',
  }
}

/** The host's process is stopped and goes on afterwards. */
async function stopped(): Promise<Row> {
  const host = await startHost()
  try {
    const file = scenarioOf('stopped', { target: host.address, timely: '1s' })
    return await judged('stopped', file, {
      expected: 'host-slow',
      means: `SIGSTOP of the acquirer's process for ${stopMs / 1000} s`,
      async meanwhile() {
        await sleep(realClock, calmMs)
        host.child.kill('SIGSTOP')
        await sleep(realClock, stopMs)
        host.child.kill('SIGCONT')
      },
    })
  } finally {
    host.child.kill('SIGKILL')
    await ended(host.child)
  }
}

/** Another process takes the core that the host has; the host stands behind it in the scheduler's line. */
async function crowdedOut(): Promise<Row> {
  const means = 'another process on the one core of the host'
  if (cpus().length < 2 || !has('taskset')) return notPossible(means, 'host-slow')
  const host = await startHost(['taskset', '-c', '0', 'nice', '-n', '19'])
  let hog: ChildProcess | undefined
  try {
    const file = scenarioOf('crowded', { target: host.address, timely: '250ms' })
    return await judged('crowded', file, {
      expected: 'host-slow',
      means,
      before: ['taskset', '-c', '1'],
      async meanwhile() {
        await sleep(realClock, calmMs)
        hog = spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' })
        await sleep(realClock, calmMs)
        hog.kill('SIGKILL')
      },
    })
  } finally {
    hog?.kill('SIGKILL')
    host.child.kill('SIGKILL')
    await ended(host.child)
  }
}

/** The loopback of a network namespace of its own, made slow by the kernel. */
async function shaped(name: string, qdisc: string, over: Parameters<typeof scenarioOf>[1]): Promise<Row> {
  const means = `tc ${qdisc} in a network namespace`
  const prepare = `ip link set lo up && tc qdisc add dev lo root ${qdisc}`
  if (spawnSync('unshare', ['-rn', 'sh', '-c', prepare]).status !== 0) return notPossible(means, 'network-slow')
  const before = ['unshare', '-rn', 'sh', '-c', `${prepare} && exec "$@"`, 'sh']
  return await judged(name, scenarioOf(name, over), { expected: 'network-slow', means, before })
}

const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const notPossible = (means: string, expected: string): Row => ({
  ...{ means, expected, named: 'not possible here', untimely: null, evidence: '', right: null },
})

try {
  const rows = [await stopped(), await crowdedOut(), await shaped('delayed', 'netem delay 300ms', { timely: '500ms' })]
  console.table(rows.map(({ evidence: _evidence, ...row }) => row))
  for (const { means, evidence } of rows) if (evidence !== '') console.log(`${means}: ${evidence}`)
  if (flags.json !== undefined) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
    writeFileSync(flags.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`)
  }
  if (rows.some(({ right }) => right === false)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
