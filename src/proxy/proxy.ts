// The line between two strangers: accepts on one address, dials another, and passes bytes both ways. It knows no
// message and no fault: what breaks the line is in the network that it is handed for dialling.

import type { Clock, Timer } from '../base/clock.js'
import { collectYoungGarbage } from '../base/process/garbage.js'
import type { StreamDirection, Tap } from '../tap/tap.js'
import { formatAddress } from '../transport/network/address.js'
import type { Address, Link, LinkHandlers, Listener, Network } from '../transport/network/link.js'
import { createTurnedAway, type TurnedAwayCounts } from '../transport/server/turned-away.js'
import type { ByteCounts } from './counted-network.js'
import { createPair, type Pair } from './pair.js'
import { createTurnstile, type Turnstile } from './turnstile.js'

export interface ProxyOptions {
  /** Port 0: any free one. Kept when the proxy is taken down and up again. */
  readonly listen: Address
  readonly upstream: Address
  /** Lets clients in; TLS towards them is its business. */
  readonly clients: Network
  /** Dials the upstream; faults, and TLS towards it, are its business. */
  readonly upstreams: Network
  readonly clock: Clock
  readonly connectTimeoutMs?: number
  /** The limits on what clients may cost; left out: 5000 connections, no deadlines. */
  readonly peers?: ProxyLimits | undefined
  /** Asked for every chunk, so that a tap may come and go while connections are busy. */
  readonly tap?: () => Tap | undefined
  /** The trouble of one connection, in a line. */
  readonly onTrouble?: (line: string) => void
}

export interface ProxyLimits {
  readonly connections?: number
  readonly perAddress?: number
  /** ms */
  readonly handshake?: number
  /** ms without a byte in either direction, after which a connection is cut; left out: never. */
  readonly idle?: number
}

/** Bytes that came in from either side. */
export interface ProxyCounts {
  /** Connections open now. */
  readonly connections: number
  /** Since the start. */
  readonly accepted: number
  /** From clients: read by us, and written to them. */
  readonly clients: ByteCounts
  readonly turnedAway: TurnedAwayCounts
}

export interface ProxyLine {
  /** With the real port once it has listened; after that it stays. */
  readonly listen: Address
  readonly upstream: Address
  /** Listening. */
  readonly enabled: boolean
  counts(): ProxyCounts
  /**
   * Another address or upstream cuts every connection. Rejects with StartError when the new port cannot be had; the
   * proxy is down then. Calls are carried out one after another.
   */
  update(change: ProxyChange): Promise<void>
  /** Stops listening and cuts every connection. Idempotent. */
  close(): Promise<void>
}

export interface ProxyChange {
  readonly listen?: Address | undefined
  readonly upstream?: Address | undefined
  readonly enabled?: boolean | undefined
}

/** Connections at a time: two sockets each must fit a process that may open some ten thousand files. */
export const defaultMaxConnections = 5000
/** The garbage of so many bytes passed is collected at once, before V8 collects everything because of them. */
const collectedBytes = 8_388_608
/** Idle connections are looked for this often at the most, in ms. */
const leastLookMs = 50
/** How long the upstream may take to be reached, in ms. */
const defaultConnectTimeoutMs = 10_000
/** How long pairs may take to be gone that were cut, in ms: twice what they are given for their ends. */
const closeMs = 1000

/** A proxy that is down: update({ enabled: true }) takes it up. */
export function createProxy(options: ProxyOptions): ProxyLine {
  return new LineProxy(options)
}

class LineProxy implements ProxyLine {
  listen: Address
  upstream: Address
  readonly #options: ProxyOptions
  readonly #pairs = new Set<Pair>()
  readonly #clients: ByteCounts = { read: 0, written: 0 }
  #listener: Listener | undefined
  #accepted = 0
  #turn: Promise<void> = Promise.resolve()
  #isAccepting = false
  #uncollectedBytes = 0
  #isClosed = false
  #onEmpty: (() => void) | undefined
  readonly #turnedAway = createTurnedAway()
  readonly #turnstile: Turnstile
  #look: Timer | undefined

  constructor(options: ProxyOptions) {
    this.#options = options
    this.#turnstile = createTurnstile(options.clock)
    this.listen = options.listen
    this.upstream = options.upstream
  }

  get enabled(): boolean {
    return this.#listener !== undefined
  }

  counts(): ProxyCounts {
    return {
      connections: this.#pairs.size,
      accepted: this.#accepted,
      clients: { ...this.#clients },
      turnedAway: this.#turnedAway.counts(),
    }
  }

  update(change: ProxyChange): Promise<void> {
    const mine = this.#turn.then(() => this.#change(change))
    this.#turn = mine.catch(() => {})
    return mine
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.update({ enabled: false })
    if (this.#pairs.size === 0) return
    await new Promise<void>((resolve) => {
      const deadline = this.#options.clock.after(closeMs, resolve)
      this.#onEmpty = () => {
        deadline.cancel()
        resolve()
      }
    })
  }

  async #change({ listen = this.listen, upstream = this.upstream, enabled = this.enabled }: ProxyChange) {
    const moves = formatAddress(listen) !== formatAddress(this.listen)
    const turns = formatAddress(upstream) !== formatAddress(this.upstream)
    if (moves || turns || !enabled) await this.#down()
    this.listen = listen
    this.upstream = upstream
    if (enabled && !this.#isClosed) await this.#up()
  }

  async #up(): Promise<void> {
    if (this.#listener !== undefined) return
    const { clients, peers = {}, onTrouble = () => {} } = this.#options
    this.#isAccepting = true
    this.#listener = await clients.listen(this.listen, (link) => this.#accept(link), {
      maxConnections: peers.connections ?? defaultMaxConnections,
      ...(peers.perAddress !== undefined && { maxPerAddress: peers.perAddress }),
      ...(peers.handshake !== undefined && { handshakeMs: peers.handshake }),
      onRejected: (peer, why, kind) => {
        this.#turnedAway.add(kind)
        onTrouble(`${peer}: not let in: ${why}`)
      },
    })
    this.listen = this.#listener.address
    if (peers.idle !== undefined) this.#cutIdle(peers.idle)
  }

  /** Looks now and then: one timer, however many connections. */
  #cutIdle(idleMs: number): void {
    const { clock, onTrouble = () => {} } = this.#options
    this.#look = clock.after(Math.max(leastLookMs, idleMs / 4), () => {
      for (const pair of this.#pairs) {
        if (clock.now() - pair.activeAt <= idleMs) continue
        this.#turnedAway.add('idle')
        onTrouble(`${pair.peer}: cut: nothing has passed for ${idleMs} ms`)
        pair.cut()
      }
      this.#cutIdle(idleMs)
    })
  }

  async #down(): Promise<void> {
    this.#look?.cancel()
    const listener = this.#listener
    this.#listener = undefined
    this.#isAccepting = false
    for (const pair of this.#pairs) pair.cut()
    await listener?.close()
  }

  #accept(link: Link): LinkHandlers {
    const { clock, upstreams, connectTimeoutMs = defaultConnectTimeoutMs, tap = () => undefined } = this.#options
    const pair = createPair(link, ++this.#accepted, {
      upstream: this.upstream,
      dial: upstreams,
      connectTimeoutMs,
      clock,
      tap,
      turnstile: this.#turnstile,
      onBytes: (direction, bytes) => this.#count(direction, bytes),
      onGone: (gone, trouble) => this.#gone(gone, trouble),
    })
    this.#pairs.add(pair)
    // One that was already in the system's hands when the proxy went down.
    if (!this.#isAccepting) pair.cut()
    return pair.handlers
  }

  #count(direction: StreamDirection, bytes: number): void {
    if (direction === 'upstream') this.#clients.read += bytes
    else this.#clients.written += bytes
    this.#uncollectedBytes += bytes
    if (this.#uncollectedBytes < collectedBytes) return
    this.#uncollectedBytes = 0
    collectYoungGarbage()
  }

  #gone(pair: Pair, trouble: string | undefined): void {
    this.#pairs.delete(pair)
    if (this.#pairs.size === 0) this.#onEmpty?.()
    if (trouble === undefined) return
    this.#options.onTrouble?.(`${pair.peer}: upstream ${formatAddress(this.upstream)} cannot be reached: ${trouble}`)
  }
}
