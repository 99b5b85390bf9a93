// A client that behaves: one request at a time at a steady pace, and how long each answer took. On a plain socket.

import net from 'node:net'
import tls from 'node:tls'

export interface WellBehaved {
  /** Latencies since the last call, in ms; an answer that did not come counts as what was waited for it. */
  take(): readonly number[]
  /** Requests that were answered, and those that were not. */
  readonly counts: { answered: number; lost: number }
  close(): void
}

/** 500 a second: of the 100 of a second the 99th percentile would be the one that was latest of all. */
const everyMs = 2
const patienceMs = 5000

/** `frame(number)`: the request, framed with two bytes of length, as its answers are. */
export function startClient(port: number, useTls: boolean, frame: (number: number) => Buffer): WellBehaved {
  let latencies: number[] = []
  const counts = { answered: 0, lost: 0 }
  let number = 0
  let sentAt: number | undefined
  let got = Buffer.alloc(0)
  let isOver = false
  let socket = dial()

  function dial(): net.Socket {
    const opened = useTls
      ? tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
      : net.connect({ host: '127.0.0.1', port, noDelay: true })
    opened.on('error', () => {})
    opened.on('data', hear)
    opened.once('close', () => {
      lose()
      got = Buffer.alloc(0)
      if (!isOver) setTimeout(() => (socket = dial()), 50)
    })
    return opened
  }
  function lose(): void {
    if (sentAt === undefined) return
    counts.lost++
    latencies.push(performance.now() - sentAt)
    sentAt = undefined
  }
  function hear(bytes: Buffer): void {
    got = Buffer.concat([got, bytes])
    while (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
      got = got.subarray(2 + got.readUInt16BE(0))
      if (sentAt === undefined) continue
      latencies.push(performance.now() - sentAt)
      sentAt = undefined
      counts.answered++
    }
  }
  const timer = setInterval(() => {
    if (sentAt !== undefined && performance.now() - sentAt > patienceMs) socket.destroy()
    if (sentAt !== undefined || !socket.writable || socket.connecting) return
    sentAt = performance.now()
    socket.write(frame(number++))
  }, everyMs)

  return {
    take() {
      const taken = latencies
      latencies = []
      return taken
    },
    counts,
    close() {
      isOver = true
      clearInterval(timer)
      socket.destroy()
    },
  }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
