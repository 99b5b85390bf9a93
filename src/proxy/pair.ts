// One connection through the proxy: the client's link and the upstream's, tied together.
//
// Rule: bytes go on in the order in which they came; a side that does not read stops the other from being read; an end
// is passed on as an end, anything else as a reset.

import type { Clock, Timer } from '../base/clock.js'
import type { StreamDirection, Tap, Tapped } from '../tap/tap.js'
import { formatAddress } from '../transport/network/address.js'
import {
  type Address,
  type CloseReason,
  type Link,
  type LinkHandlers,
  type Network,
  readBytes,
} from '../transport/network/link.js'
import type { Turnstile } from './turnstile.js'
import { writeCopy } from './write-copy.js'

export interface PairSetting {
  readonly upstream: Address
  readonly dial: Network
  readonly connectTimeoutMs: number
  readonly clock: Clock
  /** Bytes that came from one side. Whoever counts them must not keep them. */
  readonly onBytes: (direction: StreamDirection, bytes: number) => void
  /** Looks at what passes, on the client's side of the faults; undefined: nobody does. Asked for every chunk. */
  readonly tap: () => Tap | undefined
  /** For those that flood; one for all pairs. */
  readonly turnstile: Turnstile
  /** Once, when both sides are closed. `trouble` is a sentence when the upstream could not be reached. */
  readonly onGone: (pair: Pair, trouble: string | undefined) => void
}

export interface Pair extends Tapped {
  /** The handlers that the client's side reports to. */
  readonly handlers: LinkHandlers
  /** When bytes came last, from either side, by the clock. */
  readonly activeAt: number
  /** Ends both sides now: nothing more passes. Idempotent. */
  cut(): void
}

/** How long a side may take to answer our end with its own when a pair is cut, in ms; then it is reset. */
const cutGraceMs = 500

const isUnreached = (reason: CloseReason) =>
  reason === 'refused' || reason === 'unreachable' || reason === 'connectTimeout' || reason === 'tls'

/** Dials the upstream for a client that has just been accepted. Nothing is read from the client until it is reached. */
export function createPair(client: Link, id: number, setting: PairSetting): Pair {
  return new ConnectedPair(client, id, setting)
}

class ConnectedPair implements Pair {
  readonly id: number
  readonly peer: string
  readonly server: string
  readonly handlers: LinkHandlers
  activeAt: number
  readonly #setting: PairSetting
  readonly #client: Link
  readonly #server: Link
  #isReached = false
  #clientEnded = false
  #serverEnded = false
  #clientClosed = false
  #serverClosed = false
  #isCut = false
  #grace: Timer | undefined
  #trouble: string | undefined
  /** Directions whose receiver does not keep up, and those that have had their share of this turn. */
  readonly #blocked = { upstream: false, downstream: false }
  readonly #resting = { upstream: false, downstream: false }

  constructor(client: Link, id: number, setting: PairSetting) {
    this.id = id
    this.peer = client.peer
    this.server = formatAddress(setting.upstream)
    this.#client = client
    this.#setting = setting
    this.activeAt = setting.clock.now()
    client.pause()
    this.handlers = {
      onData: (bytes, mayBeKept) => this.#pass('upstream', bytes, mayBeKept),
      onDrain: () => this.#drained('downstream'),
      onEnd: () => {
        this.#clientEnded = true
        if (this.#isReached) this.#server.end()
      },
      onClose: () => this.#clientGone(),
    }
    this.#server = setting.dial.connect(setting.upstream, this.#serverHandlers(), {
      connectTimeoutMs: setting.connectTimeoutMs,
    })
  }

  cut(): void {
    if (this.#isCut) return
    this.#isCut = true
    if (!this.#clientClosed) this.#client.end()
    if (!this.#serverClosed) this.#server.end()
    this.#grace = this.#setting.clock.after(cutGraceMs, () => {
      if (!this.#clientClosed) this.#client.reset()
      if (!this.#serverClosed) this.#server.reset()
    })
  }

  #serverHandlers(): LinkHandlers {
    return {
      onOpen: () => {
        this.#isReached = true
        this.#setting.tap()?.onOpened?.(this)
        this.#client.resume()
        // A client that had nothing to say has ended while the upstream was dialled: ended then, it would never open.
        if (this.#clientEnded) this.#server.end()
      },
      onData: (bytes, mayBeKept) => this.#pass('downstream', bytes, mayBeKept),
      onDrain: () => this.#drained('upstream'),
      onEnd: (detail) => {
        this.#serverEnded = true
        // Where the client has said all it had, the end is no news.
        if (!this.#clientEnded) this.#trouble = detail
        this.#client.end()
      },
      onClose: (reason, detail) => {
        if (isUnreached(reason)) this.#trouble = detail === undefined ? reason : `${reason} (${detail})`
        // A sentence, and not the system's word: the upstream does not accept our certificate.
        else if (!this.#clientEnded && detail?.includes(' ') === true) this.#trouble = detail
        this.#serverGone()
      },
    }
  }

  #pass(direction: StreamDirection, bytes: Uint8Array, mayBeKept = false): void {
    if (this.#isCut) return
    const [from, to, isGone] =
      direction === 'upstream'
        ? [this.#client, this.#server, this.#serverClosed]
        : [this.#server, this.#client, this.#clientClosed]
    // As without a proxy: who goes on talking to one that is gone learns it by a reset.
    if (isGone) {
      from.reset()
      return
    }
    this.#setting.onBytes(direction, bytes.length)
    this.#setting.tap()?.onBytes(this, direction, bytes)
    this.activeAt = this.#setting.clock.now()
    // The other side may keep what it is handed.
    if (!(mayBeKept ? to.write(bytes) : writeCopy(to, bytes))) this.#blocked[direction] = true
    if (bytes.length >= readBytes) this.#rest(direction)
    if (this.#blocked[direction] || this.#resting[direction]) from.pause()
  }

  /** Floods leave the rest of the turn to the others. */
  #rest(direction: StreamDirection): void {
    this.#resting[direction] = true
    this.#setting.turnstile.wait(() => {
      this.#resting[direction] = false
      this.#resume(direction)
    })
  }

  #drained(direction: StreamDirection): void {
    this.#blocked[direction] = false
    this.#resume(direction)
  }

  #resume(direction: StreamDirection): void {
    if (this.#blocked[direction] || this.#resting[direction]) return
    if (direction === 'downstream') this.#server.resume()
    else if (this.#isReached) this.#client.resume()
  }

  #clientGone(): void {
    this.#clientClosed = true
    if (!this.#serverClosed && !(this.#clientEnded && this.#serverEnded)) this.#server.reset()
    this.#settle()
  }

  #serverGone(): void {
    this.#serverClosed = true
    // A server that has said all may be gone while its last words still wait for a slow client.
    if (!this.#clientClosed && !this.#serverEnded && !this.#isCut) this.#client.reset()
    this.#settle()
  }

  #settle(): void {
    if (!this.#clientClosed || !this.#serverClosed) return
    this.#grace?.cancel()
    this.#setting.tap()?.onClosed(this, this.#trouble)
    this.#setting.onGone(this, this.#trouble)
  }
}
