// The cost of the proxy while no fault is at work: throughput and latency through it, through a plain pipe of node:net,
// and direct, in turns in one run. Rule: host, pipe and proxy each have a thread of their own, so none slows another.
//
//   npm run bench -- proxy [--json FILE] [--rounds N]     exit 1 when the proxy adds more than 1.5 times what the pipe adds

import { writeFileSync } from 'node:fs'
import net from 'node:net'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { realClock } from '../src/base/clock.js'
import { createRandom } from '../src/base/random.js'
import { createControlledProxy } from '../src/run/proxy/controlled-proxy.js'
import { createSpeaker } from '../src/run/speaker.js'
import { createTcpNetwork } from '../src/transport/network/tcp-network.js'

/** How much more than a plain pipe the proxy may add, at the median and at the 99th percentile. */
const wantedRatio = 1.5
/** A usual ISO 8583 request, in bytes. */
const messageBytes = 180
const roundMs = 400
const paths = ['direct', 'pipe', 'proxy'] as const
type Path = (typeof paths)[number]

interface Task {
  readonly what: 'host' | 'pipe' | 'proxy'
  readonly upstream: number
}

interface Load {
  readonly connections: number
  /** Messages under way on each. */
  readonly depth: number
}

/** One message at a time on a few connections shows the latency; many on many the throughput. */
const loads = {
  latency: { connections: 4, depth: 1 },
  throughput: { connections: 64, depth: 16 },
} as const satisfies Record<string, Load>

interface Round {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

const socketOptions = { noDelay: true, allowHalfOpen: true } as const

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'string' }, rounds: { type: 'string', default: '15' } } })
  const host = await begin({ what: 'host', upstream: 0 })
  const ports: Record<Path, number> = {
    direct: host.port,
    pipe: (await begin({ what: 'pipe', upstream: host.port })).port,
    proxy: (await begin({ what: 'proxy', upstream: host.port })).port,
  }
  const latency = await measure(ports, loads.latency, Number(values.rounds))
  const throughput = await measure(ports, loads.throughput, Math.ceil(Number(values.rounds) / 3))
  const ratio = { p50: addedRatio(latency, 'p50'), p99: addedRatio(latency, 'p99') }
  console.log(table(latency, throughput, ratio))
  if (values.json !== undefined) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
    writeFileSync(values.json, `${JSON.stringify({ machine, latency, throughput, ratio, wantedRatio }, null, 2)}\n`)
  }
  const isMet = ratio.p50 <= wantedRatio && ratio.p99 <= wantedRatio
  if (!isMet) console.error(`the proxy adds more than ${wantedRatio} times what a plain pipe adds`)
  process.exit(isMet ? 0 : 1)
}

async function begin(task: Task): Promise<{ port: number }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: task })
  return await new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

/** The median of the rounds of each path; paths take turns, the first one another each time. */
async function measure(ports: Record<Path, number>, load: Load, rounds: number): Promise<Record<Path, Round>> {
  const seen: Record<Path, Round[]> = { direct: [], pipe: [], proxy: [] }
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < paths.length; turn++) {
      const path = paths[(turn + round + 1) % paths.length] as Path
      const figures = await runRound(ports[path], load)
      if (round >= 0) seen[path].push(figures) // The first round warms up.
    }
  }
  const of = (path: Path): Round => ({
    perSecond: median(seen[path].map(({ perSecond }) => perSecond)),
    p50: median(seen[path].map(({ p50 }) => p50)),
    p99: median(seen[path].map(({ p99 }) => p99)),
  })
  return { direct: of('direct'), pipe: of('pipe'), proxy: of('proxy') }
}

async function runRound(port: number, { connections, depth }: Load): Promise<Round> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(port)))
  const times: number[] = []
  const from = performance.now()
  const until = from + roundMs
  await Promise.all(sockets.map((socket) => converse(socket, { depth, until, times })))
  const seconds = (performance.now() - from) / 1000
  for (const socket of sockets) socket.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) }
}

/** Keeps `depth` messages under way until the time is over. Answers come in order. */
function converse(socket: net.Socket, at: { depth: number; until: number; times: number[] }): Promise<void> {
  // One frame: its length in two bytes, and what is no message to anyone but the faults, of which there are none.
  const message = Buffer.alloc(messageBytes, 0x30)
  message.writeUInt16BE(messageBytes - 2)
  const sentAt: number[] = []
  let unread = 0
  return new Promise((resolve) => {
    const send = () => {
      sentAt.push(performance.now())
      socket.write(message)
    }
    socket.on('data', (bytes) => {
      const now = performance.now()
      for (unread += bytes.length; unread >= messageBytes; unread -= messageBytes) {
        at.times.push(now - (sentAt.shift() as number))
        if (now < at.until) send()
      }
      if (sentAt.length === 0) resolve()
    })
    for (let sent = 0; sent < at.depth; sent++) send()
  })
}

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect({ ...socketOptions, port, host: '127.0.0.1' })
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

function addedRatio(rounds: Record<Path, Round>, figure: 'p50' | 'p99'): number {
  const added = (path: Path) => rounds[path][figure] - rounds.direct[figure]
  return added('proxy') / added('pipe')
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function table(
  latency: Record<Path, Round>,
  throughput: Record<Path, Round>,
  ratio: { readonly p50: number; readonly p99: number },
): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(10) : cell.padStart(16))).join('')
  return [
    line(['', 'p50', 'p99', 'one at a time', 'at full load']),
    ...paths.map((path) =>
      line([
        path,
        `${(latency[path].p50 * 1000).toFixed(0)} us`,
        `${(latency[path].p99 * 1000).toFixed(0)} us`,
        `${latency[path].perSecond.toFixed(0)}/s`,
        `${throughput[path].perSecond.toFixed(0)}/s`,
      ]),
    ),
    `added by the proxy / by the pipe: ${ratio.p50.toFixed(2)} at p50, ${ratio.p99.toFixed(2)} at p99 (at most ${wantedRatio} is wanted)`,
  ].join('\n')
}

/** The part of a thread: host, pipe or proxy. Answers with its port and stays. */
async function serve({ what, upstream }: Task): Promise<number> {
  const here = { host: '127.0.0.1', port: 0 }
  if (what === 'proxy') {
    const network = createTcpNetwork()
    const proxy = createControlledProxy({
      listen: here,
      upstream: { ...here, port: upstream },
      wire: createSpeaker({ dialect: 'cup-pos' }).wire,
      clients: network,
      upstreams: network,
      clock: realClock,
      random: createRandom(1),
      onFault: () => {},
      onTrouble: () => {},
    })
    await proxy.update({ enabled: true })
    return Number(proxy.listen.split(':')[1])
  }
  return await listen((socket) => {
    if (what === 'host') return void socket.on('data', (bytes) => socket.write(bytes))
    const onward = net.connect({ ...socketOptions, port: upstream, host: here.host })
    onward.on('error', () => socket.destroy())
    socket.pipe(onward).pipe(socket)
  })
}

async function listen(onSocket: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer(socketOptions, (socket) => {
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, resolve))
  return (server.address() as net.AddressInfo).port
}

if (isMainThread) await main()
else parentPort?.postMessage({ port: await serve(workerData as Task) })
