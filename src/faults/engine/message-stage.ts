// The message faults at work on one direction of one connection: finds the messages in the stream, asks the faults in
// list order, and lets each message go at its own time. Bytes that are no messages pass as they came.

import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import type { Peek } from '../../codec/codec.js'
import { type Alarm, createAlarm } from '../../transport/client/alarm.js'
import { createRawFrames, type RawFrames } from '../../transport/wire/raw-frames.js'
import type { ChainEntry } from '../chain.js'
import type { MessageVerdict, PassingMessage } from '../fault.js'
import { grainMs, joinBytes, type PassingItem, type Stage } from './item.js'
import { createOpener, type OpenedMessage, type Opener, type OpeningOptions } from './opened-message.js'

export interface MessageStageOptions extends Omit<OpeningOptions, 'prefixBytes'> {
  readonly clock: Clock
  readonly learn: ((message: Peek) => void) | undefined
  /** The fault at work here, and the dice of its selector; asked once per fault. */
  readonly start: (entry: ChainEntry) => MessageFaultAtWork
  readonly onApplied: (entry: ChainEntry, message: OpenedMessage) => void
  readonly onHeld: () => void
  readonly otherConnections: () => number
  /** False when there is no other connection: the bytes stay on this one. */
  readonly writeAstray: (bytes: Uint8Array) => boolean
}

export interface MessageFaultAtWork {
  readonly decide: (message: PassingMessage) => readonly MessageVerdict[] | undefined
  readonly dice: Random
}

/** Something on its way out. */
interface Outgoing {
  readonly item: PassingItem
  readonly at: number
  readonly astray: boolean
  readonly afterNext: boolean
}

export class MessageStage implements Stage {
  next: Stage | undefined
  heldBytes = 0
  readonly #options: MessageStageOptions
  readonly #clock: Clock
  readonly #frames: RawFrames
  readonly #opener: Opener
  readonly #alarm: Alarm
  readonly #atWork = new Map<ChainEntry, MessageFaultAtWork>()
  #entries: readonly ChainEntry[] = []
  /** The waiting messages, by time and then by order of arrival. */
  #waiting: Outgoing[] = []
  /** Those that go right behind the next message, at their time at the latest. */
  #followers: Outgoing[] = []
  #waitingBytes = 0
  /** Bytes that leave in one write at the end of the event. */
  #ready: Uint8Array[] = []
  /** An end that waits behind messages that are late. */
  #ending: PassingItem | undefined

  constructor(options: MessageStageOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#frames = createRawFrames(options.wire.framing, options.wire.measure)
    this.#opener = createOpener({ ...options, prefixBytes: this.#frames.prefixBytes })
    this.#alarm = createAlarm(options.clock, () => this.#ring())
  }

  /** The message faults that act on this direction now, in list order. Late messages of one that went leave at once. */
  setEntries(entries: readonly ChainEntry[]): void {
    const gone = this.#entries.some((entry) => !entries.includes(entry))
    this.#entries = entries
    for (const entry of [...this.#atWork.keys()]) if (!entries.includes(entry)) this.#atWork.delete(entry)
    if (gone) this.#release()
  }

  receive(item: PassingItem): void {
    if (item.kind !== 'bytes') this.#end(item)
    else if (this.#passesThrough()) this.#passThrough(item)
    else this.#cut(item.bytes)
  }

  stop(): void {
    this.#alarm.clear()
  }

  get isEmpty(): boolean {
    return this.#waiting.length + this.#followers.length === 0 && this.#ending === undefined
  }

  /** Bytes of another connection, between two messages of this one. */
  inject(bytes: Uint8Array): void {
    const now = this.#clock.now()
    if (this.#isFree()) this.#ready.push(Uint8Array.from(bytes))
    else this.#wait(outgoingOf({ kind: 'bytes', bytes }, now))
    this.#flush()
  }

  #passesThrough(): boolean {
    if (this.#options.learn !== undefined) return false
    return this.#entries.length === 0 && this.#waiting.length === 0 && this.#followers.length === 0
  }

  #passThrough(item: Extract<PassingItem, { kind: 'bytes' }>): void {
    if (this.#frames.heldBytes > 0) this.#ready.push(this.#frames.takeHeld())
    this.#frames.skim(item.bytes)
    this.#ready.push(item.bytes)
    this.#flush()
  }

  #cut(bytes: Uint8Array): void {
    const now = this.#clock.now()
    for (const piece of this.#frames.cut(bytes)) {
      if (piece.kind === 'loose') this.#ready.push(piece.bytes)
      else for (const outgoing of this.#judge(piece.bytes, now)) this.#send(outgoing, now)
    }
    this.#flush()
    this.#count()
    this.#setAlarm()
  }

  /** The messages that one frame becomes when every fault of the list has seen it. */
  #judge(raw: Uint8Array, now: number): readonly Outgoing[] {
    if (this.#options.learn !== undefined) this.#learn(raw, now)
    let outgoing: readonly Outgoing[] = [outgoingOf({ kind: 'bytes', bytes: raw }, now)]
    for (const entry of this.#entries) outgoing = outgoing.flatMap((each) => this.#ask(entry, each))
    return outgoing
  }

  #learn(raw: Uint8Array, now: number): void {
    const message = this.#opener.open(raw, now, 0, { signs: false })
    if (message !== undefined) this.#options.learn?.(message.peek)
  }

  #ask(entry: ChainEntry, outgoing: Outgoing): readonly Outgoing[] {
    const { item, at, astray, afterNext } = outgoing
    const now = this.#clock.now()
    if (item.kind !== 'bytes' || astray || !entry.isDue(now) || !this.#frames.isFrame(item.bytes)) return [outgoing]
    const message = this.#open(entry, item.bytes, at)
    if (message === undefined) return [outgoing]
    const { decide, dice } = this.#startOnce(entry)
    const taken = entry.takesMessage(message.peek, now, dice)
    if (taken === undefined) return [outgoing]
    const verdicts = decide(message)
    if (verdicts === undefined) return [outgoing]
    if (taken === 'selected') this.#options.onApplied(entry, message)
    return verdicts.map((verdict) =>
      verdict.do === 'close'
        ? outgoingOf({ kind: 'close', how: verdict.how }, verdict.at)
        : {
            item: { kind: 'bytes', bytes: verdict.bytes },
            at: verdict.at,
            astray: verdict.astray === true,
            afterNext: afterNext || verdict.afterNext === true,
          },
    )
  }

  #open(entry: ChainEntry, raw: Uint8Array, at: number): OpenedMessage | undefined {
    const signs = entry.spec.remac !== false
    return this.#opener.open(raw, at, this.#options.otherConnections(), { signs })
  }

  #startOnce(entry: ChainEntry): MessageFaultAtWork {
    const known = this.#atWork.get(entry)
    if (known !== undefined) return known
    const started = this.#options.start(entry)
    this.#atWork.set(entry, started)
    return started
  }

  #send(outgoing: Outgoing, now: number): void {
    if (outgoing.afterNext || outgoing.at > now + grainMs) this.#wait(outgoing)
    else this.#leave(outgoing)
  }

  #wait(outgoing: Outgoing): void {
    const list = outgoing.afterNext ? this.#followers : this.#waiting
    const kept = { ...outgoing, item: copyOf(outgoing.item) }
    list.splice(list.findLastIndex(({ at }) => at <= outgoing.at) + 1, 0, kept)
    this.#waitingBytes += sizeOf(kept)
  }

  #take(list: Outgoing[]): Outgoing {
    const outgoing = list.shift() as Outgoing
    this.#waitingBytes -= sizeOf(outgoing)
    return outgoing
  }

  #leave({ item, astray }: Outgoing): void {
    if (item.kind !== 'bytes') {
      this.#flush()
      this.next?.receive(item)
      return
    }
    if (astray && this.#options.writeAstray(item.bytes)) return
    this.#ready.push(item.bytes)
    while (this.#followers.length > 0) {
      const follower = this.#take(this.#followers)
      if (follower.item.kind === 'bytes') this.#ready.push(follower.item.bytes)
    }
  }

  /** Nothing may be put into the middle of a frame whose beginning has left: then it waits for the end of that frame. */
  #ring(): void {
    const now = this.#clock.now()
    for (const list of [this.#waiting, this.#followers]) {
      while (this.#isFree() && list[0] !== undefined && list[0].at <= now + grainMs) this.#leave(this.#take(list))
    }
    this.#flush()
    this.#count()
    this.#finishEnding()
    this.#setAlarm()
  }

  #isFree(): boolean {
    return this.#frames.atBoundary || this.#frames.isForeign
  }

  #release(): void {
    for (const list of [this.#waiting, this.#followers]) {
      while (list.length > 0) {
        const outgoing = this.#take(list)
        // An end that a fault had in mind is forgotten with it.
        if (outgoing.item.kind === 'bytes') this.#leave(outgoing)
      }
    }
    if (this.#entries.length === 0 && this.#frames.heldBytes > 0) this.#ready.push(this.#frames.takeHeld())
    this.#flush()
    this.#count()
    this.#finishEnding()
  }

  /** The beginning of a frame that will never be whole is passed on; an end waits for messages that are late. */
  #end(item: PassingItem): void {
    if (this.#frames.heldBytes > 0) this.#ready.push(this.#frames.takeHeld())
    this.#flush()
    if (item.kind === 'close') this.next?.receive(item)
    else this.#ending = this.#ending?.kind === 'gone' ? this.#ending : item
    this.#finishEnding()
  }

  #finishEnding(): void {
    if (this.#ending === undefined || this.#waiting.length + this.#followers.length > 0) return
    const item = this.#ending
    this.#ending = undefined
    this.next?.receive(item)
  }

  #flush(): void {
    const ready = this.#ready
    if (ready.length === 0) return
    this.#ready = []
    this.next?.receive({ kind: 'bytes', bytes: ready.length === 1 ? (ready[0] as Uint8Array) : joinBytes(ready) })
  }

  #count(): void {
    this.heldBytes = this.#waitingBytes + this.#frames.heldBytes
    this.#options.onHeld()
  }

  #setAlarm(): void {
    if (!this.#isFree()) return
    this.#alarm.setBy(Math.min(this.#waiting[0]?.at ?? Infinity, this.#followers[0]?.at ?? Infinity))
  }
}

const outgoingOf = (item: PassingItem, at: number): Outgoing => ({ item, at, astray: false, afterNext: false })
const sizeOf = ({ item }: Outgoing) => (item.kind === 'bytes' ? item.bytes.length : 0)

/** A copy, because an item that waits must not keep the whole chunk alive that it is a part of. */
const copyOf = (item: PassingItem): PassingItem =>
  item.kind === 'bytes' ? { kind: 'bytes', bytes: Uint8Array.from(item.bytes) } : item
