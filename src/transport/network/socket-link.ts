// A socket as a Link: its events become handlers, its errors a reason.

import type net from 'node:net'
import { lendBytes, poisonsViews } from '../../base/lent.js'
import { unwelcome } from '../../base/text/tls-words.js'
import type { CloseReason, Link, LinkHandlers } from './link.js'
import { explainTls, isTlsError } from './tls-detail.js'

export interface SocketLink extends Link {
  /** TCP is connected; TLS is not. */
  handshaking(): void
  /** The link is up. An accepted link learns its handlers only now. */
  opened(handlers?: LinkHandlers): void
  /** Bytes came, of a socket that calls for them (`reads: 'called'`). `mayBeKept`: left out, a view that is valid during the call only. */
  received(bytes: Uint8Array, mayBeKept?: boolean): void
  /** Connecting took too long. */
  giveUp(): void
  /** TLS is there, and the peer is not who it should be: why, in a sentence. */
  distrust(why: string): void
  /** Runs once the link has opened, or never will. */
  whenSettled(action: () => void): void
}

export function createSocketLink(options: {
  readonly socket: net.Socket
  /** The TCP socket under TLS, or the same one. */
  readonly raw: net.Socket
  readonly peer: string
  readonly handlers: LinkHandlers | undefined
  readonly tls: boolean
  /** `called`: whoever made the socket calls `received`. Left out: the socket says in an event what it has read. */
  readonly reads?: 'called'
  /** The certificate that a client shows of itself, in words. */
  readonly ownCertificate?: () => string | undefined
}): SocketLink {
  return new StreamLink(options)
}

class StreamLink implements SocketLink {
  readonly peer: string
  readonly #socket: net.Socket
  readonly #raw: net.Socket
  readonly #tls: boolean
  readonly #readsByEvent: boolean
  #handlers: LinkHandlers | undefined
  #phase: 'connecting' | 'handshaking' | 'open' | 'closed' = 'connecting'
  #reason: CloseReason | undefined
  #detail: string | undefined
  #endedHere = false
  /** An error was reported: the end that may follow it is not the peer's last word. */
  #failing = false
  #settled: (() => void) | undefined
  readonly #ownCertificate: (() => string | undefined) | undefined
  /** The words of our certificate, until the peer has said something. */
  #shown: string | undefined

  constructor(options: Parameters<typeof createSocketLink>[0]) {
    this.peer = options.peer
    this.#socket = options.socket
    this.#raw = options.raw
    this.#tls = options.tls
    this.#readsByEvent = options.reads === undefined
    this.#handlers = options.handlers
    this.#ownCertificate = options.ownCertificate
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    this.#socket.on('close', () => this.#closed())
    // Without this an error of the socket under TLS, such as a refused connection, would end the process.
    if (this.#raw !== this.#socket) this.#raw.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
  }

  handshaking(): void {
    if (this.#phase !== 'connecting') return
    this.#phase = 'handshaking'
    this.#shown = this.#ownCertificate?.()
  }

  opened(handlers?: LinkHandlers): void {
    if (this.#phase === 'closed' || this.#reason !== undefined) return
    this.#phase = 'open'
    this.#shown ??= this.#ownCertificate?.()
    this.#handlers = handlers ?? this.#handlers
    this.#settled?.()
    if (this.#readsByEvent) this.#socket.on('data', (bytes: Buffer) => this.received(plain(bytes), true))
    this.#socket.on('drain', () => this.#handlers?.onDrain?.())
    this.#socket.on('end', () => this.#peerEnded())
    if (handlers === undefined) this.#handlers?.onOpen?.()
  }

  received(bytes: Uint8Array, mayBeKept = false): void {
    if (this.#phase !== 'open') return
    this.#shown = undefined
    if (poisonsViews) lendBytes(bytes, (lent) => this.#handlers?.onData(lent))
    else this.#handlers?.onData(bytes, mayBeKept)
  }

  giveUp(): void {
    if (this.#phase === 'open' || this.#phase === 'closed') return
    if (this.#phase === 'handshaking')
      this.#because('connectTimeout', 'connected, but the TLS handshake was not answered')
    else this.#because('connectTimeout')
    this.#destroy()
  }

  distrust(why: string): void {
    this.#because('tls', why)
    this.#socket.destroy()
  }

  whenSettled(action: () => void): void {
    this.#settled = action
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#socket.writable) return true
    return this.#socket.write(bytes)
  }

  /** A socket that has nothing waiting has handed everything to the system in the call itself; TLS keeps what it encrypts. */
  get hasLeft(): boolean {
    return !this.#tls && this.#socket.writableLength === 0
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    if (this.#endedHere) return
    this.#endedHere = true
    this.#because('local')
    this.#socket.end()
    // Bytes that nobody reads would keep the peer's end from being seen.
    this.#socket.resume()
  }

  reset(): void {
    this.#because('local')
    this.#destroy()
  }

  /**
   * The system resets nothing whose end is on its way, and Node would keep its descriptor for ever: such a one is closed, which says
   * the same to a peer that is silent.
   */
  #destroy(): void {
    const { writableEnded, writableFinished } = this.#socket
    const isUp = this.#phase === 'open' || this.#phase === 'handshaking'
    if (isUp && writableEnded === writableFinished) this.#raw.resetAndDestroy()
    this.#socket.destroy()
  }

  /** With allowHalfOpen the other side stays ours to end: whoever handles onEnd does so. */
  #peerEnded(): void {
    if (this.#failing) return
    const detail = this.#shown === undefined ? undefined : unwelcome(this.#shown)
    this.#because('ended', detail)
    if (this.#handlers?.onEnd === undefined) this.#socket.end()
    else this.#handlers.onEnd(detail)
  }

  /** The first reason counts. */
  #because(reason: CloseReason, detail?: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#detail = detail
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#failing = true
    if (this.#phase === 'handshaking' || (this.#tls && isTlsError(error)))
      this.#because('tls', explainTls(error, { own: this.#shown }))
    else if (this.#phase === 'open') this.#because('reset', error.code)
    else this.#because(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', error.code)
    // TLS reports an alert and leaves the socket open.
    this.#socket.destroy()
  }

  #closed(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#settled?.()
    const reason = this.#reason ?? 'ended'
    const detail = reason === 'reset' && this.#shown !== undefined ? unwelcome(this.#shown) : this.#detail
    this.#handlers?.onClose(reason, detail)
  }
}

/** The same bytes without Buffer's own ways: its slice() is a view, where that of every other byte array is a copy. */
const plain = (bytes: Buffer) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
