// One end of a simulated TCP connection: numbers, acknowledgements, retransmission with backoff, and order (RFC 9293, RFC 6298).

import type { Clock, Timer } from '../../../src/base/clock.js'

export interface Segment {
  readonly sequence: number
  readonly acknowledged: number
  readonly syn?: boolean
  readonly fin?: boolean
  readonly rst?: boolean
  readonly bytes: Uint8Array
}

export interface EndEvents {
  onOpen(): void
  onBytes(bytes: Uint8Array): void
  onFin(): void
  /** Reset by the peer or something in between, or given up after too many tries. */
  onDead(why: 'reset' | 'gaveUp'): void
}

interface Unacknowledged {
  readonly segment: Segment
  readonly end: number
  tries: number
}

const firstRtoMs = 1000
const leastRtoMs = 200
const mostRtoMs = 60_000
/** Retransmissions after which an end gives up. */
const mostTries = 9
/** Duplicate acknowledgements that stand for a loss (RFC 5681). */
const duplicates = 3

export class TcpEnd {
  readonly #clock: Clock
  readonly #send: (segment: Segment) => void
  readonly #events: EndEvents
  #next: number
  #expected = 0
  #open = false
  #dead = false
  #unacknowledged: Unacknowledged[] = []
  readonly #early = new Map<number, Segment>()
  #timer: Timer | undefined
  #rttMs: number | undefined
  #duplicates = 0
  #lastAck = 0
  #synAt = 0
  #hasEnded = false

  constructor(clock: Clock, first: number, send: (segment: Segment) => void, events: EndEvents) {
    this.#clock = clock
    this.#next = first
    this.#send = send
    this.#events = events
  }

  get isDead(): boolean {
    return this.#dead
  }

  /** Begins the handshake. */
  syn(): void {
    this.#synAt = this.#clock.now()
    this.#transmit({ syn: true, bytes: empty })
  }

  /** Answers the handshake of a peer. */
  accept({ sequence }: Segment): void {
    this.#expected = sequence + 1
    this.syn()
  }

  write(bytes: Uint8Array): void {
    if (!this.#dead && !this.#hasEnded) this.#transmit({ bytes })
  }

  fin(): void {
    if (this.#dead || this.#hasEnded) return
    this.#hasEnded = true
    this.#transmit({ fin: true, bytes: empty })
  }

  /** Says RST and is gone. */
  reset(): void {
    if (this.#dead) return
    this.#send({ sequence: this.#next, acknowledged: this.#expected, rst: true, bytes: empty })
    this.kill()
  }

  /** Gone without a word. */
  kill(): void {
    this.#dead = true
    this.#timer?.cancel()
    this.#unacknowledged = []
  }

  take(segment: Segment): void {
    if (this.#dead) return
    if (segment.rst === true) {
      this.kill()
      this.#events.onDead('reset')
      return
    }
    if (segment.syn === true && !this.#open) this.#expected = segment.sequence + 1
    this.#acknowledge(segment)
    if (segment.syn === true) {
      this.#opened(segment)
      return
    }
    if (!this.#open) this.#opened(segment)
    if (segment.bytes.length > 0 || segment.fin === true) this.#receive(segment)
  }

  #opened({ syn }: Segment): void {
    // A SYN that comes again was not acknowledged: its answer was lost.
    if (syn === true && (this.#open || this.#unacknowledged.length === 0)) this.#sayAcknowledged()
    if (this.#open || this.#unacknowledged.length > 0) return
    this.#open = true
    this.#rttMs ??= this.#clock.now() - this.#synAt
    this.#events.onOpen()
  }

  #receive(segment: Segment): void {
    if (segment.sequence >= this.#expected) this.#early.set(segment.sequence, segment)
    for (let next = this.#early.get(this.#expected); next !== undefined; next = this.#early.get(this.#expected)) {
      this.#early.delete(this.#expected)
      this.#expected += lengthOf(next)
      if (next.bytes.length > 0) this.#events.onBytes(next.bytes)
      if (next.fin === true) this.#events.onFin()
      if (this.#dead) return
    }
    this.#sayAcknowledged()
  }

  #sayAcknowledged(): void {
    this.#send({ sequence: this.#next, acknowledged: this.#expected, bytes: empty })
  }

  #acknowledge({ acknowledged, bytes }: Segment): void {
    const before = this.#unacknowledged.length
    this.#unacknowledged = this.#unacknowledged.filter(({ end }) => end > acknowledged)
    if (this.#unacknowledged.length < before) {
      this.#duplicates = 0
      this.#arm()
    } else if (acknowledged === this.#lastAck && bytes.length === 0 && before > 0) {
      this.#duplicates++
      if (this.#duplicates === duplicates) this.#again()
    }
    this.#lastAck = acknowledged
  }

  #transmit(what: Pick<Segment, 'syn' | 'fin' | 'bytes'>): void {
    const segment = { ...what, sequence: this.#next, acknowledged: this.#expected }
    this.#next += lengthOf(segment)
    this.#unacknowledged.push({ segment, end: this.#next, tries: 0 })
    this.#send(segment)
    if (this.#unacknowledged.length === 1) this.#arm()
  }

  #arm(): void {
    this.#timer?.cancel()
    const [first] = this.#unacknowledged
    if (first === undefined) return
    const base = this.#rttMs === undefined ? firstRtoMs : Math.max(leastRtoMs, 2 * this.#rttMs)
    this.#timer = this.#clock.after(Math.min(mostRtoMs, base * 2 ** first.tries), () => this.#again())
  }

  #again(): void {
    const [first] = this.#unacknowledged
    if (first === undefined || this.#dead) return
    if (++first.tries > mostTries) {
      this.kill()
      this.#events.onDead('gaveUp')
      return
    }
    this.#send({ ...first.segment, acknowledged: this.#expected })
    this.#arm()
  }
}

const empty = new Uint8Array(0)
const lengthOf = ({ bytes, syn, fin }: Pick<Segment, 'bytes' | 'syn' | 'fin'>) =>
  bytes.length + (syn === true ? 1 : 0) + (fin === true ? 1 : 0)
