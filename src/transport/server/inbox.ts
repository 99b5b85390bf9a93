// The bytes that one connection has sent and nobody has looked at yet. Rule: a connection gets a bounded share of each turn of the
// event loop, however much it sends; the rest waits here, and then in the system's buffers, and hurts its sender alone.

import type { Clock, Timer } from '../../base/clock.js'
import { FrameError } from '../../framing/frame-error.js'
import { type Link, readBytes } from '../network/link.js'
import type { Reader, Received } from '../wire/wire.js'
import type { PeerPace } from './pace.js'

export interface InboxOptions {
  readonly reader: Reader
  readonly clock: Clock
  readonly link: Pick<Link, 'pause' | 'resume'>
  /** Left out: as fast as turns come. */
  readonly pace?: PeerPace | undefined
  /** Messages of this connection in one turn. */
  readonly share: () => number
  /** False: nothing is wanted any more. */
  readonly isOpen: () => boolean
  /** True: answers wait for a peer that does not read, and further ones must not be made. */
  readonly isBlocked: () => boolean
  readonly onMessage: (received: Received) => void
  readonly onBadFrame: (error: FrameError) => void
  /** The share of this turn is used up, or all was read. */
  readonly onTurnOver: () => void
  /** The peer has ended its side, and all that it sent was read. */
  readonly onEnd: () => void
}

/** Messages of one connection in one turn: less than a millisecond of work, which is what another connection may wait for it. */
export const messagesPerTurn = { least: 16, most: 64 }
/** Messages in one turn of all connections, beyond the least of each: a few milliseconds of work. */
const messagesOfAll = 512

/** The share of each of so many connections: one that is nearly alone need not wait for the next turn. */
export const shareOfTurn = (connections: number): number =>
  Math.max(messagesPerTurn.least, Math.min(messagesPerTurn.most, Math.floor(messagesOfAll / connections)))

export class Inbox {
  /** Messages may be here that have not been looked at. */
  isWaiting = false
  /** When the last message came, by the clock. */
  messageAt: number
  /** Since when the rest of a message is waited for; undefined: nothing is. */
  unfinishedSince: number | undefined
  readonly #options: InboxOptions
  #isStalled = false
  #endCame = false
  #turn: Timer | undefined

  constructor(options: InboxOptions) {
    this.#options = options
    this.messageAt = options.clock.now()
  }

  received(bytes: Uint8Array): void {
    this.#options.reader.push(bytes)
    this.#work(bytes.length >= readBytes)
  }

  ended(): void {
    if (this.isWaiting) this.#endCame = true
    else this.#options.onEnd()
  }

  /** Answers have left again: what waits may be looked at. */
  unblocked(): void {
    if (this.#isStalled) this.#waitForTurn(0)
  }

  close(): void {
    this.isWaiting = false
    this.#turn?.cancel()
  }

  #work(thereIsMore: boolean): void {
    const { pace, isOpen, onMessage, onTurnOver } = this.#options
    let waitMs: number | undefined = 0
    let isWhole = false
    for (let left = this.#options.share(); left > 0; left--) {
      waitMs = pace?.delayMs() ?? 0
      if (waitMs > 0) break
      const received = this.#next()
      if (received === undefined) {
        waitMs = thereIsMore ? 0 : undefined
        break
      }
      isWhole = true
      pace?.spend()
      onMessage(received)
      if (!isOpen()) break
    }
    onTurnOver()
    if (!isOpen()) return
    this.#note(isWhole)
    if (waitMs !== undefined) this.#waitForTurn(waitMs)
    else if (this.isWaiting) this.#emptied()
  }

  #next(): Received | undefined {
    try {
      return this.#options.reader.next()
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.#options.onBadFrame(error)
      return undefined
    }
  }

  /** `isWhole`: a message was read. */
  #note(isWhole: boolean): void {
    const { reader, clock } = this.#options
    const now = clock.now()
    const { isInside } = reader
    if (isWhole || !isInside) {
      this.messageAt = now
      this.unfinishedSince = undefined
    }
    if (isInside) this.unfinishedSince ??= now
  }

  #waitForTurn(delayMs: number): void {
    const { reader, clock, link } = this.#options
    if (!this.isWaiting) {
      this.isWaiting = true
      reader.keep()
      link.pause()
    }
    this.#isStalled = false
    const goOn = () => {
      if (!this.isWaiting) return
      if (this.#options.isBlocked()) this.#isStalled = true
      else this.#work(false)
    }
    this.#turn = delayMs > 0 ? clock.after(delayMs, goOn) : clock.precisely(0, goOn)
  }

  #emptied(): void {
    const { link, isBlocked, onEnd } = this.#options
    this.isWaiting = false
    if (this.#endCame) onEnd()
    else if (!isBlocked()) link.resume()
  }
}
