// One accepted connection of a server: its stream, its answers, and its end.

import type { Clock, Timer } from '../../base/clock.js'
import type { FrameError } from '../../framing/frame-error.js'
import { flushBytes, Outbox } from '../client/outbox.js'
import type { CloseReason, Link, LinkHandlers } from '../network/link.js'
import { type Reader, type Received, unfinished, type Wire } from '../wire/wire.js'
import { Inbox } from './inbox.js'
import type { PeerPace } from './pace.js'

/** One peer, for as long as it is connected. */
export interface Connection {
  /** 1, 2, 3 … in the order in which they were accepted. */
  readonly id: number
  /** host:port */
  readonly peer: string
  readonly isOpen: boolean
  /**
   * Sends a message that answers nothing, in the envelope of an answer to this peer's last request, or else in the
   * dialect's own. False, and nothing is written, when the peer is gone. Throws what `writeBody` throws, and FrameError.
   */
  send(maxBodyBytes: number, writeBody: (target: Uint8Array, at: number) => number): boolean
  /** Sends what waits, then the end. */
  end(): void
  /** Cuts it off, with RST where the system can. */
  reset(): void
}

/** Answers one request: at once or later, once or (a fault) several times. */
export interface Replier {
  readonly connection: Connection
  /** The response code that somebody has chosen before the host could; left out: it is the host's to say. */
  readonly code?: string | undefined
  /**
   * Writes the answer in the request's envelope: TPDU addresses swapped, header kept. `writeBody` is called before reply
   * returns. False, and nothing is written, when the peer is gone. Throws what `writeBody` throws, and FrameError.
   */
  reply(maxBodyBytes: number, writeBody: (target: Uint8Array, at: number) => number): boolean
  /** No answer will come: a connection that is closing need not wait for it. */
  dismiss(): void
}

/** Why a connection ended: as links say, or because of what the peer sent or did not do. */
export type DisconnectReason = CloseReason | 'badFrame' | 'neverReads' | 'slowMessage' | 'idle'

/** The things that a connection needs of its server. */
export interface ConnectionOptions {
  readonly wire: Wire
  readonly clock: Clock
  /** Bytes of answers that may wait for one peer that does not read. */
  readonly maxUnsentBytes?: number
  /** A message that can be read. `received` is valid during the call only, the replier for longer. */
  readonly onRequest: (received: Received, replier: Replier) => void
  /** A whole frame whose message cannot be read (`received.error`). Left out: it is not answered. */
  readonly onBadMessage?: (received: Received, replier: Replier) => void
  /** Bytes that are no frame: the connection is being closed. */
  readonly onBadFrame?: (connection: Connection, error: FrameError) => void
  /** Frames of length zero came, which are sent to see whether the line is alive. */
  readonly onPolls?: (count: number) => void
  readonly onDisconnect?: (connection: Connection, reason: DisconnectReason, detail: string | undefined) => void
}

/** Bytes: some thousands of answers, and seconds of a slow line. */
export const defaultMaxUnsentBytes = 1_048_576

export interface OpenConnection extends Connection {
  readonly handlers: LinkHandlers
  /** Cuts off a peer that is over a deadline of `limits`. */
  check(limits: { readonly message: number; readonly idle?: number | undefined }): void
  /** Ends it as soon as every request has its answer. */
  finish(): void
}

/** How long answers may still come for a peer that has ended its side, in ms: longer than any terminal waits. */
const halfClosedMs = 60_000

interface OwnOptions extends ConnectionOptions {
  readonly pace?: PeerPace | undefined
  /** Messages of this connection in one turn. */
  readonly share: () => number
}

export function createConnection(
  link: Link,
  id: number,
  options: OwnOptions,
  onGone: (reason: DisconnectReason, detail: string | undefined) => void,
): OpenConnection {
  return new ServerConnection(link, id, options, onGone)
}

type OnGone = Parameters<typeof createConnection>[3]

class ServerConnection implements OpenConnection {
  readonly id: number
  readonly peer: string
  readonly handlers: LinkHandlers
  isOpen = true
  readonly #link: Link
  readonly #options: ConnectionOptions
  readonly #wire: Wire
  readonly #clock: Clock
  readonly #maxUnsentBytes: number
  readonly #reader: Reader
  readonly #inbox: Inbox
  readonly #outbox = new Outbox()
  readonly #onGone: OnGone
  /** Requests that have no answer yet. */
  #unanswered = 0
  /** The bytes in front of the last request, and in front of its answer. */
  #requestFront: Uint8Array = new Uint8Array(0)
  #answerFront: Uint8Array = new Uint8Array(0)
  #blocked = false
  #inEvent = false
  #flushAsked = false
  /** No more requests: the peer ended its side, or we are closing. */
  #finishing = false
  #grace: Timer | undefined
  #reason: DisconnectReason | undefined
  #detail: string | undefined
  readonly #writer = { write: noBody }
  /** Made once: it is asked for in every turn. */
  readonly #flushNow = () => {
    this.#flushAsked = false
    if (!this.#blocked) this.#flush()
  }

  constructor(link: Link, id: number, options: Parameters<typeof createConnection>[2], onGone: OnGone) {
    this.id = id
    this.peer = link.peer
    this.#link = link
    this.#options = options
    this.#wire = options.wire
    this.#clock = options.clock
    this.#maxUnsentBytes = options.maxUnsentBytes ?? defaultMaxUnsentBytes
    this.#reader = options.wire.createReader()
    this.#onGone = onGone
    this.#inbox = new Inbox({
      ...{ reader: this.#reader, clock: options.clock, link, pace: options.pace, share: options.share },
      isOpen: () => this.isOpen,
      isBlocked: () => this.#blocked,
      onMessage: (received) => this.#message(received),
      onBadFrame: (error) => this.#badFrame(error),
      onTurnOver: () => this.#turnOver(),
      onEnd: () => this.#peerEnded(),
    })
    this.handlers = {
      onData: (bytes) => this.#received(bytes),
      onDrain: () => this.#drained(),
      onEnd: () => this.#inbox.ended(),
      onClose: (reason, detail) => this.#closed(reason, detail),
    }
  }

  end(): void {
    if (!this.isOpen) return
    this.#flush()
    this.isOpen = false
    this.#outbox.clear()
    this.#link.end()
  }

  send(maxBodyBytes: number, writeBody: (target: Uint8Array, at: number) => number): boolean {
    const hasFront = this.#answerFront.length === this.#wire.frontBytes
    return this.reply(hasFront ? this.#answerFront : undefined, maxBodyBytes, writeBody)
  }

  reset(): void {
    this.isOpen = false
    this.#outbox.clear()
    this.#link.reset()
  }

  finish(): void {
    this.#finishing = true
    this.#endWhenDone()
  }

  check({ message, idle }: { readonly message: number; readonly idle?: number | undefined }): void {
    if (!this.isOpen) return
    const now = this.#clock.now()
    const { unfinishedSince, messageAt, isWaiting } = this.#inbox
    if (unfinishedSince !== undefined && !isWaiting && !this.#blocked && now - unfinishedSince > message)
      this.#cutOff('slowMessage', `the rest of a message has not come within ${message} ms`)
    else if (idle !== undefined && this.#unanswered === 0 && !isWaiting && now - messageAt > idle)
      this.#cutOff('idle', `no message for ${idle} ms`)
  }

  /** Called by the repliers. Without a front, the dialect's own stands there. */
  reply(
    front: Uint8Array | undefined,
    maxBodyBytes: number,
    writeBody: (target: Uint8Array, at: number) => number,
  ): boolean {
    if (!this.isOpen) return false
    const outbox = this.#outbox
    outbox.reserve(this.#wire.overheadBytes + maxBodyBytes)
    this.#writer.write = writeBody
    outbox.end = this.#wire.frame(outbox.buffer, outbox.end, maxBodyBytes, this.#writer, front)
    this.#writer.write = noBody
    if (this.#blocked) this.#limitUnsent()
    else if (outbox.end >= flushBytes) this.#flush()
    else this.#askFlush()
    return true
  }

  /** Called by the repliers, once each. */
  settle(): void {
    this.#unanswered--
    if (!this.#finishing || this.#unanswered > 0) return
    this.#clock.soon(() => this.#endWhenDone())
  }

  #endWhenDone(): void {
    if (this.#unanswered === 0 && !this.#blocked && !this.#inbox.isWaiting) this.end()
  }

  // ---- receiving

  #received(bytes: Uint8Array): void {
    if (this.isOpen) this.#inbox.received(bytes)
  }

  #turnOver(): void {
    const polls = this.#outbox.answerPolls(this.#reader, this.#wire, this.#blocked || !this.isOpen)
    if (polls > 0) this.#options.onPolls?.(polls)
    this.#inEvent = false
    this.#flush()
  }

  #message(received: Received): void {
    this.#inEvent = true
    const { onRequest, onBadMessage } = this.#options
    const handle = received.error === undefined ? onRequest : onBadMessage
    if (handle === undefined) return
    this.#unanswered++
    handle(received, new ConnectionReplier(this, this.#frontFor(received)))
  }

  /** The same from one request to the next, as a rule: then no new bytes are made. */
  #frontFor(received: Received): Uint8Array {
    if (!startsWith(received.frame, this.#requestFront, this.#wire.frontBytes)) {
      this.#requestFront = new Uint8Array(received.frame.subarray(0, this.#wire.frontBytes))
      this.#answerFront = this.#wire.answerFront(received)
    }
    return this.#answerFront
  }

  #badFrame(error: FrameError): void {
    this.#reason = 'badFrame'
    this.#detail = error.message
    this.#flush()
    this.reset()
    this.#options.onBadFrame?.(this, error)
  }

  // ---- sending

  #askFlush(): void {
    if (this.#inEvent || this.#flushAsked) return
    this.#flushAsked = true
    this.#clock.soon(this.#flushNow)
  }

  #flush(): void {
    if (this.#blocked || !this.isOpen) return
    if (this.#outbox.writeTo(this.#link) !== false) return
    this.#blocked = true
    this.#link.pause()
  }

  #drained(): void {
    this.#blocked = false
    this.#flush()
    if (this.#blocked || !this.isOpen) return
    if (this.#inbox.isWaiting) this.#inbox.unblocked()
    else this.#link.resume()
    if (this.#finishing) this.#endWhenDone()
  }

  #limitUnsent(): void {
    if (this.#outbox.end <= this.#maxUnsentBytes) return
    this.#cutOff('neverReads', `more than ${this.#maxUnsentBytes} bytes of answers wait for a peer that does not read`)
  }

  #cutOff(reason: DisconnectReason, detail: string): void {
    this.#reason = reason
    this.#detail = detail
    this.reset()
  }

  // ---- ending

  /** The peer sends no more but may still read: it gets the answers that it waits for. */
  #peerEnded(): void {
    if (!this.isOpen) return
    const error = unfinished(this.#reader)
    if (error !== undefined) {
      this.#badFrame(error)
      return
    }
    this.#grace = this.#clock.after(halfClosedMs, () => this.end())
    this.finish()
  }

  #closed(reason: DisconnectReason, detail: string | undefined): void {
    this.isOpen = false
    this.#outbox.clear()
    this.#grace?.cancel()
    this.#inbox.close()
    this.#onGone(this.#reason ?? reason, this.#detail ?? detail)
    this.#options.onDisconnect?.(this, this.#reason ?? reason, this.#detail ?? detail)
  }
}

class ConnectionReplier implements Replier {
  readonly connection: ServerConnection
  readonly #front: Uint8Array
  #settled = false

  constructor(connection: ServerConnection, front: Uint8Array) {
    this.connection = connection
    this.#front = front
  }

  reply(maxBodyBytes: number, writeBody: (target: Uint8Array, at: number) => number): boolean {
    const written = this.connection.reply(this.#front, maxBodyBytes, writeBody)
    this.dismiss()
    return written
  }

  dismiss(): void {
    if (this.#settled) return
    this.#settled = true
    this.connection.settle()
  }
}

function startsWith(frame: Uint8Array, front: Uint8Array, frontBytes: number): boolean {
  if (front.length !== frontBytes) return false
  for (let index = 0; index < frontBytes; index++) if (frame[index] !== front[index]) return false
  return true
}

const noBody = (_target: Uint8Array, at: number): number => at
