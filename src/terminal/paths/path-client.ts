// A client over several paths, one at a time: it speaks on the path that is chosen, moves when another one is, and sends
// anew elsewhere what never left. A link that died without knowing it gets another one in its place.
//
// Rule: what was written is never sent twice from here. Whether it was carried out is for reversals and repeats to settle.

import type { Clock } from '../../base/clock.js'
import { classOf } from '../../codec/head/mti.js'
import type { Client, ClientOptions, ClientState, CloseOptions } from '../../transport/client/client-options.js'
import type { Exchange } from '../../transport/client/exchange.js'
import type { Received } from '../../transport/wire/wire.js'
import type { PathChoice, PathName } from './path-choice.js'

export interface HostPath extends PathName {
  /** The name of its host, as samples have it. */
  readonly name: string
}

/** The events that a client of one path tells its owner. */
export type PathEvents = Required<Pick<ClientOptions, 'onUp' | 'onDown'>> & Pick<ClientOptions, 'silence'>

export interface PathClient extends Client {
  /** Speaks on the path that is chosen now; does nothing where it does so already. */
  move(): void
  /** Dials once on every path, one after the other, until one is there. Undefined, or what went wrong. */
  tryAll(): Promise<string | undefined>
}

export interface PathClientOptions {
  /** In the order in which they are tried. */
  readonly paths: readonly HostPath[]
  /** Undefined where there is one path only. */
  readonly choice: PathChoice | undefined
  /** Makes the client of a path, with these events beside those of its owner. */
  readonly open: (path: HostPath, events: PathEvents) => Client
  /** Requests in a row without an answer after which a silent link is replaced; undefined: it never is. */
  readonly silentAfter: number | undefined
  /** How long a link that is left may take for what is in flight on it, in ms. */
  readonly drainMs: number
  readonly clock: Clock
  /** Why an answer says that the host is down, such as 'answers with 91'; undefined when it does not. */
  readonly hostDown: (answer: Received) => string | undefined
  readonly onUp: (client: PathClient) => void
}

export function createPathClient(options: PathClientOptions): PathClient {
  return new SwitchingClient(options)
}

class SwitchingClient implements PathClient {
  readonly #options: PathClientOptions
  /** The clients, by the place of their path. */
  readonly #clients = new Map<number, Client>()
  /** Left, with something still in flight. */
  readonly #parting = new Set<Client>()
  #place: number
  #closing: Promise<void> | undefined
  #firstTry: ((place: number, problem: string | undefined) => void) | undefined

  constructor(options: PathClientOptions) {
    this.#options = options
    this.#place = this.#chosen()
  }

  get state(): ClientState {
    return this.#closing === undefined ? (this.#clients.get(this.#place)?.state ?? 'idle') : 'closed'
  }

  get inFlight(): number {
    return sumOf([...this.#clients.values(), ...this.#parting].map((client) => client.inFlight))
  }

  get queued(): number {
    return sumOf([...this.#clients.values(), ...this.#parting].map((client) => client.queued))
  }

  connect(): void {
    if (this.#closing === undefined) this.#clientAt(this.#place).connect()
  }

  tryAll(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const { paths } = this.#options
      const order = [this.#place, ...paths.keys()].filter((place, index, all) => all.indexOf(place) === index)
      this.#firstTry = (place, problem) => {
        if (problem !== undefined && place !== order[0]) return
        order.shift()
        const [next] = order
        if (problem !== undefined && next !== undefined) return this.#clientAt(next).connect()
        this.#firstTry = undefined
        resolve(problem)
      }
      this.connect()
    })
  }

  send(exchange: Exchange, options?: { readonly first?: boolean }): void {
    const { paths } = this.#options
    if (this.#closing !== undefined) this.#refuse(exchange)
    else if (paths.length === 1) this.#clientAt(this.#place).send(exchange, options)
    else this.#sendOn(this.#place, new Passage(exchange, this.#deskOf()), options)
  }

  #refuse(exchange: Exchange): void {
    const { clock } = this.#options
    clock.after(0, () => exchange.onFailed(clock.now(), 'closed', false))
  }

  move(): void {
    const place = this.#chosen()
    if (place === this.#place || this.#closing !== undefined) return
    this.#place = place
    const left = [...this.#clients].filter(([at]) => at !== place)
    // Dialled first: what the others had in line goes there.
    this.#clientAt(place).connect()
    for (const [at, client] of left) this.#part(at, client, { dropQueue: true })
  }

  close(deadlineMs?: number, options?: CloseOptions): Promise<void> {
    const all = [...this.#clients.values(), ...this.#parting]
    this.#closing ??= Promise.all(all.map((client) => client.close(deadlineMs, options))).then(() => {})
    return this.#closing
  }

  #chosen(): number {
    const { choice, paths } = this.#options
    if (choice === undefined) return 0
    const { target, route } = choice.current
    return paths.findIndex((path) => path.target === target && path.route === route)
  }

  #clientAt(place: number): Client {
    return this.#clients.get(place) ?? this.#openAt(place)
  }

  #openAt(place: number): Client {
    const { paths, open, onUp, silentAfter, clock, choice } = this.#options
    const path = paths[place] as HostPath
    const client: Client = open(path, {
      onUp: () => {
        this.#firstTry?.(place, undefined)
        onUp(this)
      },
      onDown: (reason, detail) => {
        if (reason !== 'local' && reason !== 'ended') choice?.failed(path, clock.now(), detail ?? reason)
        this.#firstTry?.(place, detail ?? reason)
      },
      silence:
        silentAfter === undefined
          ? undefined
          : { afterTimeouts: silentAfter, onSilent: (one) => this.#replace(place, one) },
    })
    this.#clients.set(place, client)
    return client
  }

  /** The silent link keeps what is in flight on it, and hears what still comes. */
  #replace(place: number, client: Client): void {
    const isLeft = this.#chosen() !== this.#place || this.#clients.get(place) !== client
    if (isLeft || this.#closing !== undefined) return
    this.#part(place, client, { dropQueue: this.#options.paths.length > 1 })
    this.#clientAt(place).connect()
  }

  #part(place: number, client: Client, options: CloseOptions): void {
    this.#clients.delete(place)
    this.#parting.add(client)
    const drainMs = client.state === 'up' ? this.#options.drainMs : 0
    void client.close(drainMs, options).then(() => this.#parting.delete(client))
  }

  #sendOn(place: number, passage: Passage, options?: { readonly first?: boolean }): void {
    const { paths, clock } = this.#options
    passage.goes(place, paths[place] as HostPath, () => {
      if (this.#closing !== undefined) passage.fails(clock.now(), 'closed')
      else if (clock.now() > passage.sendBefore) passage.onUnsent(clock.now(), signOnTooSlow)
      else this.#clientAt(place).send(passage, options)
    })
  }

  #deskOf(): PassageDesk {
    return {
      ...{ choice: this.#options.choice as PathChoice, hostDown: this.#options.hostDown },
      again: (passage, at) => {
        const places = [this.#place, ...this.#options.paths.keys()]
        const next = places.find((place) => !passage.tried.has(place))
        if (next === undefined || this.#closing !== undefined || at >= passage.sendBefore) return false
        this.#sendOn(next, passage)
        return true
      },
    }
  }
}

interface PassageDesk {
  readonly choice: PathChoice
  readonly hostDown: PathClientOptions['hostDown']
  /** Sends it over the next path; false when there is none. */
  again(passage: Passage, at: number): boolean
}

/** An exchange that goes over one path after the other until it has left, and is told of to those who choose. */
class Passage implements Exchange {
  readonly key: string
  readonly maxBytes: number
  readonly sendBefore: number
  readonly timeoutMs: number
  /** Places of paths. */
  readonly tried = new Set<number>()
  readonly #exchange: Exchange
  readonly #desk: PassageDesk
  #path: HostPath | undefined

  constructor(exchange: Exchange, desk: PassageDesk) {
    this.key = exchange.key
    this.maxBytes = exchange.maxBytes
    this.sendBefore = exchange.sendBefore
    this.timeoutMs = exchange.timeoutMs
    this.#exchange = exchange
    this.#desk = desk
  }

  goes(place: number, path: HostPath, go: () => void): void {
    this.tried.add(place)
    this.#path = path
    if (this.#exchange.toTarget === undefined) go()
    else this.#exchange.toTarget(path.name, go)
  }

  fails(at: number, reason: string): void {
    this.#exchange.onFailed(at, reason, false)
  }

  write(target: Uint8Array, at: number): number {
    return this.#exchange.write(target, at)
  }

  onWritten(at: number): void {
    this.#exchange.onWritten(at)
  }

  onAnswer(received: Received, at: number): void {
    const { choice, hostDown } = this.#desk
    const path = this.#path as HostPath
    const down = hostDown(received)
    if (down !== undefined) choice.hostDown(path, at, down)
    else if (!isNetworkManagement(received)) choice.answered(path)
    this.#exchange.onAnswer(received, at)
  }

  onTimeout(at: number, reason?: string): void {
    this.#desk.choice.timedOut(this.#path as HostPath, at)
    this.#exchange.onTimeout(at, reason)
  }

  onUnsent(at: number, why: Parameters<Exchange['onUnsent']>[1]): void {
    this.#exchange.onUnsent(at, why)
  }

  onFailed(at: number, reason: string, written: boolean): void {
    if (written || !this.#desk.again(this, at)) this.#exchange.onFailed(at, reason, written)
  }
}

const signOnTooSlow = { backPressure: true, reason: 'signing on with another host took too long' }

/** Served beside the host's work: an echo says nothing of it. */
const isNetworkManagement = ({ peek }: Received) => peek !== undefined && classOf(peek.mti) === '8'

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
