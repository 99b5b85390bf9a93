// The same hosts and lines over TCP on the loopback, in real time: a relay of this bench's own stands between terminals and
// host, does with each piece what the line's plan says, and writes what it saw as a capture.

import { createServer, type Server, type Socket } from 'node:net'
import { realClock } from '../../src/base/clock.js'
import type { Random } from '../../src/base/random.js'
import type { Network } from '../../src/transport/network/link.js'
import { createHeldNetwork, type Dialled } from './held-network.js'
import type { OutsideWorld } from './shop.js'
import { createOutsideHost, type OutsideHost } from './world/host.js'
import type { LineDoor, LinePlan } from './world/line.js'
import type { PacketSeen } from './world/packet.js'

export interface Place extends AsyncDisposable {
  readonly port: number
  /** In the order of time. */
  readonly packets: () => readonly PacketSeen[]
  /** Connections over it open as the line's plan lets them. */
  over(network: Network): Network
}

/** Between two looks at the door, in ms: a port that refuses is one on which nobody listens. */
const doorMs = 15
const firstPort = 20_000
/** A segment that was lost is sent again after this, in ms, and twice as long each time (RFC 6298, Linux's least). */
const againMs = 200
const mostTries = 9

export async function startOverSockets(world: OutsideWorld, random: Random): Promise<Place> {
  const began = realClock.now()
  const host = createOutsideHost(world.host, realClock, random.fork('host'), () => began)
  const relay = new Relay(world.line, host, began)
  await relay.open()
  return {
    port: relay.port,
    packets: () => [...relay.packets].sort((one, other) => one.wallMs - other.wallMs),
    over: (network) => relay.over(network),
    [Symbol.asyncDispose]: async () => relay.close(),
  }
}

class Relay {
  readonly packets: PacketSeen[] = []
  port = 0
  readonly #plan: LinePlan
  readonly #host: OutsideHost
  readonly #began: number
  readonly #links = new Map<number, Passenger>()
  #server: Server | undefined
  readonly #dialled: Dialled[] = []
  #served = 0
  /** For a connection that came from elsewhere. */
  #uncalled = -1
  #isOver = false

  constructor(plan: LinePlan, host: OutsideHost, began: number) {
    this.#plan = plan
    this.#host = host
    this.#began = began
    for (const { at, hits } of plan.resets ?? []) {
      realClock.after(at, () => {
        for (const [link, passenger] of this.#links) if (hits(link)) passenger.reset('host')
      })
    }
  }

  async open(): Promise<void> {
    await this.#listen()
    this.#watchDoor()
  }

  close(): void {
    this.#isOver = true
    this.#server?.close()
    for (const passenger of this.#links.values()) passenger.reset('client')
  }

  #door(link: number): LineDoor {
    return this.#plan.door?.({ at: realClock.now() - this.#began, link, served: this.#served }) ?? 'open'
  }

  over(network: Network): Network {
    return createHeldNetwork(network, {
      clock: realClock,
      dialled: this.#dialled,
      carry: (link, toHost) =>
        this.#plan.carry({ at: realClock.now() - this.#began, link, toHost, bytes: 0, isSyn: true, idleMs: 0 }),
    })
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => this.#accept(socket))
      this.#server = server
      server.once('error', reject)
      server.listen(this.port, '127.0.0.1', () => {
        this.port = (server.address() as { port: number }).port
        resolve()
      })
    })
  }

  #watchDoor(): void {
    if (this.#isOver) return
    const isRefused = this.#door(this.#dialled[0]?.link ?? this.#links.size) === 'refused'
    if (isRefused && this.#server !== undefined) {
      this.#server.close()
      this.#server = undefined
    } else if (!isRefused && this.#server === undefined) void this.#listen()
    realClock.after(doorMs, () => this.#watchDoor())
  }

  #accept(socket: Socket): void {
    const { link, at: synAt } = this.#dialled.shift() ?? { link: this.#uncalled--, at: realClock.now() }
    const door = this.#door(link)
    const isServed = door === 'open'
    if (isServed) this.#served++
    const passenger = new Passenger(socket, {
      ...{ link, plan: this.#plan, began: this.#began, packets: this.packets },
      synAgoMs: realClock.now() - synAt,
      host: isServed ? this.#host : undefined,
      onGone: () => {
        if (isServed) this.#served--
        this.#links.delete(link)
      },
    })
    this.#links.set(link, passenger)
  }
}

interface Ride {
  readonly link: number
  readonly plan: LinePlan
  readonly began: number
  readonly packets: PacketSeen[]
  /** How long ago it was dialled, in ms. */
  readonly synAgoMs: number
  readonly host: OutsideHost | undefined
  readonly onGone: () => void
}

/** One connection through the relay. */
class Passenger {
  readonly #socket: Socket
  readonly #ride: Ride
  readonly #next = { client: 1001, host: 900_001 }
  /** When what was sent last in a direction arrives: nothing overtakes it. */
  readonly #arrivesAt = { client: 0, host: 0 }
  #lastPassedAt = realClock.now()
  #isOver = false

  constructor(socket: Socket, ride: Ride) {
    this.#socket = socket
    this.#ride = ride
    socket.setNoDelay(true)
    this.#tap(true, { syn: true, sequence: 1000, acknowledged: 0, wallMs: realClock.wall() - ride.synAgoMs })
    this.#tap(false, { syn: true, sequence: 900_000, acknowledged: 1001 })
    this.#tap(true, {})
    const take = ride.host?.accept(
      { write: (bytes) => this.#send(bytes, false, (arrived) => socket.write(arrived)), end: () => this.#end() },
      ride.link,
    )
    socket.on('data', (bytes) => this.#send(bytes, true, (arrived) => take?.(arrived)))
    socket.on('end', () => {
      this.#tap(true, { fin: true })
      this.#next.client++
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#tap(false, { fin: true })
      this.#isOver = true
      ride.onGone()
    })
  }

  reset(by: 'host' | 'client'): void {
    if (!this.#isOver) this.#tap(by === 'client', { rst: true })
    this.#socket.resetAndDestroy()
  }

  /** The host closes: after all that it wrote before has arrived. */
  #end(): void {
    realClock.after(Math.max(0, this.#arrivesAt.client - realClock.now()) + 1, () => this.#socket.end())
  }

  #send(bytes: Uint8Array, toHost: boolean, deliver: (bytes: Uint8Array) => void): void {
    const piece = bytes.slice()
    const sequence = toHost ? this.#next.client : this.#next.host
    if (toHost) this.#next.client += piece.length
    else this.#next.host += piece.length
    this.#try({ piece, toHost, sequence, deliver }, 0)
  }

  #try(item: Item, tries: number): void {
    const { plan, link, began } = this.#ride
    const { piece, toHost, sequence } = item
    const now = realClock.now()
    const isHere = toHost === ((plan.tap ?? 'client') === 'client')
    if (isHere) this.#tap(toHost, { bytes: piece, sequence })
    const packet = {
      at: now - began,
      link,
      toHost,
      bytes: piece.length,
      isSyn: false,
      idleMs: now - this.#lastPassedAt,
    }
    const passage = plan.carry(packet)
    if (passage === 'reset') this.reset('host')
    else if (passage === 'lost') {
      if (tries < mostTries) realClock.after(againMs * 2 ** tries, () => !this.#isOver && this.#try(item, tries + 1))
    } else {
      this.#lastPassedAt = now
      this.#deliver(item, { at: now + passage, ms: passage, isHere })
    }
  }

  /** `isHere`: it was sent where packets are captured, so that its acknowledgement comes as late again. */
  #deliver({ piece, toHost, sequence, deliver }: Item, on: { at: number; ms: number; isHere: boolean }): void {
    const side = toHost ? 'host' : 'client'
    const at = Math.max(on.at, this.#arrivesAt[side])
    this.#arrivesAt[side] = at
    realClock.after(at - realClock.now(), () => {
      if (this.#isOver) return
      if (!on.isHere) this.#tap(toHost, { bytes: piece, sequence })
      const acknowledged = sequence + piece.length
      if (!on.isHere) this.#tap(!toHost, { acknowledged })
      else realClock.after(on.ms, () => this.#isOver || this.#tap(!toHost, { acknowledged }))
      deliver(piece)
    })
  }

  #tap(fromClient: boolean, seen: Partial<PacketSeen>): void {
    const { client, host } = this.#next
    const [sequence, acknowledged] = fromClient ? [client, host] : [host, client]
    this.#ride.packets.push({
      ...{ fromClient, sequence, acknowledged, wallMs: realClock.wall(), port: firstPort + this.#ride.link },
      ...{ bytes: new Uint8Array(0), ...seen },
    })
  }
}

interface Item {
  readonly piece: Uint8Array
  readonly toHost: boolean
  readonly sequence: number
  readonly deliver: (bytes: Uint8Array) => void
}
