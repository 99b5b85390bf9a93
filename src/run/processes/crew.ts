// Several processes that serve one role: started together, spoken to, given connections in turn, and waited for.

import { realClock } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import { type ToldFailure, untold } from '../../base/process/told-failure.js'
import type { Share } from '../../base/share.js'
import type { HandedSocket } from '../../transport/network/handed-network.js'
import { type Child, startChild } from './child.js'

/** The first message of each: it can serve, or it cannot. */
export type FromMember = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly failure: ToldFailure }

export interface CrewOptions<To, From> {
  /** The module that each runs. */
  readonly entry: URL
  readonly count: number
  /** The first message to each. */
  readonly begin: (share: Share) => To
  /** Hears what process `number` says, from 0. */
  readonly hear: (message: From, number: number) => void
  /** A process is gone, with its connections. */
  readonly lost?: ((number: number) => void) | undefined
}

/** How long a process may take to finish what it has taken in when it is told to close, in ms. */
const closeMs = 10_000

export class Crew<To extends object, From extends { readonly kind: string }> {
  /** Resolves, in words, when one has died. */
  readonly died: Promise<string>
  readonly #options: CrewOptions<To, From>
  readonly #members: { readonly child: Child<To>; readonly ready: Promise<void>; connections: number }[] = []
  #tellDied: (words: string) => void = () => {}
  #closing: Promise<void> | undefined

  constructor(options: CrewOptions<To, From>) {
    this.#options = options
    this.died = new Promise((resolve) => {
      this.#tellDied = resolve
    })
  }

  get pids(): readonly number[] {
    return this.#members.map(({ child }) => child.pid)
  }

  /** The numbers of those that live. */
  get alive(): readonly number[] {
    return [...this.#members.keys()].filter((number) => this.#members[number]?.child.isAlive)
  }

  /** Resolves when all can serve. Rejects with the UsageError or StartError of the first that cannot; none lives then. */
  async begin(): Promise<void> {
    const { count } = this.#options
    for (let index = 0; index < count; index++) this.#members.push(this.#start({ index, of: count }))
    try {
      await Promise.all(this.#members.map(({ ready }) => ready))
    } catch (error) {
      this.kill()
      throw error
    }
  }

  tell(number: number, message: To): void {
    this.#members[number]?.child.tell(message)
  }

  tellAll(message: To): void {
    for (const { child } of this.#members) child.tell(message)
  }

  /** Gives a connection to who has the fewest. Returns its number; undefined: nobody can take it. */
  give(message: To, socket: HandedSocket): number | undefined {
    if (this.#closing !== undefined) return undefined
    const [first, ...others] = this.alive
    if (first === undefined) return undefined
    const countOf = (number: number) => this.#members[number]?.connections ?? 0
    const number = others.reduce((least, each) => (countOf(each) < countOf(least) ? each : least), first)
    this.#count(number, 1)
    this.#members[number]?.child.tell(message, socket)
    return number
  }

  /** A connection of this process has ended. */
  ended(number: number): void {
    this.#count(number, -1)
  }

  /** Tells each to close, and waits. Idempotent. */
  close(message: To): Promise<void> {
    this.#closing ??= this.#close(message)
    return this.#closing
  }

  /** For a crew that does not begin. */
  kill(): void {
    this.#closing ??= Promise.resolve()
    for (const { child } of this.#members) child.kill()
  }

  #count(number: number, by: number): void {
    const member = this.#members[number]
    if (member !== undefined) member.connections += by
  }

  #start(share: Share) {
    const { entry, begin, hear, lost } = this.#options
    const [number, name] = [share.index, `process ${share.index + 1} of ${share.of}`]
    let settle: [resolve: () => void, reject: (error: Error) => void] = [() => {}, () => {}]
    const ready = new Promise<void>((...both) => {
      settle = both
    })
    const child = startChild<To, From | FromMember>(entry, (message) => {
      if (isOfStart(message)) {
        if (message.kind === 'ready') settle[0]()
        else settle[1](startFailureOf(message.failure))
      } else hear(message, number)
    })
    child.tell(begin(share))
    void child.ended.then((how) => {
      settle[1](new StartError(`${name} ended before it could serve (${how})`))
      lost?.(number)
      if (this.#closing === undefined) this.#tellDied(`${name} (${child.pid}) died: ${how}`)
    })
    return { child, ready, connections: 0 }
  }

  async #close(message: To): Promise<void> {
    const late = realClock.after(closeMs, () => {
      for (const { child } of this.#members) child.kill()
    })
    this.tellAll(message)
    await Promise.all(this.#members.map(({ child }) => child.ended))
    late.cancel()
  }
}

/** Whatever kept a process from serving, the role could not start: only a wrong use stays one. */
const startFailureOf = ({ because, message }: ToldFailure): Error =>
  untold({ because: because === 'usage' ? because : 'start', message })

const isOfStart = (message: { readonly kind: string }): message is FromMember =>
  message.kind === 'ready' || message.kind === 'failed'
