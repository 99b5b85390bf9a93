// TLS handshakes of accepted connections. Rule: each ends within its deadline, in a link or in a closed socket, whatever
// the peer sends or leaves out, and only so many are under way at once.

import type net from 'node:net'
import tls from 'node:tls'
import type { Clock } from '../../base/clock.js'
import { peerOf } from './door.js'
import type { ListenOptions } from './link.js'
import { certificateWords, explainTls } from './tls-detail.js'

export interface Handshakes {
  /** Takes a connection over that has just been accepted. */
  begin(raw: net.Socket): void
  /** Cuts off those that are under way. Idempotent. */
  close(): void
}

/** `raw`: the socket underneath, which alone can send RST. */
export interface Secured {
  readonly socket: tls.TLSSocket
  readonly raw: net.Socket
}

/** How long a peer may take, in ms, where nobody says: a handshake takes two round trips. */
export const defaultHandshakeMs = 10_000
/** Handshakes at once, where nobody says: each may hold some ten KiB and a millisecond of work. */
export const defaultMaxHandshakes = 1024

interface Pending {
  readonly raw: net.Socket
  /** From the moment on at which keys are agreed. */
  socket?: tls.TLSSocket
  /** The certificate that the peer has shown, in words. */
  certificate?: string | undefined
  finish(): void
}

export function createHandshakes(
  server: tls.TlsOptions,
  options: ListenOptions & { readonly clock: Clock },
  onSecured: (secured: Secured) => void,
): Handshakes {
  const { clock, handshakeMs = defaultHandshakeMs, maxHandshakes = defaultMaxHandshakes, onRejected } = options
  const pending = new Map<string, Pending>()
  // Node's own time limit begins anew with every byte, so it comes second here.
  const tlsServer = tls.createServer({ ...server, handshakeTimeout: 2 * handshakeMs })

  const fail = (peer: string, why: string) => {
    const failed = pending.get(peer)
    if (failed === undefined) return
    failed.finish()
    failed.raw.destroy()
    onRejected?.(peer, why, 'handshake')
  }

  tlsServer.on('secureConnection', (socket) => {
    const done = pending.get(peerOf(socket))
    if (done === undefined) return void socket.destroy()
    done.finish()
    onSecured({ socket, raw: done.raw })
  })
  tlsServer.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    // Node leaves the socket open.
    socket.destroy()
    fail(peerOf(socket), explainTls(error))
  })

  // This event alone hands a socket over before its certificate is judged; the secrets that come with it are not looked at.
  tlsServer.on('keylog', (_secrets, socket) => {
    const shaking = pending.get(peerOf(socket))
    if (shaking === undefined || shaking.socket !== undefined) return
    shaking.socket = socket
    socket.prependListener('secure', () => {
      shaking.certificate = certificateWords(socket.getPeerCertificate())
    })
  })
  // Node cuts off a peer whose certificate it does not trust, and says it nowhere but in the socket.
  const closed = (peer: string) => {
    const { socket, certificate } = pending.get(peer) ?? {}
    const code = socket?.authorizationError ?? 'ECONNRESET'
    fail(peer, explainTls({ name: '', message: '', code: String(code) }, { peer: certificate }))
  }

  return {
    begin(raw) {
      const peer = peerOf(raw)
      if (pending.size >= maxHandshakes) {
        onRejected?.(peer, `${pending.size} TLS handshakes are under way already`, 'handshakes')
        raw.destroy()
        return
      }
      const deadline = clock.after(handshakeMs, () =>
        fail(peer, explainTls({ name: '', message: '', code: timeoutCode })),
      )
      pending.set(peer, {
        raw,
        finish() {
          deadline.cancel()
          pending.delete(peer)
        },
      })
      raw.once('close', () => closed(peer))
      tlsServer.emit('connection', raw)
    },
    close() {
      for (const { raw, finish } of [...pending.values()]) {
        finish()
        raw.destroy()
      }
    },
  }
}

const timeoutCode = 'ERR_TLS_HANDSHAKE_TIMEOUT'
