// Measures the line faults on real connections of this machine: what was asked for against what a client saw.
//
//     npm run bench -- proof:faults                a table; exit 1 when a line is outside its bounds
//     npm run bench -- proof:faults --json FILE    writes the same for machines

import { writeFileSync } from 'node:fs'
import net from 'node:net'
import { parseArgs } from 'node:util'
import { realClock, sleep } from '../src/base/clock.js'
import { createRandom } from '../src/base/random.js'
import { faultCatalogue } from '../src/faults/catalogue.js'
import { createFaultChain, type FaultSpec } from '../src/faults/chain.js'
import { faultyNetwork } from '../src/faults/engine/faulty-network.js'
import type { Selector } from '../src/faults/selector.js'
import type { Address, Link, LinkHandlers } from '../src/transport/network/link.js'
import { createTcpNetwork } from '../src/transport/network/tcp-network.js'

interface Row {
  readonly fault: string
  readonly asked: string
  readonly measured: string
  readonly holds: boolean
}

/** How far a time or a rate may be from what was asked. */
const tolerance = 0.1

function spec(type: string, attributes: Record<string, unknown>, selector: Selector = {}): FaultSpec {
  const fault = faultCatalogue.find((each) => each.type === type)
  if (fault === undefined) throw new Error(`no fault ${type}`)
  return { name: type, on: 'network', type, attributes: fault.attributes.parse(attributes), selector }
}

/** A host on a real port that a plain client of `node:net` talks to; the fault is on the host's side of the line. */
async function behind<Value>(
  fault: FaultSpec,
  host: (link: Link) => LinkHandlers,
  use: (at: Address) => Promise<Value>,
) {
  const chain = createFaultChain({
    clock: realClock,
    random: createRandom(1),
    faults: [fault],
    startedAt: realClock.now(),
  })
  const network = faultyNetwork(createTcpNetwork(), { chain, clock: realClock })
  const links = new Set<Link>()
  const listener = await network.listen({ host: '127.0.0.1', port: 0 }, (link) => {
    links.add(link)
    return host(link)
  })
  try {
    return await use(listener.address)
  } finally {
    for (const link of links) link.reset()
    await listener.close()
  }
}

const echo = (link: Link): LinkHandlers => ({
  onData: (bytes) => link.write(Uint8Array.from(bytes)),
  onEnd: () => link.end(),
  onClose: () => {},
})

/** Sends what it is asked for as soon as anything arrives. */
const sender =
  (bytes: number) =>
  (link: Link): LinkHandlers => ({
    onData: () => link.write(new Uint8Array(bytes)),
    onClose: () => {},
  })

interface Heard {
  readonly chunks: readonly number[]
  /** Milliseconds from the request to the last data, or to the end. */
  readonly ms: number
  readonly ended: string
}

/** Connects, says one byte, and listens until so many bytes came or the connection ended. */
function ask({ host, port }: Address, until: number): Promise<Heard> {
  return new Promise((resolve) => {
    const chunks: number[] = []
    let [bytes, start] = [0, 0]
    const socket = net.connect({ host, port, noDelay: true }, () => {
      start = realClock.now()
      socket.write('x')
    })
    const done = (ended: string) => {
      resolve({ chunks, ms: realClock.now() - start, ended })
      socket.destroy()
    }
    socket.on('data', (data) => {
      chunks.push(data.length)
      bytes += data.length
      if (bytes >= until) done('enough')
    })
    socket.on('end', () => done('end'))
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
  })
}

const near = (measured: number, asked: number) => Math.abs(measured - asked) <= asked * tolerance
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number

/** The delay that the fault adds to the answer of an echo host without it, which takes its turn in the same run. */
async function proveLatency(latencyMs: number): Promise<Row> {
  const fault = spec('latency', { latency: `${latencyMs}ms` }, { direction: 'answer' })
  const none = spec('latency', {}, { direction: 'answer' })
  const delayed: number[] = []
  const plain: number[] = []
  await behind(fault, echo, (slow) =>
    behind(none, echo, async (fast) => {
      for (let count = 0; count < 15; count++) {
        delayed.push((await ask(slow, 1)).ms)
        plain.push((await ask(fast, 1)).ms)
      }
    }),
  )
  const ms = median(delayed) - median(plain)
  return { fault: 'latency', asked: `${latencyMs} ms`, measured: `${ms.toFixed(1)} ms`, holds: near(ms, latencyMs) }
}

async function proveBandwidth(kilobytes: number): Promise<Row> {
  const fault = spec('bandwidth', { rate: `${kilobytes}KB/s` }, { direction: 'answer' })
  const bytes = kilobytes * 1000
  const { ms } = await behind(fault, sender(bytes), (at) => ask(at, bytes))
  const rate = bytes / ms
  return {
    fault: 'bandwidth',
    asked: `${kilobytes} KB/s`,
    measured: `${rate.toFixed(1)} KB/s`,
    holds: near(rate, kilobytes),
  }
}

async function proveReset(): Promise<Row> {
  const { ended, ms } = await behind(spec('reset_peer', { timeout: '100ms' }), echo, (at) => ask(at, 1))
  const holds = ended === 'ECONNRESET' && near(ms, 100)
  return {
    fault: 'reset_peer',
    asked: 'ECONNRESET after 100 ms',
    measured: `${ended} after ${ms.toFixed(1)} ms`,
    holds,
  }
}

async function proveTimeout(): Promise<Row> {
  const { ended, ms, chunks } = await behind(spec('timeout', { timeout: '200ms' }), echo, (at) => ask(at, 1))
  const holds = ended === 'end' && chunks.length === 0 && near(ms, 200)
  return { fault: 'timeout', asked: 'end after 200 ms, no data', measured: `${ended} after ${ms.toFixed(1)} ms`, holds }
}

async function proveSlicer(): Promise<Row> {
  const fault = spec('slicer', { average_size: 100, size_variation: 20, delay: '5ms' }, { direction: 'answer' })
  const { chunks } = await behind(fault, sender(4000), (at) => ask(at, 4000))
  const [least, most] = [Math.min(...chunks), Math.max(...chunks)]
  // Halves of what is just above the largest piece, which stray by the variation, are the smallest.
  const holds = chunks.length >= 4000 / 120 && least >= 40 && most <= 120
  const measured = `${chunks.length} pieces of ${least} to ${most} bytes`
  return { fault: 'slicer', asked: '4000 bytes in pieces of 100 ± 20 and less', measured, holds }
}

async function proveLimit(): Promise<Row> {
  const fault = spec('limit_data', { bytes: 12_345 }, { direction: 'answer' })
  const { chunks, ended } = await behind(fault, sender(50_000), (at) => ask(at, 50_000))
  const bytes = chunks.reduce((sum, each) => sum + each, 0)
  return {
    fault: 'limit_data',
    asked: '12345 bytes, then the end',
    measured: `${bytes} bytes, then ${ended}`,
    holds: bytes === 12_345 && ended === 'end',
  }
}

async function proveSlowClose(): Promise<Row> {
  const fault = spec('slow_close', { delay: '300ms' }, { direction: 'answer' })
  const hangUp = (link: Link): LinkHandlers => ({ onData: () => link.end(), onClose: () => {} })
  const { ended, ms } = await behind(fault, hangUp, (at) => ask(at, 1))
  return {
    fault: 'slow_close',
    asked: 'end after 300 ms',
    measured: `${ended} after ${ms.toFixed(1)} ms`,
    holds: ended === 'end' && near(ms, 300),
  }
}

async function proveSilence(): Promise<Row> {
  const heard = await behind(spec('half_open', {}), echo, (at) =>
    Promise.race([ask(at, 1).then(({ ended }) => ended), sleep(realClock, 500).then(() => 'silence')]),
  )
  return { fault: 'half_open', asked: 'silence', measured: heard, holds: heard === 'silence' }
}

const rows: Row[] = []
for (const ms of [30, 100, 300]) rows.push(await proveLatency(ms))
for (const rate of [20, 200, 1000]) rows.push(await proveBandwidth(rate))
rows.push(await proveReset(), await proveTimeout(), await proveSlicer(), await proveLimit(), await proveSlowClose())
rows.push(await proveSilence())

console.table(rows)
const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`)
const failed = rows.filter(({ holds }) => !holds)
if (failed.length > 0) console.error(`outside their bounds: ${failed.map(({ fault }) => fault).join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
