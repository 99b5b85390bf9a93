// The bus of the simulated cluster: it is late, loses and doubles what is only told, and keeps what is appended once for each id.

import type { Random } from '../../src/base/random.js'
import type { VirtualClock } from '../../src/base/virtual-clock.js'
import { type Bus, type BusReader, BusSilent, type Stop } from '../../src/cluster/bus.js'
import type { SimulatedProcess } from './simulated-process.js'

/** Between two tries to append, in ms. */
const againAfterMs = 700
/** How long a connection that is cut looks as if it were up, in ms. */
const noticedAfterMs = 3000

interface Kept {
  readonly time: number
  readonly subject: string
  readonly body: Uint8Array
}
type Answer = (body: Uint8Array) => Uint8Array | Promise<Uint8Array>

export class SimulatedBroker {
  readonly kept: Kept[] = []
  readonly buses = new Set<SimulatedBus>()
  readonly time: VirtualClock
  readonly #ids = new Set<string>()
  readonly #onKept = new Map<string, (() => void)[]>()
  readonly #random: Random
  readonly #losses: number
  isDown = false

  /** `losses`: the share of messages that are told once and never arrive. */
  constructor(time: VirtualClock, random: Random, losses: number) {
    this.time = time
    this.#random = random
    this.#losses = losses
  }

  keep(message: Omit<Kept, 'time'>, id: string): void {
    // Its memory of ids is bounded in time: now and then it keeps what it has kept already.
    if (this.#ids.has(id) && !this.#random.chance(0.1)) return
    this.#ids.add(id)
    this.kept.push({ ...message, time: this.time.wall() })
    for (const bus of this.buses) bus.pump()
    for (const action of this.#onKept.get(message.subject) ?? []) action()
  }

  onKept(subject: string, action: () => void): void {
    this.#onKept.set(subject, [...(this.#onKept.get(subject) ?? []), action])
  }

  /** After a delay; now and then a long one. */
  later(action: () => void): void {
    const slow = this.#random.chance(0.01) ? this.#random.between(0, 2500) : 0
    this.time.after(this.#random.between(0.1, 8) + slow, action)
  }

  /** As `later`. Figures now and then stand still for seconds: a consumer of the bus that had to be made anew. */
  whenRead(message: Kept | undefined, action: () => void): void {
    const mayStandStill = message?.subject.startsWith('d.parcel.') === true && this.#random.chance(0.01)
    this.time.after(mayStandStill ? this.#random.between(0, 9000) : 0, () => this.later(action))
  }

  /** As `later`, but it may be lost or come twice. */
  unsure(action: () => void): void {
    if (this.#random.chance(this.#losses)) return
    this.later(action)
    if (this.#random.chance(this.#losses)) this.later(action)
  }
}

export class SimulatedBus implements Bus {
  readonly #broker: SimulatedBroker
  readonly #process: SimulatedProcess
  readonly #servers = new Map<string, Answer>()
  readonly #hearers = new Map<string, (body: Uint8Array) => void>()
  readonly #upListeners = new Set<(isUp: boolean) => void>()
  #reader: BusReader | undefined
  #next = 0
  #caughtUpAt = 0
  #isPumping = false
  #isCut = false
  #looksUp = true
  #isClosed = false

  constructor(broker: SimulatedBroker, process: SimulatedProcess) {
    this.#broker = broker
    this.#process = process
    broker.buses.add(this)
  }

  get isUp(): boolean {
    return this.#looksUp && !this.#broker.isDown
  }

  get #reaches(): boolean {
    return !this.#isCut && !this.#broker.isDown && !this.#process.isDead && !this.#isClosed
  }

  ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#process.clock.after(timeoutMs, () => reject(new BusSilent(subject)))
      this.#broker.unsure(() => {
        if (!this.#reaches) return
        for (const bus of this.#broker.buses)
          bus.#asked(subject, body, (answer) =>
            this.#broker.unsure(() => {
              if (this.#reaches) this.#process.run(() => resolve(answer))
            }),
          )
      })
    })
  }

  #asked(subject: string, body: Uint8Array, reply: (answer: Uint8Array) => void): void {
    const serve = this.#servers.get(subject)
    if (serve === undefined || !this.#reaches) return
    this.#process.run(() => {
      void Promise.resolve(serve(body)).then(
        (answer) => {
          if (this.#reaches) reply(answer)
        },
        () => {},
      )
    })
  }

  serve(subject: string, answer: Answer): Stop {
    this.#servers.set(subject, answer)
    return () => void this.#servers.delete(subject)
  }

  tell(subject: string, body: Uint8Array): void {
    if (!this.#reaches) return
    for (const bus of this.#broker.buses)
      this.#broker.unsure(() => {
        if (bus.#reaches) bus.#process.run(() => bus.#hearers.get(subject)?.(body))
      })
  }

  listen(subject: string, hear: (body: Uint8Array) => void): Stop {
    this.#hearers.set(subject, hear)
    return () => void this.#hearers.delete(subject)
  }

  append(subject: string, body: Uint8Array, id: string): Promise<void> {
    return new Promise((resolve) => {
      let isKept = false
      const attempt = () => {
        if (isKept || this.#isClosed) return
        this.#process.clock.after(againAfterMs, attempt)
        this.#broker.unsure(() => {
          if (!this.#reaches) return
          this.#broker.keep({ subject, body }, id)
          this.#broker.unsure(() => {
            if (!this.#reaches) return
            this.#process.run(() => {
              isKept = true
              resolve()
            })
          })
        })
      }
      attempt()
    })
  }

  replay(reader: BusReader): Stop {
    this.#reader = reader
    this.#caughtUpAt = this.#broker.kept.length
    this.pump()
    return () => {
      this.#reader = undefined
    }
  }

  /** Brings what was kept, one after the other. */
  pump(): void {
    if (this.#isPumping || this.#reader === undefined) return
    this.#isPumping = true
    this.#broker.whenRead(this.#broker.kept[this.#next], () => {
      this.#isPumping = false
      if (!this.#reaches) return
      this.#process.run(() => this.#read())
    })
  }

  #read(): void {
    const reader = this.#reader
    if (reader === undefined) return
    const { kept } = this.#broker
    if (this.#next === this.#caughtUpAt) {
      this.#caughtUpAt = -1
      reader.onCaughtUp()
    }
    const message = kept[this.#next]
    if (message === undefined) return
    this.#next++
    reader.onMessage(message.subject, message.body, message.time)
    this.pump()
  }

  onUp(listener: (isUp: boolean) => void): Stop {
    this.#upListeners.add(listener)
    return () => void this.#upListeners.delete(listener)
  }

  /** The line to the broker is cut, or mended. */
  cut(isCut: boolean): void {
    this.#isCut = isCut
    if (isCut)
      this.#broker.time.after(noticedAfterMs, () => {
        if (this.#isCut) this.#turn(false)
      })
    else this.#turn(true)
  }

  /** The broker came up, or went down. */
  turned(): void {
    this.#turn(this.#looksUp)
  }

  #turn(looksUp: boolean): void {
    this.#looksUp = looksUp
    this.#process.run(() => {
      for (const listener of this.#upListeners) listener(this.isUp)
    })
    if (this.isUp) this.pump()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#broker.buses.delete(this)
  }
}
