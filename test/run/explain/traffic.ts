// Captures of made-up traffic: terminals that pay and ask for echoes over lasting or short connections, packet by packet.

import type { Codec } from '../../../src/codec/codec.js'
import { compile } from '../../../src/codec/compile.js'
import type { Dialect } from '../../../src/codec/dialect.js'
import { cupPos } from '../../../src/codec/dialects/cup-pos.js'
import { answerMti } from '../../../src/codec/head/mti.js'
import type { Fields } from '../../../src/codec/message.js'
import { framingNamed } from '../../../src/framing/framings.js'
import { createWire, type Wire } from '../../../src/transport/wire/wire.js'
import { ipv4, links, pcap, type Segment } from '../../doctor/capture-writer.js'

/** Epoch ms at which every capture begins. */
export const startedAt = Date.UTC(2026, 0, 5, 1, 0, 0)

const server = { host: [10, 0, 0, 1], port: 8583 }

/** Writes packets of one terminal's connections. Times are ms since the capture began. */
export class Traffic {
  readonly #packets: { at: number; segment: Segment }[] = []
  readonly #codec: Codec
  readonly #wire: Wire
  #port = 40_000

  constructor(dialect: Dialect = cupPos) {
    this.#codec = compile(dialect)
    this.#wire = createWire({ codec: this.#codec, framing: framingNamed(dialect.framing) })
  }

  /** A connection with a handshake of `rttMs`; `openAt` undefined: it was there before the capture. */
  connect(openAt: number | undefined, rttMs = 1): Line {
    const line = new Line(this, ++this.#port)
    if (openAt !== undefined) line.handshake(openAt, rttMs)
    return line
  }

  /** A SYN that is answered with RST, or, without `refusedAfter`, by nobody. */
  tryToConnect(at: number, refusedAfter?: number): void {
    const client = { host: [10, 0, 0, 2], port: ++this.#port }
    this.add(at, { from: client, to: server, sequence: 1, flags: { syn: true, ack: false } })
    if (refusedAfter !== undefined)
      this.add(at + refusedAfter, { from: server, to: client, sequence: 0, flags: { rst: true } })
  }

  add(at: number, segment: Segment): void {
    this.#packets.push({ at, segment })
  }

  frame(mti: string, fields: Fields): Uint8Array {
    const body = this.#codec.pack({ mti, fields })
    const frame = new Uint8Array(this.#wire.overheadBytes + body.length)
    const write = (target: Uint8Array, at: number) => {
      target.set(body, at)
      return at + body.length
    }
    return frame.subarray(0, this.#wire.frame(frame, 0, body.length, { write }))
  }

  /** The capture file, from `from` ms on. */
  file(from = 0): Buffer {
    const packets = this.#packets.filter(({ at }) => at >= from).sort((a, b) => a.at - b.at)
    return pcap(
      packets.map(({ segment }) => Buffer.concat([links.ethernet.front, ipv4(segment)])),
      { linkType: 1, times: packets.map(({ at }) => startedAt + at) },
    )
  }
}

export class Line {
  readonly #traffic: Traffic
  readonly #client: { host: number[]; port: number }
  #asked = 1
  #answered = 1

  constructor(traffic: Traffic, port: number) {
    this.#traffic = traffic
    this.#client = { host: [10, 0, 0, 2], port }
  }

  handshake(at: number, rttMs: number): void {
    const [from, to] = [this.#client, server]
    this.#traffic.add(at, { from, to, sequence: 0, flags: { syn: true, ack: false } })
    this.#traffic.add(at + rttMs, { from: to, to: from, sequence: 0, flags: { syn: true } })
    this.#traffic.add(at + rttMs + 0.05, { from, to, sequence: 1 })
  }

  /** A sale at `at`; `ms` undefined: never answered. */
  sale(at: number, stan: number, { ms, code = '00', terminal = '00000001' }: SaleOptions): void {
    const own = { '11': String(stan).padStart(6, '0'), '41': terminal, '42': '000000000000001' }
    const money = { '3': '000000', '4': '000000001234', '49': '156' }
    const card = { '2': '6200000000000005', '14': '3012', '22': '022', '25': '00' }
    this.#ask(at, '0200', { ...own, ...money, ...card, '60': '2200000100050' })
    if (ms === undefined) return
    const rrn = `00000${String(stan).padStart(7, '0')}`
    this.#answer(at + ms, answerMti('0200'), { ...own, ...money, '37': rrn, '39': code, '60': '2200000100050' })
  }

  echo(at: number, ms: number | undefined): void {
    const own = { '41': '00000001', '42': '000000000000001', '60': '00000001301' }
    this.#ask(at, '0820', own)
    if (ms !== undefined) this.#answer(at + ms, '0830', { ...own, '39': '00' })
  }

  /** Any message, and its answer `ms` later with what `answered` says beside the request's fields. */
  exchange(at: number, mti: string, fields: Fields, { ms, answered }: { ms: number; answered: Fields }): void {
    this.#ask(at, mti, fields)
    this.#answer(at + ms, answerMti(mti), { ...fields, ...answered })
  }

  /** The host's TCP acknowledges all that was asked, and says nothing else. */
  acknowledge(at: number): void {
    const [from, to] = [server, this.#client]
    this.#traffic.add(at, { from, to, sequence: this.#answered, acknowledges: this.#asked })
  }

  /** The host resets the connection. */
  reset(at: number): void {
    this.#traffic.add(at, { from: server, to: this.#client, sequence: this.#answered, flags: { rst: true } })
  }

  /** The terminal closes the connection. */
  close(at: number): void {
    this.#traffic.add(at, { from: this.#client, to: server, sequence: this.#asked, flags: { fin: true } })
  }

  #ask(at: number, mti: string, fields: Fields): void {
    const bytes = this.#traffic.frame(mti, fields)
    this.#traffic.add(at, { from: this.#client, to: server, sequence: this.#asked, bytes })
    this.#asked += bytes.length
  }

  #answer(at: number, mti: string, fields: Fields): void {
    const bytes = this.#traffic.frame(mti, fields)
    this.#traffic.add(at, { from: server, to: this.#client, sequence: this.#answered, bytes })
    this.#answered += bytes.length
  }
}

interface SaleOptions {
  readonly ms?: number | undefined
  readonly code?: string
  readonly terminal?: string
}
