// A network in memory, on an injected clock: the same handlers and the same order of events as over TCP, no sockets,
// and the same course every time.

import type { Clock } from '../../base/clock.js'
import { createBusySet } from '../../base/collections/busy-set.js'
import { StartError } from '../../base/errors.js'
import { lendBytes, poisonsViews } from '../../base/lent.js'
import { formatAddress } from './address.js'
import type { Address, CloseReason, Link, LinkHandlers, ListenOptions, Network } from './link.js'

export interface SimulatedNetworkOptions {
  readonly clock: Clock
  /** One way, in ms, from the side that connected and towards it. Asked for every write; order is kept all the same. */
  readonly latencyMs?: { readonly request: () => number; readonly answer: () => number }
  /** Bytes that may be under way or unread in one direction before write() returns false. */
  readonly windowBytes?: number
}

export interface SimulatedNetwork extends Network {
  /** How attempts to connect fare: accepted, refused at once, or never answered. */
  setConnects(mode: 'accept' | 'refuse' | 'silent'): void
  /** Ends every open link as a reset by the network does, on both sides. */
  cutAll(): void
  readonly openLinks: number
}

/** Like the buffers of two kernels: about a thousand messages. */
export const defaultWindowBytes = 262_144

/** First port that is given out for port 0, as systems do. */
const firstFreePort = 49_152

interface Listening {
  readonly accept: (link: Link) => LinkHandlers
  readonly options: ListenOptions
  connections: number
}

export function createSimulatedNetwork(options: SimulatedNetworkOptions): SimulatedNetwork {
  const { clock, windowBytes = defaultWindowBytes } = options
  const latencyMs = options.latencyMs ?? { request: () => 0, answer: () => 0 }
  const listeners = new Map<string, Listening>()
  const open = createBusySet<Side>()
  let mode: 'accept' | 'refuse' | 'silent' = 'accept'
  let nextPort = firstFreePort

  /** The peer's side of a link that has reached its listener; undefined when there is none or it is full. */
  const arrive = (client: Side, address: Address): boolean => {
    const listening = listeners.get(formatAddress(address))
    if (mode === 'refuse' || listening === undefined) return false
    if (listening.connections >= (listening.options.maxConnections ?? Number.POSITIVE_INFINITY)) {
      listening.options.onRejected?.(client.name, 'too many connections', 'connections')
      return false
    }
    listening.connections++
    const server = new Side(clock, client.name, latencyMs.answer, windowBytes, () => {
      listening.connections--
      open.delete(server)
    })
    open.add(server)
    client.join(server)
    server.handlers = listening.accept(server)
    return true
  }

  return {
    connect(address, handlers, { connectTimeoutMs }) {
      const name = `simulated:${nextPort++}`
      const client = new Side(clock, formatAddress(address), latencyMs.request, windowBytes, () => open.delete(client))
      client.name = name
      client.handlers = handlers
      open.add(client)
      const timeout = clock.after(connectTimeoutMs, () => client.giveUp())
      clock.after(latencyMs.request(), () => {
        if (client.isClosed || mode === 'silent') return
        const accepted = arrive(client, address)
        clock.after(latencyMs.answer(), () => {
          timeout.cancel()
          if (accepted) client.opened()
          else client.close('refused', 'ECONNREFUSED')
        })
      })
      return client
    },
    async listen(asked, accept, listenOptions = {}) {
      const address = asked.port === 0 ? { host: asked.host, port: nextPort++ } : asked
      const name = formatAddress(address)
      if (listeners.has(name)) throw new StartError(`cannot listen on ${name}: the port is in use (EADDRINUSE)`)
      listeners.set(name, { accept, options: listenOptions, connections: 0 })
      return {
        address,
        close: async () => {
          listeners.delete(name)
        },
      }
    },
    setConnects: (next) => {
      mode = next
    },
    cutAll: () => {
      for (const side of [...open]) side.close('reset', 'ECONNRESET')
    },
    get openLinks() {
      return open.size
    },
  }
}

/** One side of a link. What it writes arrives at `#other`, in order. */
class Side implements Link {
  readonly peer: string
  name = ''
  handlers: LinkHandlers | undefined
  isClosed = false
  readonly #clock: Clock
  readonly #latencyMs: () => number
  readonly #windowBytes: number
  readonly #onGone: () => void
  #other: Side | undefined
  #lastArrival = 0
  /** The bytes that this side wrote and the other side has not read. */
  #unreadBytes = 0
  #waitsForDrain = false
  #inbox: (Uint8Array | 'end')[] = []
  #isPaused = false
  #isEnded = false
  #peerEnded = false
  #isOpen = false

  constructor(clock: Clock, peer: string, latencyMs: () => number, windowBytes: number, onGone: () => void) {
    this.#clock = clock
    this.peer = peer
    this.#latencyMs = latencyMs
    this.#windowBytes = windowBytes
    this.#onGone = onGone
  }

  /** Called on the side that connected, when its attempt reaches the listener. */
  join(server: Side): void {
    this.#other = server
    server.#other = this
    server.#isOpen = true
  }

  opened(): void {
    if (this.isClosed) return
    this.#isOpen = true
    this.handlers?.onOpen?.()
    this.#deliver()
  }

  write(bytes: Uint8Array): boolean {
    if (this.isClosed || this.#isEnded) return true
    this.#unreadBytes += bytes.length
    this.#send((other) => other.#arrived(bytes))
    this.#waitsForDrain = this.#unreadBytes > this.#windowBytes
    return !this.#waitsForDrain
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#clock.soon(() => this.#deliver())
  }

  end(): void {
    if (this.#isEnded || this.isClosed) return
    this.#isEnded = true
    this.#send((other) => other.#arrived('end'))
    if (this.#peerEnded) this.#clock.soon(() => this.close('ended'))
  }

  reset(): void {
    if (this.isClosed) return
    this.#send((other) => other.close('reset', 'ECONNRESET'))
    this.#silence()
    this.#clock.soon(() => this.#tellClosed('local'))
  }

  /** Ends an attempt that took too long: a peer that has accepted it meanwhile sees it cut. */
  giveUp(): void {
    if (this.#isOpen) return
    this.#send((other) => other.close('reset', 'ECONNRESET'))
    this.close('connectTimeout')
  }

  close(reason: CloseReason, detail?: string): void {
    if (this.isClosed) return
    this.#silence()
    this.#tellClosed(reason, detail)
  }

  #silence(): void {
    this.isClosed = true
    this.#inbox = []
  }

  #tellClosed(reason: CloseReason, detail?: string): void {
    this.#onGone()
    this.handlers?.onClose(reason, detail)
  }

  /** Nothing overtakes what was sent before it. */
  #send(arrive: (other: Side) => void): void {
    const other = this.#other
    if (other === undefined) return
    const now = this.#clock.now()
    this.#lastArrival = Math.max(this.#lastArrival, now + this.#latencyMs())
    this.#clock.after(this.#lastArrival - now, () => {
      if (!other.isClosed) arrive(other)
    })
  }

  #arrived(what: Uint8Array | 'end'): void {
    this.#inbox.push(what)
    this.#deliver()
  }

  #deliver(): void {
    while (this.#isOpen && !this.#isPaused && !this.isClosed) {
      const next = this.#inbox.shift()
      if (next === undefined) return
      if (next === 'end') this.#hearEnd()
      else this.#read(next)
    }
  }

  #read(bytes: Uint8Array): void {
    if (poisonsViews) lendBytes(bytes, (lent) => this.handlers?.onData(lent))
    else this.handlers?.onData(bytes)
    if (this.#other !== undefined) this.#other.#wasRead(bytes.length)
  }

  #wasRead(bytes: number): void {
    this.#unreadBytes -= bytes
    if (!this.#waitsForDrain || this.#unreadBytes > this.#windowBytes / 2) return
    this.#waitsForDrain = false
    this.#clock.soon(() => {
      if (!this.isClosed) this.handlers?.onDrain?.()
    })
  }

  #hearEnd(): void {
    this.#peerEnded = true
    const endedFirst = this.#isEnded
    this.handlers?.onEnd?.()
    if (this.#isEnded) this.close(endedFirst ? 'local' : 'ended')
  }
}
