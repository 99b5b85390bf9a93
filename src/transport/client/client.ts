// One logical connection to a host: dials, queues, sends, matches answers, times out, reconnects.
//
// Rule: send() never calls back before it returns, and handlers may call send() at any time: whatever they add goes to
// the queue or the batch at hand, so that no load can nest calls. All frames of one event leave in one write.

import type { Clock, Timer } from '../../base/clock.js'
import { FrameError } from '../../framing/frame-error.js'
import type { Link, LinkHandlers } from '../network/link.js'
import { createSendQueue } from '../network/send-queue.js'
import { isResponse } from '../wire/match-key.js'
import { type BodyWriter, type Reader, type Received, unfinished } from '../wire/wire.js'
import { type Alarm, createAlarm } from './alarm.js'
import { type Backoff, createBackoff } from './backoff.js'
import {
  type Client,
  type ClientOptions,
  type ClientState,
  type CloseOptions,
  type DownReason,
  defaultCloseMs,
  defaultMaxInFlight,
  defaultMaxQueued,
  downReasonWord,
  lingerMs,
  unreadAnswer,
  whyWaiting,
} from './client-options.js'
import type { Exchange } from './exchange.js'
import { Framed } from './framed.js'
import { flushBytes, Outbox } from './outbox.js'
import { createPending, type Pending, type PendingEntry } from './pending.js'
import { createRefusals, type Refusals, refusal } from './refusals.js'
import { endRejected } from './rejected.js'

export type { Client, ClientOptions, ClientState, DownReason } from './client-options.js'
export type { Exchange } from './exchange.js'

export function createClient(options: ClientOptions): Client {
  return new LinkClient(options)
}

class LinkClient implements Client {
  state: ClientState = 'idle'
  readonly #options: ClientOptions
  readonly #clock: Clock
  readonly #maxInFlight: number
  readonly #maxQueued: number
  readonly #pending: Pending<Exchange>
  readonly #queue = createSendQueue<Exchange>()
  readonly #outbox = new Outbox()
  readonly #refusals: Refusals
  readonly #alarm: Alarm
  readonly #backoff: Backoff | undefined
  #link: Link | undefined
  #reader: Reader | undefined
  /** The number of the link that counts: an earlier one is not heard any more. */
  #generation = 0
  /** In the outbox, not yet handed over. */
  readonly #framed = new Framed()
  /** The peer does not keep up: nothing is written until it drains. */
  #blocked = false
  /** Between an event's begin and end: what is framed leaves at its end. */
  #inEvent = false
  #flushAsked = false
  #redial: Timer | undefined
  #closing: Promise<void> | undefined
  /** While closing: called when nothing waits and nothing is in flight any more. */
  #onDrained: (() => void) | undefined
  /** While closing: called when link number `#parting` has ended. */
  #onLinkGone: (() => void) | undefined
  #parting = 0
  #timeouts = 0 // In a row, with nothing heard in between.

  constructor(options: ClientOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#maxInFlight = options.maxInFlight ?? defaultMaxInFlight
    this.#maxQueued = options.maxQueued ?? defaultMaxQueued
    this.#pending = createPending<Exchange>(options.matchKey)
    this.#refusals = createRefusals(options.clock, () => this.#finishIfDrained())
    this.#alarm = createAlarm(options.clock, () => this.#onAlarm())
    this.#backoff = options.reconnect && createBackoff(options.reconnect, options.random)
  }

  get inFlight(): number {
    return this.#pending.size
  }

  get queued(): number {
    return this.#queue.size
  }

  connect(): void {
    if (this.state === 'idle') this.#dial()
  }

  send(exchange: Exchange, options?: { readonly first?: boolean }): void {
    if (this.state === 'closed' || this.#closing !== undefined) this.#refusals.add(exchange, refusal.closed)
    else if (this.#canWrite() && this.#queue.size === 0) this.#frame(exchange, this.#clock.now())
    else if (this.#queue.size >= this.#maxQueued) this.#refusals.add(exchange, refusal.queueFull)
    else this.#wait(exchange, options?.first === true)
  }

  #wait(exchange: Exchange, first: boolean): void {
    if (first) this.#queue.pushFirst(exchange)
    else this.#queue.push(exchange)
    this.#alarm.setBy(exchange.sendBefore)
    this.connect()
  }

  close(deadlineMs = defaultCloseMs, { dropQueue = false }: CloseOptions = {}): Promise<void> {
    if (this.#closing !== undefined && deadlineMs <= 0) this.#onDrained?.()
    if (this.#closing !== undefined) return this.#closing
    if (dropQueue) for (const exchange of this.#queue.clear()) this.#refusals.add(exchange, refusal.closed)
    let resolve = () => {}
    this.#closing = new Promise((done) => {
      resolve = done
    })
    this.#drain(deadlineMs, resolve)
    return this.#closing
  }

  // ---- the link's life

  #dial(): void {
    this.state = 'connecting'
    const { network, address, connectTimeoutMs } = this.#options
    this.#link = network.connect(address, this.#handlers(++this.#generation), { connectTimeoutMs })
  }

  #handlers(generation: number): LinkHandlers {
    const startedAt = this.#clock.now()
    const reader = this.#options.wire.createReader()
    this.#reader = reader
    const counts = () => this.#generation === generation
    return {
      onOpen: () => counts() && this.#opened(startedAt),
      onData: (bytes) => counts() && this.#received(reader, bytes),
      onDrain: () => counts() && this.#drained(),
      onEnd: (detail) => counts() && this.#peerEnded(reader, detail),
      onClose: (reason, detail) => {
        if (counts()) this.#ended(reason, detail)
        if (generation === this.#parting) this.#onLinkGone?.()
      },
    }
  }

  #opened(startedAt: number): void {
    this.state = 'up'
    this.#inEvent = true
    this.#options.onConnectTime?.(this.#clock.now() - startedAt)
    this.#options.onUp?.(this)
    this.#endEvent()
  }

  #drained(): void {
    this.#blocked = false
    this.#inEvent = true
    this.#endEvent()
  }

  /** A peer that says no more will answer nothing more. */
  #peerEnded(reader: Reader, detail: string | undefined): void {
    const link = this.#link
    const error = unfinished(reader)
    if (error === undefined) this.#ended('ended', detail)
    else this.#ended('badFrame', error.message)
    link?.end()
  }

  #ended(reason: DownReason, detail: string | undefined): void {
    const neverOpened = this.state === 'connecting'
    const word = downReasonWord(reason, detail)
    const inFlight = this.#abandonLink()
    const lost = neverOpened || this.state === 'closed' ? this.#queue.clear() : []
    this.#options.onDown?.(reason, detail)
    const at = this.#clock.now()
    for (const { item, list } of inFlight) item.onFailed(at, word, list !== undefined)
    for (const exchange of lost) exchange.onFailed(at, word, false)
    if (this.state === 'waiting') this.#redial = this.#clock.after(this.#backoff?.next() ?? 0, () => this.#dial())
  }

  /** Forgets the link and what was in flight on it. Entries without a list were never written. */
  #abandonLink(): PendingEntry<Exchange>[] {
    this.#generation++
    this.#link = undefined
    this.#blocked = false
    this.#timeouts = 0
    this.#outbox.clear()
    this.#framed.clear()
    this.state = this.#backoff === undefined || this.#closing !== undefined ? 'closed' : 'waiting'
    this.#alarm.clear()
    if (this.state === 'waiting') this.#alarm.setBy(this.#queue.nextDeadline())
    return this.#pending.clear()
  }

  // ---- receiving

  #received(reader: Reader, bytes: Uint8Array): void {
    const generation = this.#generation
    const at = this.#clock.now()
    this.#timeouts = 0
    reader.push(bytes)
    this.#inEvent = true
    for (;;) {
      const received = this.#nextOf(reader)
      if (received === undefined) break
      this.#message(received, at)
      if (this.#generation !== generation) break
    }
    if (this.#generation === generation && reader.isInside) this.#options.onPartial?.(at)
    if (this.#generation === generation) this.#outbox.answerPolls(reader, this.#options.wire, this.#blocked)
    this.#endEvent()
  }

  #nextOf(reader: Reader): Received | undefined {
    try {
      return reader.next()
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      const link = this.#link
      this.#ended('badFrame', error.message)
      link?.reset()
      return undefined
    }
  }

  #message(received: Received, at: number): void {
    const { peek } = received
    if (peek === undefined) {
      if (endRejected(this.#pending, this.#options.matchKey, received, at)) return
      this.#options.onUnmatched?.(received, `message that cannot be read: ${received.error?.message ?? ''}`)
    } else if (isResponse(peek.mti)) this.#answer(received, this.#options.matchKey.ofAnswer(peek), at)
    else this.#request(received, peek.mti)
  }

  #request(received: Received, mti: string): void {
    const { onRequest, onUnmatched } = this.#options
    if (onRequest?.(received, (maxBytes, writer) => this.#reply(received, maxBytes, writer))) return
    onUnmatched?.(received, `message ${mti} is no answer`)
  }

  /** A peer that does not read gets no answer: it will ask again. */
  #reply(request: Received, maxBodyBytes: number, writer: BodyWriter): void {
    if (this.#blocked) return
    const { wire } = this.#options
    const outbox = this.#outbox
    outbox.reserve(wire.overheadBytes + maxBodyBytes)
    outbox.end = wire.frame(outbox.buffer, outbox.end, maxBodyBytes, writer, wire.answerFront(request))
  }

  #answer(received: Received, key: string, at: number): void {
    const exchange = this.#pending.take(key)
    if (exchange !== undefined) {
      this.#backoff?.reset()
      exchange.onAnswer(received, at)
    } else if (this.#pending.wasTimedOut(key)) {
      this.#options.onLate?.(received, at)
    } else {
      this.#options.onUnmatched?.(received, this.#pending.explain(key))
    }
  }

  // ---- sending

  #canWrite(): boolean {
    return this.state === 'up' && !this.#blocked && this.#pending.size < this.#maxInFlight
  }

  #endEvent(): void {
    this.#pump()
    this.#inEvent = false
    this.#flush()
    this.#finishIfDrained()
  }

  /** Frames what waits, as far as the peer keeps up. */
  #pump(): void {
    while (this.#queue.size > 0 && this.#canWrite()) {
      const exchange = this.#queue.shift()
      if (exchange === undefined) return
      const now = this.#clock.now()
      if (now > exchange.sendBefore) this.#refusals.add(exchange, refusal.waitedTooLong)
      else this.#frame(exchange, now)
    }
  }

  #frame(exchange: Exchange, now: number): void {
    if (now > exchange.sendBefore) this.#refusals.add(exchange, refusal.tooLate)
    else if (this.#pending.has(exchange.key)) this.#refusals.add(exchange, refusal.duplicateKey)
    else if (this.#write(exchange)) this.#framed.add(this.#pending.add(exchange))
    if (this.#outbox.end >= flushBytes) this.#flush()
    else this.#askFlush()
  }

  #write(exchange: Exchange): boolean {
    const { wire } = this.#options
    const outbox = this.#outbox
    outbox.reserve(wire.overheadBytes + exchange.maxBytes)
    try {
      outbox.end = wire.frame(outbox.buffer, outbox.end, exchange.maxBytes, exchange)
      return true
    } catch (error) {
      this.#refusals.add(exchange, refusal.notWritable(error))
      return false
    }
  }

  #askFlush(): void {
    if (this.#inEvent || this.#flushAsked) return
    this.#flushAsked = true
    this.#clock.soon(this.#flushNow)
  }

  readonly #flushNow = (): void => {
    this.#flushAsked = false
    this.#flush()
  }

  #flush(): void {
    const keepsUp = this.#outbox.writeTo(this.#link)
    if (keepsUp === undefined) return
    if (!keepsUp) this.#blocked = true
    const at = this.#clock.now()
    if (this.#blocked) this.#options.onBackPressure?.(at)
    const written = this.#framed.take()
    written.start(this.#pending, at)
    this.#alarm.setBy(this.#pending.nextDeadline())
    this.#framed.tell(written, at)
  }

  #onAlarm(): void {
    const at = this.#clock.now()
    this.#inEvent = true
    const why = whyWaiting(this.state, this.#blocked)
    for (const exchange of this.#queue.takeExpired(at)) exchange.onUnsent(at, why)
    const expired: Exchange[] = []
    for (let due = this.#pending.expire(at); due !== undefined; due = this.#pending.expire(at)) expired.push(due)
    const unread = expired.length === 0 ? undefined : this.#reader?.unread
    if (unread !== undefined && this.#timeouts === 0) this.#options.onUnreadable?.(unread, at)
    this.#timeouts += expired.length
    // First: what is sent because of a timeout, such as a reversal, must not go the same silent way.
    const { silence } = this.#options
    if (silence !== undefined && this.#timeouts >= silence.afterTimeouts && this.state === 'up') silence.onSilent(this)
    for (const exchange of expired) exchange.onTimeout(at, unread && unreadAnswer)
    this.#endEvent()
    this.#alarm.setBy(Math.min(this.#pending.nextDeadline(), this.#queue.nextDeadline()))
  }

  // ---- closing

  #drain(deadlineMs: number, resolve: () => void): void {
    this.#parting = this.#generation
    const hopeless = this.state === 'idle' || this.state === 'waiting' || this.state === 'closed'
    if (hopeless || deadlineMs <= 0) {
      this.#finish(resolve)
      return
    }
    const deadline = this.#clock.after(deadlineMs, () => this.#finish(resolve))
    this.#onDrained = () => {
      deadline.cancel()
      this.#finish(resolve)
    }
    this.#onLinkGone = this.#onDrained
    this.#clock.soon(() => this.#finishIfDrained())
  }

  #finishIfDrained(): void {
    if (this.#pending.size === 0 && this.#queue.size === 0 && this.#refusals.size === 0) this.#onDrained?.()
  }

  #finish(resolve: () => void): void {
    this.#onDrained = undefined
    this.#redial?.cancel()
    const link = this.#link
    const opened = this.state === 'up'
    const inFlight = this.#abandonLink()
    const waiting = this.#queue.clear()
    this.state = 'closed'
    this.#partWith(link, opened, resolve)
    if (link !== undefined) this.#options.onDown?.('local', undefined)
    const at = this.#clock.now()
    for (const { item, list } of inFlight) item.onFailed(at, 'closed', list !== undefined)
    for (const exchange of waiting) refusal.closed(exchange, at)
    this.#refusals.tell()
  }

  #partWith(link: Link | undefined, opened: boolean, resolve: () => void): void {
    const linger = link && this.#clock.after(lingerMs, () => link.reset())
    this.#onLinkGone = () => {
      this.#onLinkGone = undefined
      linger?.cancel()
      resolve()
    }
    if (link === undefined) this.#onLinkGone()
    else if (opened) link.end()
    else link.reset()
  }
}
