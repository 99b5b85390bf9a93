// Holds the parts of one run together: hands them out, gives the start, watches them, collects what they measured. It makes no load.
//
// Rule: a decision holds when the bus has kept it and it comes back in the replay. So a coordinator that is started anew, or a
// second one, comes to the same decisions. While its own bus is down it judges nobody.

import type { Clock, Timer } from '../base/clock.js'
import { StartError } from '../base/errors.js'
import type { PartPlace } from '../measure/part-record.js'
import { type Bus, BusFull, type Stop } from './bus.js'
import type { ClockReading } from './clock-offset.js'
import { Judge } from './judge.js'
import { type Member, Membership } from './membership.js'
import { type Fold, PartFeed } from './part-feed.js'
import {
  decode,
  encode,
  type Hello,
  messages,
  type Ready,
  type RunHead,
  records,
  tryDecode,
  versionRefusal,
} from './protocol.js'

/** Between two looks at the parts, in ms. */
const lookEveryMs = 500
/** The least time between the decision to start and the start, in ms: a slow bus must have kept it, and every generator heard of it. */
const leastLeadMs = 3000
/** How long after the end of the plan and its drain a part that lives may still settle and report, in ms. */
const graceMs = 30_000
/** How long a bus that is down then is waited for, in ms. */
const busGraceMs = 60_000
/** A round trip from which on the start is not exact enough for a fine look, in ms. */
const farMs = 20

export interface CoordinatorOptions<Figures extends Fold> {
  readonly bus: Bus
  readonly clock: Clock
  /** Whose clock it is: this process. */
  readonly epoch: string
  readonly head: RunHead
  /** The scenario and what it names, cut into messages. */
  readonly bundle: readonly Uint8Array[]
  /** Says in words why a generator does not fit to this run: other files, other keys. */
  readonly misfit: (ready: Ready) => string | undefined
  readonly fold: (part: number) => Figures
  /** For all parts to be ready. */
  readonly waitMs: number
  readonly lostAfterMs: number
  /** From the start of the load until the last answer must be there: the plan and its drain. */
  readonly lastsMs: number
  /** Told in a line what happens. */
  readonly say: (line: string) => void
  /** Called at each look. */
  readonly onLook?: ((parts: readonly EndedPart<Figures>[]) => void) | undefined
  /** Ends the load everywhere; what was measured still comes. */
  readonly signal?: AbortSignal | undefined
}

export interface EndedPart<Figures extends Fold> {
  readonly part: number
  readonly incarnation: string | undefined
  readonly place: PartPlace | null
  readonly clock: ClockReading | undefined
  readonly fold: Figures
  readonly state: Member['state']
  /** Null: it is whole. */
  readonly lost: string | null
}

export interface RunEnd<Figures extends Fold> {
  /** When the load began, by the coordinator's clock (epoch ms). */
  readonly at: number
  readonly parts: readonly EndedPart<Figures>[]
  /** When this coordinator had no bus, in ms since the start. */
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
}

export class Coordinator<Figures extends Fold> {
  readonly #options: CoordinatorOptions<Figures>
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #base: number
  readonly #membership: Membership
  readonly #feeds: readonly PartFeed<Figures>[]
  readonly #stops: Stop[] = []
  readonly #judge: Judge
  readonly #outages: { from: number; to: number }[] = []
  /** When the load begins by the clock of the coordinator that gave the start, and by this one. */
  #at = 0
  #startAt: number | undefined
  #startKeptAt: number | undefined
  #start: Uint8Array | undefined
  /** The start is on its way to the bus. */
  #isArmed = false
  #isCaughtUp = false
  #lookedAt: number
  #timer: Timer | undefined
  #settle: { resolve: (end: RunEnd<Figures>) => void; reject: (error: unknown) => void } | undefined
  #isOver = false
  /** Its own lead has come back: the past has been read. */
  #hasLed = false
  #gatheringUntil = 0

  constructor(options: CoordinatorOptions<Figures>) {
    this.#options = options
    this.#bus = options.bus
    this.#clock = options.clock
    this.#base = options.clock.wall() - options.clock.now()
    this.#membership = new Membership(options.head.of)
    this.#feeds = this.#membership.members.map(({ part }) => new PartFeed(options.fold(part)))
    this.#lookedAt = this.#now()
    const { bus, epoch, lostAfterMs, say } = options
    const now = () => this.#now()
    this.#judge = new Judge({ bus, epoch, lostAfterMs, say, now, membership: this.#membership })
  }

  /** Resolves when nothing more will come; rejects with StartError when the run cannot begin, or another takes it over. */
  run(): Promise<RunEnd<Figures>> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#gatheringUntil = this.#now() + this.#options.waitMs
      this.#stops.push(
        this.#bus.onUp((isUp) => this.#busTurned(isUp)),
        this.#bus.replay({
          onMessage: (subject, body, time) => this.#kept(subject, body, time),
          onCaughtUp: () => this.#caughtUp(),
        }),
      )
      this.#keep('d.lead', { epoch: this.#options.epoch }, `lead.${this.#options.epoch}`)
      this.#options.signal?.addEventListener('abort', () => this.#look())
      this.#timer = this.#clock.after(lookEveryMs, () => this.#tick())
    })
  }

  /** Says on the bus that nothing more is to come. */
  async end(whole: boolean): Promise<void> {
    await this.#bus.append('d.end', encode({ whole }), 'end')
  }

  /** Lets go of the bus; what has not ended never does. Idempotent. */
  close(): void {
    this.#isOver = true
    this.#timer?.cancel()
    for (const stop of this.#stops.splice(0)) stop()
  }

  /** Epoch ms of a clock that never goes back. */
  #now(): number {
    return this.#base + this.#clock.now()
  }

  #serve(): void {
    const { bundle, epoch, head } = this.#options
    this.#stops.push(
      this.#bus.serve('hello', (body) => this.#hello(decode(messages.hello, body, 'hello'))),
      this.#bus.serve('bundle', (body) => bundle[decode(messages.bundle, body, 'bundle').i] ?? new Uint8Array()),
      this.#bus.serve('clock', () => encode({ c: this.#now(), epoch })),
      this.#bus.serve('ready', (body) => encode(this.#ready(decode(messages.ready, body, 'ready')))),
    )
    this.#options.say(`waiting for all parts (${head.of})`)
  }

  async #hello(hello: Hello): Promise<Uint8Array> {
    const { head } = this.#options
    const refused = versionRefusal(hello, head.version)
    if (refused !== undefined) return encode({ refused })
    const chosen = this.#membership.choose(hello)
    if ('refused' in chosen) return encode(chosen)
    const { incarnation, place } = hello
    // In memory first: two who ask at once must not be given the same part.
    this.#membership.claim({ ...chosen, incarnation, place }, this.#now())
    await this.#bus.append('d.claim', encode({ ...chosen, incarnation, place }), `claim.${chosen.part}.${incarnation}`)
    return encode({ ...chosen, of: head.of, sha256: head.sha256, chunks: head.chunks })
  }

  #ready(ready: Ready): object {
    const { head, misfit, say } = this.#options
    const member = this.#membership.members[ready.part]
    const wasReady = member?.ready !== undefined
    const planned = head.planned[ready.part]
    const refused =
      planned !== ready.planned && planned !== undefined
        ? `its share of the plan differs: it counts arrivals up to ${ready.planned}, and the coordinator up to ${planned}`
        : misfit(ready)
    if (refused !== undefined) return { refused }
    // It spoke to the coordinator before this one: the start is given by this clock.
    if (ready.clock.epoch !== this.#options.epoch && this.#start === undefined)
      return { ...this.#orders(), askTime: true }
    const notIts = this.#membership.ready(ready, this.#now())
    if (notIts !== undefined) return { refused: notIts }
    if (!wasReady && ready.clock.rttMs > farMs)
      say(
        `warning: part ${ready.part + 1}: a round trip takes ${Math.round(ready.clock.rttMs)} ms, so its start is only as exact as that`,
      )
    this.#arm()
    return this.#orders()
  }

  #orders(): object {
    const start = this.#start === undefined ? undefined : tryDecode(records.start, this.#start)
    return {
      ...(start !== undefined && { start }),
      ...(this.#isStopping && { stop: 'interrupted at the coordinator' }),
    }
  }

  get #isStopping(): boolean {
    return this.#options.signal?.aborted === true
  }

  /** Gives the start as soon as all parts are ready. It holds when it comes back. */
  #arm(): void {
    const { members, allReady, hasStarted } = this.#membership
    if (!allReady || hasStarted || this.#isArmed || !this.#isCaughtUp || this.#isStopping) return
    this.#isArmed = true
    const worstRtt = Math.max(...members.map(({ ready }) => ready?.clock.rttMs ?? 0))
    const at = this.#now() + Math.max(leastLeadMs, 10 * worstRtt)
    const incarnations = members.map(({ incarnation }) => incarnation ?? '')
    this.#keep('d.start', { at, epoch: this.#options.epoch, incarnations }, 'start')
  }

  #keep(subject: string, record: object, id: string): void {
    this.#bus.append(subject, encode(record), id).catch((error: unknown) => {
      if (error instanceof BusFull && !this.#membership.hasStarted)
        this.#fail(new StartError(`the bus has no room for this run: ${error.message}`, { cause: error }))
    })
  }

  /** Everything that the bus has kept comes here, in its order, the past first. */
  #kept(subject: string, body: Uint8Array, time: number): void {
    if (this.#isOver) return
    const now = this.#now()
    if (subject.startsWith('d.parcel.')) this.#parcel(Number(subject.slice('d.parcel.'.length)), body, now)
    else if (subject === 'd.claim') {
      const claim = tryDecode(records.claim, body)
      if (claim !== undefined) this.#membership.claim(claim, now)
    } else if (subject === 'd.start') this.#started(body, now, time)
    else if (subject.startsWith('d.left.')) {
      const left = tryDecode(records.left, body)
      if (left !== undefined) this.#left(left.part, left.incarnation, left.why)
    } else if (subject === 'd.mark') this.#judge.marked(body, now)
    else if (subject === 'd.lead') this.#led(tryDecode(records.lead, body)?.epoch, now - time)
  }

  #left(part: number, incarnation: string, why: string): void {
    const member = this.#membership.members[part]
    if (member?.incarnation !== incarnation) return
    this.#options.say(`part ${part + 1} gave up: ${why}`)
    this.#membership.left(part, incarnation, why)
    this.#endIfOver()
  }

  #parcel(part: number, body: Uint8Array, now: number): void {
    const [member, feed] = [this.#membership.members[part], this.#feeds[part]]
    if (member === undefined || feed === undefined || !feed.take(body)) return
    if (member.state === 'lost') this.#options.say(`part ${part + 1} is back`)
    this.#membership.heard(member, now)
    if (feed.isFinished) member.state = 'finished'
    if (feed.problem !== undefined) {
      this.#options.say(`part ${part + 1} cannot be used: ${feed.problem}`)
      Object.assign(member, { state: 'left', why: feed.problem })
    }
    this.#endIfOver()
  }

  /** The first start that the bus has kept is the start, whoever gave it. */
  #started(body: Uint8Array, now: number, time: number): void {
    const start = tryDecode(records.start, body)
    if (start === undefined || this.#membership.hasStarted) return
    this.#start = body
    this.#at = start.at
    // The instant may be by another coordinator's clock: then the bus says how long ago it was.
    this.#startAt = start.epoch === this.#options.epoch ? start.at : now + leastLeadMs
    this.#startKeptAt = start.epoch === this.#options.epoch ? undefined : time
    this.#membership.start(start.incarnations, now)
    for (const [part, feed] of this.#feeds.entries()) feed.expect(start.incarnations[part] ?? '')
    if (this.#isCaughtUp) this.#bus.tell('start', body)
    this.#options.say('all parts are ready: the load begins')
  }

  /** `ahead`: this clock minus that of the bus. */
  #led(epoch: string | undefined, ahead: number): void {
    if (epoch === this.#options.epoch) {
      if (this.#startKeptAt !== undefined) this.#startAt = this.#startKeptAt + ahead + leastLeadMs
      this.#hasLed = true
      this.#serve()
    } else if (this.#hasLed)
      this.#fail(new StartError(`another coordinator (${epoch}) has taken this run over: this one ends`), false)
  }

  #caughtUp(): void {
    this.#isCaughtUp = true
    this.#judge.listenAnew(this.#now())
    if (this.#start !== undefined) this.#bus.tell('start', this.#start)
    this.#endIfOver()
  }

  #busTurned(isUp: boolean): void {
    const now = this.#now()
    if (isUp) {
      this.#judge.listenAnew(now)
      const last = this.#outages.at(-1)
      if (last !== undefined && last.to === Number.POSITIVE_INFINITY) last.to = now
    } else if (this.#outages.at(-1)?.to !== Number.POSITIVE_INFINITY) {
      this.#outages.push({ from: now, to: Number.POSITIVE_INFINITY })
      this.#options.say('the bus is down: generators go on, nobody is judged')
    }
  }

  #tick(): void {
    if (this.#isOver) return
    this.#timer = this.#clock.after(lookEveryMs, () => this.#tick())
    const now = this.#now()
    if (now - this.#lookedAt > 4 * lookEveryMs) this.#judge.listenAnew(now)
    this.#lookedAt = now
    this.#look()
  }

  #look(): void {
    if (this.#isOver) return
    const now = this.#now()
    this.#options.onLook?.(this.#parts())
    if (this.#isStopping) {
      this.#bus.tell('stop', encode({ why: 'interrupted at the coordinator' }))
      if (!this.#membership.hasStarted && !this.#isArmed)
        this.#fail(new StartError('interrupted before the start: nothing was measured'))
    }
    // Told again until it was: what is only told may be lost.
    if (this.#start !== undefined && now < (this.#startAt ?? 0)) this.#bus.tell('start', this.#start)
    if (this.#bus.isUp && this.#isCaughtUp) this.#judge.look(now)
    if (!this.#membership.hasStarted && now > this.#gatheringUntil) this.#fail(new StartError(this.#missing()))
    this.#endIfOver()
  }

  #missing(): string {
    const absent = this.#membership.members.filter(({ state }) => state !== 'ready')
    const words = absent.slice(0, 10).map(({ part, state, place, why }) => {
      const what = state === 'free' ? 'never came' : `(${place?.host ?? '?'}) is not ready`
      return `part ${part + 1} ${what}${why === undefined ? '' : `: ${why}`}`
    })
    const more = absent.length > words.length ? `; and ${absent.length - words.length} more` : ''
    return `not all parts are ready after --wait: ${words.join('; ')}${more}`
  }

  #endIfOver(): void {
    if (this.#isOver || this.#startAt === undefined || !this.#isCaughtUp) return
    if (this.#membership.allOver) {
      this.#finish()
      return
    }
    const now = this.#now()
    const planned = this.#startAt + this.#options.lastsMs
    if (now < planned) return
    if (!this.#bus.isUp) {
      const down = this.#outages.at(-1)?.from ?? now
      if (now > Math.max(planned, down) + busGraceMs) this.#finish()
      return
    }
    // Who came back with the bus must have had time to say so.
    const heardAll = this.#judge.hasHeardAll(now)
    const waiting = this.#membership.members.filter(({ state }) => state !== 'finished' && state !== 'left')
    const seemsOver = heardAll && (now > planned + graceMs || waiting.every(({ state }) => state === 'lost'))
    if (this.#judge.confirms(seemsOver, now) || now > planned + graceMs + busGraceMs) this.#finish()
  }

  #finish(): void {
    this.close()
    const startAt = this.#startAt as number
    const now = this.#now()
    this.#settle?.resolve({
      at: this.#at,
      parts: this.#parts(),
      outages: this.#outages.map(({ from, to }) => ({
        fromMs: Math.max(0, Math.round(from - startAt)),
        toMs: Math.max(0, Math.round(Math.min(to, now) - startAt)),
      })),
    })
  }

  #fail(error: Error, isForAll = true): void {
    if (this.#isOver) return
    if (isForAll && !this.#membership.hasStarted) this.#bus.tell('stop', encode({ why: error.message.slice(0, 400) }))
    this.close()
    this.#settle?.reject(error)
  }

  #parts(): readonly EndedPart<Figures>[] {
    return this.#membership.members.map((member) => ({
      part: member.part,
      incarnation: member.incarnation,
      place: member.place,
      clock: member.ready?.clock,
      fold: (this.#feeds[member.part] as PartFeed<Figures>).fold,
      state: member.state,
      lost: member.state === 'finished' ? null : (member.why ?? 'its final figures never came'),
    }))
  }
}
