// A generator's side of a run on a bus: takes a part, agrees on the start, tells what it measures. After the start it waits for
// nobody: without its bus it makes its load all the same.

import type { Clock, Timer } from '../base/clock.js'
import { sleep } from '../base/clock.js'
import { StartError } from '../base/errors.js'
import type { PartPlace } from '../measure/part-record.js'
import { type Bus, BusFull, BusSilent, type Stop } from './bus.js'
import { ClockOffsets, type ClockReading } from './clock-offset.js'
import { decode, encode, messages, protocolVersion, type Start, tryDecode, wrapParcel } from './protocol.js'

/** For one question to the coordinator, in ms. */
const askTimeoutMs = 2000
/** Between two questions that got no answer, or no start, in ms. */
const againAfterMs = 500
const firstProbes = 32
/** Probes while the run lasts, and between them, in ms. */
const laterProbes = 4
const laterProbesEveryMs = 10_000
/** Between two deltas, in ms. */
const deltaEveryMs = 1000

export interface ParticipantOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly incarnation: string
  readonly version: string
  readonly place: PartPlace
  /** The part that it wants; left out: the lowest that is free. */
  readonly want?: number | undefined
  /** For the coordinator to come, and then for the start, in ms. */
  readonly waitMs: number
  /** Waits for a run that has a part for it, however long that takes; told why there is none, when that changes. */
  readonly waitsForRun?: ((why: string) => void) | undefined
}

export interface Joined {
  readonly part: number
  readonly of: number
  /** SHA-256 of the bundle, as the coordinator says. */
  readonly sha256: string
  readonly bundle: Uint8Array
}

/** The figures since the last time, packed; and how many arrivals were handed over and have ended by now. */
export interface Cut {
  readonly bytes: Uint8Array
  readonly handed: number
  readonly ended: number
}

export class Participant {
  readonly #options: ParticipantOptions
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #offsets = new ClockOffsets()
  readonly #stop = new AbortController()
  readonly #stops: Stop[] = []
  readonly #counts = { handed: 0, ended: 0 }
  #part = -1
  #start: Start | undefined
  #begin: () => void = () => {}
  readonly #begun = new Promise<Uint8Array>((resolve) => {
    this.#begin = () => resolve(encode({}))
  })
  #onStart: () => void = () => {}
  #timer: Timer | undefined
  #seq = 0
  /** The parcel that is on its way to the bus; deltas that fall due meanwhile are one with the next. */
  #underWay: Promise<void> | undefined
  #isFull = false
  #why = ''

  constructor(options: ParticipantOptions) {
    this.#options = options
    this.#bus = options.bus
    this.#clock = options.clock
    this.#stops.push(
      // Before it has a part, these are another run's.
      this.#bus.listen('stop', (body) => this.#part !== -1 && this.#ordered(tryDecode(messages.stop, body)?.why)),
      this.#bus.listen('start', (body) => this.#part !== -1 && this.#heardStart(tryDecode(messages.start, body))),
      this.#bus.serve(`alive.${options.incarnation}`, () =>
        encode({ incarnation: options.incarnation, ...this.#counts }),
      ),
    )
  }

  /** Aborts when the coordinator says stop. */
  get stopped(): AbortSignal {
    return this.#stop.signal
  }

  /** Why the coordinator said stop. */
  get why(): string {
    return this.#why
  }

  /** The best reading of the coordinator's clock. */
  get reading(): ClockReading | undefined {
    return this.#offsets.of(this.#offsets.epoch)?.best
  }

  /** The best reading since the last call; undefined where there was none. */
  takeReading(): ClockReading | undefined {
    return this.#offsets.of(this.#offsets.epoch)?.takeLatest()
  }

  /** The bus has no room for more of it. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Takes a part and what is to be run. Rejects with StartError when it is refused, or nobody answers. */
  async join(): Promise<Joined> {
    const { incarnation, version, place, want } = this.#options
    const hello = encode({
      protocol: protocolVersion,
      incarnation,
      version,
      place,
      ...(want !== undefined && { want }),
    })
    const welcome = await this.#welcomed(hello)
    const until = this.#clock.now() + this.#options.waitMs
    this.#part = welcome.part
    const chunks: Uint8Array[] = []
    for (let i = 0; i < welcome.chunks; i++) chunks.push(await this.#ask('bundle', encode({ i }), until))
    const { part, of, sha256 } = welcome
    return { part, of, sha256, bundle: Buffer.concat(chunks) }
  }

  async #welcomed(hello: Uint8Array) {
    const { waitsForRun, waitMs } = this.#options
    const until = waitsForRun === undefined ? this.#clock.now() + waitMs : Number.POSITIVE_INFINITY
    let why = ''
    for (;;) {
      const welcome = decode(messages.welcome, await this.#ask('hello', hello, until), 'welcome')
      if (!('refused' in welcome)) return welcome
      if (waitsForRun === undefined) throw new StartError(`the coordinator refused this generator: ${welcome.refused}`)
      if (welcome.refused !== why) waitsForRun(welcome.refused)
      why = welcome.refused
      await sleep(this.#clock, againAfterMs)
    }
  }

  /**
   * Says that its terminals are ready, until the start is known. Resolves to the instant at which the load begins: `at` by the
   * coordinator's clock, `startAt` by `now()` of this one. Rejects with StartError when it is refused, stopped, too late, or nobody gives the start.
   */
  async ready(checks: {
    readonly planned: number
    readonly files: object
    readonly kcvs: readonly string[]
  }): Promise<{ readonly at: number; readonly startAt: number }> {
    const { incarnation, waitMs } = this.#options
    const until = this.#clock.now() + waitMs
    while (this.#start === undefined) {
      const left = firstProbes - (this.#offsets.of(this.#offsets.epoch)?.count ?? 0)
      if (left > 0) await this.#probe(left, until)
      const clock = { ...(this.reading as ClockReading), epoch: this.#offsets.epoch }
      const body = encode({ part: this.#part, incarnation, ...checks, clock })
      // Who has heard the start waits for no answer any more.
      const answer = await Promise.race([this.#ask('ready', body, until), this.#begun])
      const begin = decode(messages.begin, answer, 'begin')
      if ('refused' in begin) throw new StartError(`the coordinator refused this generator: ${begin.refused}`)
      if (begin.stop !== undefined) throw new StartError(`the run does not begin: ${begin.stop}`)
      this.#heardStart(begin.start)
      if (begin.askTime === true) await this.#probe(1, until)
      if (this.#start === undefined) await this.#pause(until)
    }
    const { at, epoch, incarnations } = this.#start
    if (incarnations[this.#part] !== incarnation)
      throw new StartError(`the run began without this generator: part ${this.#part + 1} is made by another`)
    const reading = this.#offsets.of(epoch)?.best
    if (reading === undefined) throw new StartError('the start was given by a coordinator whose clock is not known')
    const startAt = at - reading.offsetMs
    const lateMs = this.#clock.now() - startAt
    if (lateMs > 1000)
      throw new StartError(`the start was ${(lateMs / 1000).toFixed(1)} s ago when this generator heard of it`)
    return { at, startAt }
  }

  /** Tells what was measured since the last time, once a second from `startAt` on. */
  begin(startAt: number, cut: () => Cut): void {
    const probe = () => {
      void this.#probe(laterProbes, this.#clock.now() + askTimeoutMs).catch(() => {})
      probing = this.#clock.after(laterProbesEveryMs, probe)
    }
    let probing = this.#clock.after(Math.max(0, startAt - this.#clock.now()) + laterProbesEveryMs, probe)
    this.#stops.push(() => probing.cancel())
    const tick = () => {
      const sinceStart = this.#clock.now() - startAt
      this.#timer = this.#clock.after(deltaEveryMs - (Math.max(0, sinceStart) % deltaEveryMs), tick)
      if (sinceStart < deltaEveryMs || this.#underWay !== undefined || this.#isFull) return
      this.#tell('delta', this.#cut(cut)).catch(() => {})
    }
    this.#timer = this.#clock.after(Math.max(0, startAt - this.#clock.now()) + deltaEveryMs, tick)
  }

  /** Takes no more figures: the last ones are being made. */
  pause(): void {
    this.#timer?.cancel()
  }

  /** Tells the last figures and what all of them come to. False: the bus did not take them within `giveUpMs`. */
  async finish(cut: () => Cut, final: () => Uint8Array, giveUpMs: number): Promise<boolean> {
    this.#timer?.cancel()
    const told = async () => {
      await this.#underWay?.catch(() => {})
      if (this.#isFull) return false
      await this.#tell('delta', this.#cut(cut))
      await this.#tell('final', final())
      return true
    }
    const gaveUp = sleep(this.#clock, giveUpMs).then(() => false)
    return await Promise.race([told().catch(() => false), gaveUp])
  }

  /** Gives its part up, in words. Best effort. */
  async leave(why: string): Promise<void> {
    if (this.#part === -1) return
    const { incarnation } = this.#options
    const left = encode({ part: this.#part, incarnation, why: why.slice(0, 1900) })
    const told = this.#bus.append(`d.left.${this.#part}`, left, `left.${incarnation}`).catch(() => {})
    await Promise.race([told, sleep(this.#clock, askTimeoutMs)])
  }

  /** Idempotent. */
  close(): void {
    this.#timer?.cancel()
    for (const stop of this.#stops.splice(0)) stop()
  }

  #ordered(why: string | undefined): void {
    if (why === undefined) return
    this.#why = why
    this.#stop.abort()
    this.#onStart()
  }

  #heardStart(start: Start | undefined): void {
    if (start === undefined || this.#start !== undefined) return
    this.#start = start
    this.#begin()
    this.#onStart()
  }

  /** Waits, or until something is heard. Rejects when it has waited long enough. */
  async #pause(until: number): Promise<void> {
    if (this.#stop.signal.aborted) throw new StartError(`the run does not begin: ${this.#why}`)
    if (this.#clock.now() > until)
      throw new StartError('nobody gave the start within --wait: parts are missing, or the coordinator is gone')
    const woken = new AbortController()
    this.#onStart = () => woken.abort()
    await sleep(this.#clock, againAfterMs, woken.signal)
    this.#onStart = () => {}
  }

  /** The same question until it is answered. */
  async #ask(subject: string, body: Uint8Array, until: number): Promise<Uint8Array> {
    for (;;) {
      try {
        return await this.#bus.ask(subject, body, askTimeoutMs)
      } catch (error) {
        if (!(error instanceof BusSilent)) throw error
        if (this.#start !== undefined && subject === 'ready') return encode({})
        if (this.#clock.now() > until)
          throw new StartError(
            `no coordinator answered '${subject}' within --wait: is it running, and is the name of the run the same?`,
          )
        await this.#pause(until)
      }
    }
  }

  async #probe(times: number, until: number): Promise<void> {
    for (let left = times; left > 0; left--) {
      const sentAt = this.#clock.now()
      let body: Uint8Array
      try {
        body = await this.#bus.ask('clock', encode({}), askTimeoutMs)
      } catch (error) {
        if (!(error instanceof BusSilent) || this.#clock.now() > until) throw error
        left++
        continue
      }
      const heardAt = this.#clock.now()
      const { c, epoch } = decode(messages.time, body, 'clock')
      this.#offsets.add(epoch, { sentAt, heardAt, theirs: c })
    }
  }

  #cut(cut: () => Cut): Uint8Array {
    const { bytes, handed, ended } = cut()
    Object.assign(this.#counts, { handed, ended })
    return bytes
  }

  #tell(kind: 'delta' | 'final', bytes: Uint8Array): Promise<void> {
    const { incarnation } = this.#options
    const seq = this.#seq++
    const telling = async () => {
      const messages = wrapParcel({ part: this.#part, incarnation, seq, kind }, bytes)
      for (const [i, message] of messages.entries())
        await this.#bus.append(`d.parcel.${this.#part}`, message, `${this.#part}.${incarnation}.${seq}.${i}`)
    }
    const done = telling()
      .catch((error: unknown) => {
        if (error instanceof BusFull) this.#isFull = true
        throw error
      })
      .finally(() => {
        if (this.#underWay === done) this.#underWay = undefined
      })
    this.#underWay = done
    return done
  }
}
