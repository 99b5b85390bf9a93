// A line between terminals and a host, packet by packet, in virtual time: what is written leaves as TCP segments, each of
// which a plan delays, loses or answers with a reset.

import type { Clock } from '../../../src/base/clock.js'
import type { Random } from '../../../src/base/random.js'
import type { Address, CloseReason, Link, LinkHandlers, Network } from '../../../src/transport/network/link.js'
import type { OutsideHost } from './host.js'
import type { PacketSeen } from './packet.js'
import { type Segment, TcpEnd } from './tcp.js'

export interface LinePacket {
  /** Milliseconds since the world began. */
  readonly at: number
  /** Number of the connection, from 0, in the order in which they were begun. */
  readonly link: number
  readonly toHost: boolean
  readonly bytes: number
  readonly isSyn: boolean
  /** Since the last packet of this connection that passed, in ms. */
  readonly idleMs: number
}

/** Milliseconds that a packet takes; `lost`; or `reset`: something on the way answers it with RST. */
export type Passage = number | 'lost' | 'reset'

/** The door that a new connection finds: a host; a refusal; nothing at all; or a host whose system takes it and nobody serves it. */
export type LineDoor = 'open' | 'refused' | 'silent' | 'unserved'

export interface LinePlan {
  readonly carry: (packet: LinePacket) => Passage
  /** Left out: always open. `served`: connections that the host serves now. */
  readonly door?: (arrival: { readonly at: number; readonly link: number; readonly served: number }) => LineDoor
  /** The host resets these connections at these instants. */
  readonly resets?: readonly { readonly at: number; readonly hits: (link: number) => boolean }[]
  /** Where packets are captured; left out: nowhere. */
  readonly tap?: 'client' | 'host'
}

export interface Line extends Network {
  readonly packets: readonly PacketSeen[]
}

interface Setting {
  readonly clock: Clock
  readonly random: Random
  readonly plan: LinePlan
  readonly host: OutsideHost
}

/** Packets that are kept of one world: a trial makes some ten thousand. */
const maxPackets = 400_000
const firstPort = 20_000

export function createLine(setting: Setting): Line {
  const { clock, plan } = setting
  const packets: PacketSeen[] = []
  const world = { ...setting, served: 0, links: new Map<number, Connection>(), packets }
  let count = 0
  for (const { at, hits } of plan.resets ?? []) {
    clock.after(at, () => {
      for (const [link, connection] of [...world.links]) if (hits(link)) connection.hostResets()
    })
  }
  return {
    packets,
    connect(address, handlers, { connectTimeoutMs }) {
      const connection = new Connection(world, count++, handlers)
      connection.dial(address, connectTimeoutMs)
      return connection
    },
    listen: () => Promise.reject(new Error('nobody else listens in this world')),
  }
}

interface World extends Setting {
  served: number
  readonly links: Map<number, Connection>
  readonly packets: PacketSeen[]
}

class Connection implements Link {
  peer = ''
  host: TcpEnd | undefined
  readonly #world: World
  readonly #number: number
  readonly #handlers: LinkHandlers
  readonly #client: TcpEnd
  #lastPassedAt = 0
  #isOver = false
  #isOpen = false
  #hasEnded = false
  #peerHasEnded = false
  #isServed = false
  #door: LineDoor | undefined

  constructor(world: World, number: number, handlers: LinkHandlers) {
    this.#world = world
    this.#number = number
    this.#handlers = handlers
    const { clock } = world
    this.#lastPassedAt = clock.now()
    this.#client = new TcpEnd(clock, 1000 + number, (segment) => this.#leaves(segment, true), {
      onOpen: () => {
        this.#isOpen = true
        handlers.onOpen?.()
      },
      onBytes: (bytes) => {
        if (!this.#isOver) handlers.onData(bytes)
      },
      onFin: () => this.#heardEnd(),
      onDead: (why) => this.#over(this.#isOpen ? 'reset' : 'refused', this.#wordFor(why)),
    })
  }

  dial({ host, port }: Address, timeoutMs: number): void {
    this.peer = `${host}:${port}`
    this.#world.clock.after(timeoutMs, () => {
      if (this.#isOpen || this.#isOver) return
      this.#client.kill()
      this.#over('connectTimeout')
    })
    this.#client.syn()
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#isOver && !this.#hasEnded) this.#client.write(bytes.slice())
    return true
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    if (this.#isOver || this.#hasEnded) return
    this.#hasEnded = true
    this.#client.fin()
    if (this.#peerHasEnded) this.#world.clock.soon(() => this.#over('ended'))
  }

  reset(): void {
    if (this.#isOver) return
    this.#client.reset()
    this.#world.clock.soon(() => this.#over('local'))
  }

  hostResets(): void {
    this.host?.reset()
    this.#gone()
  }

  #gone(): void {
    if (this.#isServed) this.#world.served--
    this.#isServed = false
    this.#world.links.delete(this.#number)
  }

  #heardEnd(): void {
    this.#peerHasEnded = true
    const wasFirst = this.#hasEnded
    this.#handlers.onEnd?.()
    if (this.#hasEnded) this.#over(wasFirst ? 'local' : 'ended')
  }

  #over(reason: CloseReason, detail?: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#handlers.onClose(reason, detail)
  }

  #wordFor(why: 'reset' | 'gaveUp'): string {
    if (why === 'gaveUp') return 'ETIMEDOUT'
    return this.#isOpen ? 'ECONNRESET' : 'ECONNREFUSED'
  }

  /** A segment leaves one side. */
  #leaves(segment: Segment, toHost: boolean): void {
    const { clock, plan } = this.#world
    const now = clock.now()
    this.#tap(segment, toHost, toHost === (plan.tap === 'client'))
    const passage = plan.carry({
      ...{ at: now, link: this.#number, toHost, bytes: segment.bytes.length, isSyn: segment.syn === true },
      idleMs: now - this.#lastPassedAt,
    })
    if (passage === 'lost') return
    if (passage === 'reset') {
      const answer = { sequence: segment.acknowledged, acknowledged: segment.sequence, rst: true, bytes: empty }
      clock.after(1, () => {
        this.#tap(answer, !toHost, toHost === (plan.tap === 'client'))
        this.#endAt(!toHost)?.take(answer)
      })
      return
    }
    this.#lastPassedAt = now
    clock.after(passage, () => this.#arrives(segment, toHost))
  }

  #arrives(segment: Segment, toHost: boolean): void {
    this.#tap(segment, toHost, toHost !== (this.#world.plan.tap === 'client'))
    if (toHost && segment.syn === true && this.host === undefined) this.#knocks(segment)
    else this.#endAt(toHost)?.take(segment)
  }

  #endAt(isHost: boolean): TcpEnd | undefined {
    return isHost ? this.host : this.#client
  }

  #knocks(segment: Segment): void {
    const { plan, clock } = this.#world
    const arrival = { at: clock.now(), link: this.#number, served: this.#world.served }
    this.#door ??= plan.door?.(arrival) ?? 'open'
    if (this.#door === 'silent') {
      this.#door = undefined
      return
    }
    if (this.#door === 'refused') {
      this.#leaves({ sequence: 0, acknowledged: segment.sequence + 1, rst: true, bytes: empty }, false)
      return
    }
    const host = this.#serve(this.#door === 'open')
    this.host = host
    host.accept(segment)
  }

  #serve(isServed: boolean): TcpEnd {
    const world = this.#world
    if (isServed) world.served++
    this.#isServed = isServed
    world.links.set(this.#number, this)
    let take: ((bytes: Uint8Array) => void) | undefined
    const gone = () => this.#gone()
    const end: TcpEnd = new TcpEnd(world.clock, 900_000 + this.#number, (segment) => this.#leaves(segment, false), {
      onOpen: () => {
        if (isServed)
          take = world.host.accept({ write: (bytes) => end.write(bytes), end: () => end.fin() }, this.#number)
      },
      onBytes: (bytes) => take?.(bytes),
      onFin: () => {
        end.fin()
        gone()
      },
      onDead: gone,
    })
    return end
  }

  /** `isHere`: where the packet is now, packets are captured. */
  #tap(segment: Segment, toHost: boolean, isHere: boolean): void {
    const { plan, packets, clock } = this.#world
    if (plan.tap === undefined || !isHere || packets.length >= maxPackets) return
    packets.push({ ...segment, wallMs: clock.wall(), fromClient: toHost, port: firstPort + this.#number })
  }
}

const empty = new Uint8Array(0)
