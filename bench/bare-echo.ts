// The delay of the machine itself: bytes to another thread and back over loopback, at the times of a load, and nothing done
// with them. Whatever runs on this machine is later than that.

import { connect, createServer, type Socket } from 'node:net'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { realClock } from '../src/base/clock.js'
import { createRandom } from '../src/base/random.js'
import { loadSchema } from '../src/load/options.js'
import { runLoad } from '../src/load/pacer.js'
import { planLoad } from '../src/load/plan.js'

/** As long as a sale of cup-pos. */
const messageBytes = 200
/** Milliseconds between the connects and the first message, and after the last. */
const leadMs = 200

export interface BareEcho {
  readonly p50: number
  readonly p99: number
}

/** Milliseconds from the intended time to the echo. */
export async function bareEcho(load: {
  readonly rate: number
  readonly seconds: number
  readonly connections: number
}): Promise<BareEcho> {
  const worker = new Worker(new URL(import.meta.url))
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const times: number[] = []
  const lines = await Promise.all(Array.from({ length: load.connections }, () => openLine(port, times)))
  const phase = { hold: { rate: `${load.rate}/s`, for: `${load.seconds}s`, arrivals: 'poisson' } }
  const message = Buffer.alloc(messageBytes)
  let next = 0
  await runLoad({
    plan: planLoad(loadSchema.parse([phase]), createRandom(1)),
    clock: realClock,
    startAt: realClock.now() + leadMs,
    transact(arrival, done) {
      const { socket, due } = lines[next++ % lines.length] as Line
      due.push(arrival.intendedAt)
      socket.write(message)
      done(arrival)
    },
    onLag: () => {},
    signal: new AbortController().signal,
    pacing: 'precise',
  })
  await new Promise((resolve) => realClock.after(leadMs, () => resolve(undefined)))
  for (const { socket } of lines) socket.destroy()
  await worker.terminate()
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.floor(share * times.length)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

interface Line {
  readonly socket: Socket
  /** Intended times of what is under way, the oldest first. */
  readonly due: number[]
}

function openLine(port: number, times: number[]): Promise<Line> {
  return new Promise((resolve) => {
    const due: number[] = []
    let bytes = 0
    const socket = connect(port, '127.0.0.1', () => resolve({ socket, due }))
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      bytes += chunk.length
      for (; bytes >= messageBytes; bytes -= messageBytes) times.push(realClock.now() - (due.shift() ?? Number.NaN))
    })
  })
}

if (!isMainThread && parentPort !== null) {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => socket.write(bytes))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as { port: number }).port))
}
