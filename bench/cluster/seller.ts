// Terminals that sell without a break at one host, connect again when it is gone, and write down what they were told.

import { connect, type Socket } from 'node:net'
import { realClock } from '../../src/base/clock.js'
import { createSpeaker } from '../../src/run/speaker.js'

export interface Seller {
  /** Trace numbers that were approved, with their reference numbers. */
  readonly approved: ReadonlyMap<string, string>
  /** Response codes to how often they came. */
  readonly codes: ReadonlyMap<string, number>
  /** When the last approval came, by the clock of the process. */
  lastAt(): number
  /** Sends what was sent once more; its answer counts as any. */
  repeat(stan: string): void
  stop(): void
}

const inFlight = 16

export function createSeller(port: number, terminal: string): Seller {
  const { codec, wire } = createSpeaker({ dialect: 'cup-pos' })
  const approved = new Map<string, string>()
  const codes = new Map<string, number>()
  const target = Buffer.alloc(4096)
  let next = 1
  let lastAt = 0
  let isStopped = false
  let socket: Socket | undefined

  const send = (stan: string) => {
    const card = { 2: '6212345678901232', 3: '000000', 4: '000000001000', 22: '022', 25: '00', 49: '156' }
    const own = { 11: stan, 41: terminal, 42: '000000000000001', 60: '2200000100050' }
    const body = codec.pack({ mti: '0200', fields: { ...card, ...own } })
    const write = (into: Uint8Array, at: number) => {
      into.set(body, at)
      return at + body.length
    }
    socket?.write(Buffer.from(target.subarray(0, wire.frame(target, 0, body.length, { write }))))
  }
  const sell = () => {
    if (!isStopped) send(String(next++).padStart(6, '0'))
  }
  const open = () => {
    if (isStopped) return
    const reader = wire.createReader()
    const opened = connect(port, '127.0.0.1')
    socket = opened
    opened.on('error', () => {})
    opened.once('close', () => realClock.after(100, open))
    opened.once('connect', () => {
      for (let index = 0; index < inFlight; index++) sell()
    })
    opened.on('data', (chunk) => {
      reader.push(chunk)
      for (let received = reader.next(); received !== undefined; received = reader.next()) {
        const code = received.peek?.text(39) ?? '?'
        codes.set(code, (codes.get(code) ?? 0) + 1)
        if (code === '00') {
          approved.set(received.peek?.text(11) ?? '', received.peek?.text(37) ?? '')
          lastAt = realClock.now()
        }
        sell()
      }
    })
  }
  open()
  return {
    approved,
    codes,
    lastAt: () => lastAt,
    repeat: send,
    stop() {
      isStopped = true
      socket?.destroy()
    },
  }
}
