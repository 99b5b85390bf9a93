// Whether a result tells the truth: its service times against the time stamps of the packets, and the share of late answers of a
// host that stands still against arithmetic.
//
//     npm run bench -- truth                 a table; exit 1 where p50 or p99 is off by more than 5 % and 0.2 ms, p99.9 by more than
//                                            2 ms, or the share by more than a tenth; a line where nobody may capture here
//     npm run bench -- truth --seconds N     seconds that are measured of each
//     npm run bench -- truth --json FILE     writes the figures

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Result } from '../src/measure/result.js'
import { runScenario } from '../src/run/run-scenario.js'
import { scenarioFromData } from '../src/scenario/reader.js'
import { readFlags } from './flags.js'
import { atShare, serviceTimes } from './truth/packets.js'

const flags = readFlags({ seconds: { usual: 20, least: 10 }, json: 'file' })
const warmupSeconds = 3
/** A stand of a second begins so many seconds after the warm-up, and again every so many. */
const [firstStand, standEvery] = [3, 10]
const lateMs = 500

interface Figure {
  readonly name: string
  readonly found: number
  readonly truth: number
  readonly off: number
  readonly most: number
}

function run(rate: number, more: { terminals: object; acquirer: object; faults?: readonly object[] }): Promise<Result> {
  const { scenario } = scenarioFromData({
    ...{ name: 'truth', dialect: 'iso87-ascii', seed: 1, keys: 'none', drain: '5s', ...more },
    terminals: { signOn: false, timeout: '5s', mix: { sale: 1 }, ...more.terminals },
    timely: { response: `${lateMs}ms` },
    warmup: `${warmupSeconds}s`,
    load: [{ hold: { rate: `${rate}/s`, for: `${warmupSeconds + flags.seconds}s` } }],
  })
  return runScenario(scenario, { source: '' })
}

/** Undefined where this user may not capture, or there is nothing to capture with. */
async function startCapture(file: string): Promise<{ stop(): Promise<string> } | undefined> {
  const args = ['-i', 'lo', '-s', '96', '-B', '65536', '--time-stamp-precision=nano', '-w', file, 'tcp']
  const child: ChildProcess = spawn('tcpdump', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('error', () => {})
  if (child.stderr === null) return undefined
  const begun = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      said.push(line)
      if (line.includes('listening on')) resolve(true)
    })
    child.once('error', () => resolve(false))
    child.once('exit', () => resolve(false))
  })
  if (!(await begun)) return undefined
  return {
    async stop() {
      child.kill('SIGINT')
      await ended
      return said.find((line) => line.includes('dropped by kernel')) ?? ''
    },
  }
}

const figure = (name: string, found: number | null, truth: number, most: number): Figure => ({
  ...{ name, found: found ?? Number.NaN, truth, most },
  off: Math.abs((found ?? Number.NaN) - truth),
})

async function againstPackets(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-truth-'))
  try {
    const file = join(folder, 'lo.pcap')
    const capture = await startCapture(file)
    if (capture === undefined) {
      console.log('not compared with packets: tcpdump is not installed, or this user may not capture on lo')
      return []
    }
    const result = await run(2000, {
      terminals: { count: 500, connections: { shared: 64, inFlight: 1 } },
      acquirer: { serviceTime: { p50: '5ms' } },
    })
    const dropped = await capture.stop()
    if (!dropped.startsWith('0 ')) console.log(`the capture is not whole: ${dropped}`)
    const times = serviceTimes(readFileSync(file), Date.parse(result.startedAt) + warmupSeconds * 1000)
    console.log(`${times.length} requests in the packets, ${result.offered} in the result`)
    const [p50, p99, p999] = [atShare(times, 0.5), atShare(times, 0.99), atShare(times, 0.999)]
    const within = (truth: number) => Math.max(0.05 * truth, 0.2)
    const { serviceTime } = result
    return [
      figure('2,000/s, 5 ms: service p50, ms', serviceTime.p50, p50, within(p50)),
      figure('2,000/s, 5 ms: service p99, ms', serviceTime.p99, p99, within(p99)),
      figure('2,000/s, 5 ms: service p99.9, ms', serviceTime.p999, p999, 2),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Whoever comes `t` s after the beginning of a stand of one second waits for its end, for those who came before, whom the host takes at
 * its capacity, and for its own service: 1 - t + t * rate / capacity + service, in s.
 */
function shareOfLate(rate: number, host: { readonly workers: number; readonly serviceMs: number }): number {
  const capacity = (host.workers * 1000) / host.serviceMs
  const lateUntil = (1 + host.serviceMs / 1000 - lateMs / 1000) / (1 - rate / capacity)
  const stands = Math.ceil((flags.seconds - firstStand) / standEvery)
  return (stands * lateUntil) / flags.seconds
}

async function againstArithmetic(): Promise<Figure> {
  const host = { workers: 100, serviceMs: 5 }
  const result = await run(5000, {
    terminals: { count: 8000, connections: { shared: 64, inFlight: 128 } },
    acquirer: { workers: host.workers, serviceTime: { p50: `${host.serviceMs}ms` } },
    faults: [{ on: 'acquirer', stall: { for: '1s' }, at: `${warmupSeconds + firstStand}s`, every: `${standEvery}s` }],
  })
  const truth = shareOfLate(5000, host)
  const { timelyRate } = result.timeliness
  const late = timelyRate === null ? null : 1 - timelyRate
  return figure(`5,000/s, stands still: share over ${lateMs} ms`, late, truth, 0.1 * truth)
}

const figures = [...(await againstPackets()), await againstArithmetic()]
const isMet = ({ off, most }: Figure) => off <= most
const cells = (figure: Figure) =>
  [figure.found, figure.truth, figure.off, figure.most].map((value) => value.toFixed(4).padStart(10)).join(' ')
console.log(`${''.padEnd(44)}${['found', 'truth', 'off by', 'at most'].map((word) => word.padStart(10)).join(' ')}`)
for (const each of figures) console.log(`${each.name.padEnd(44)}${cells(each)}  ${isMet(each) ? 'met' : 'MISS'}`)
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ node: process.version, figures }, null, 2)}\n`)
if (!figures.every(isMet)) process.exitCode = 1
