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
import type { Address, Link, LinkHandlers, Network } from '../src/transport/network/link.js'
import { createTcpNetwork } from '../src/transport/network/tcp-network.js'

interface Row {
  readonly fault: string
  readonly asked: string
  readonly measured: string
  readonly holds: boolean
}

/** How far a time or a rate may be from what was asked. */
const tolerance = 0.1
/**
 * A machine that is busy with others can only make a line slower. So each line is tried as often as this, none of the tries may be
 * faster than asked, and the fastest of them is what is measured.
 */
const tries = 7

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
  tcp: Network = createTcpNetwork(),
) {
  const chain = createFaultChain({
    clock: realClock,
    random: createRandom(1),
    faults: [fault],
    startedAt: realClock.now(),
  })
  const network = faultyNetwork(tcp, { chain, clock: realClock })
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

/** The bytes of each write on an accepted socket go to `onWrite`. */
function watchingWrites(tcp: Network, onWrite: (bytes: number) => void): Network {
  const watched = (link: Link): Link => ({
    peer: link.peer,
    write(bytes) {
      onWrite(bytes.length)
      return link.write(bytes)
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    end: () => link.end(),
    reset: () => link.reset(),
  })
  return {
    connect: (...call) => tcp.connect(...call),
    listen: (address, accept, options) => tcp.listen(address, (link) => accept(watched(link)), options),
  }
}

/** One after another. */
async function tried(once: () => Promise<Heard>): Promise<readonly Heard[]> {
  const all: Heard[] = []
  for (let count = 0; count < tries; count++) all.push(await once())
  return all
}

/** A connection that ends so, after so many milliseconds. */
async function proveEnding(
  fault: FaultSpec,
  host: (link: Link) => LinkHandlers,
  ending: string,
  afterMs: number,
): Promise<Row> {
  const all = await tried(() => behind(fault, host, (at) => ask(at, 1)))
  const ms = Math.min(...all.map((each) => each.ms))
  const odd = all.find(({ ended, chunks }) => ended !== ending || chunks.length > 0)
  return {
    fault: fault.type,
    asked: `${ending} after ${afterMs} ms, no data`,
    measured: `${odd?.ended ?? ending} after ${ms.toFixed(1)} ms`,
    holds: odd === undefined && near(ms, afterMs),
  }
}

const near = (measured: number, asked: number) => Math.abs(measured - asked) <= asked * tolerance

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
  const ms = Math.min(...delayed) - Math.min(...plain)
  return { fault: 'latency', asked: `${latencyMs} ms`, measured: `${ms.toFixed(1)} ms`, holds: near(ms, latencyMs) }
}

async function proveBandwidth(kilobytes: number): Promise<Row> {
  const fault = spec('bandwidth', { rate: `${kilobytes}KB/s` }, { direction: 'answer' })
  const bytes = kilobytes * 1000
  const all = await tried(() => behind(fault, sender(bytes), (at) => ask(at, bytes)))
  const rate = bytes / Math.min(...all.map(({ ms }) => ms))
  return {
    fault: 'bandwidth',
    asked: `${kilobytes} KB/s`,
    measured: `${rate.toFixed(1)} KB/s`,
    holds: near(rate, kilobytes),
  }
}

async function proveSlicer(): Promise<Row> {
  const fault = spec('slicer', { average_size: 100, size_variation: 20, delay: '5ms' }, { direction: 'answer' })
  const written: number[] = []
  const tcp = watchingWrites(createTcpNetwork(), (bytes) => void written.push(bytes))
  const { chunks } = await behind(fault, sender(4000), (at) => ask(at, 4000), tcp)
  const heard = chunks.reduce((sum, each) => sum + each, 0)
  // A reader that is late hears several pieces at once, so that they are counted where they are written.
  const [least, most] = [Math.min(...written), Math.max(...written)]
  // Halves of what is just above the largest piece, which stray by the variation, are the smallest.
  const holds = written.length >= 4000 / 120 && least >= 40 && most <= 120 && heard === 4000 && chunks.length > 1
  const measured = `${heard} bytes, written in ${written.length} pieces of ${least} to ${most}`
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

const hangUp = (link: Link): LinkHandlers => ({ onData: () => link.end(), onClose: () => {} })

async function proveSilence(): Promise<Row> {
  const heard = await behind(spec('half_open', {}), echo, (at) =>
    Promise.race([ask(at, 1).then(({ ended }) => ended), sleep(realClock, 500).then(() => 'silence')]),
  )
  return { fault: 'half_open', asked: 'silence', measured: heard, holds: heard === 'silence' }
}

const rows: Row[] = []
for (const ms of [30, 100, 300]) rows.push(await proveLatency(ms))
for (const rate of [20, 200, 1000]) rows.push(await proveBandwidth(rate))
rows.push(await proveEnding(spec('reset_peer', { timeout: '100ms' }), echo, 'ECONNRESET', 100))
rows.push(await proveEnding(spec('timeout', { timeout: '200ms' }), echo, 'end', 200))
rows.push(await proveEnding(spec('slow_close', { delay: '300ms' }, { direction: 'answer' }), hangUp, 'end', 300))
rows.push(await proveSlicer(), await proveLimit(), await proveSilence())

console.table(rows)
const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`)
const failed = rows.filter(({ holds }) => !holds)
if (failed.length > 0) console.error(`outside their bounds: ${failed.map(({ fault }) => fault).join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
