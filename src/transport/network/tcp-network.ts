// The real network: TCP, or TLS over TCP. This file and handed-network.ts alone open and accept sockets.

import net from 'node:net'
import tls from 'node:tls'
import { type Clock, realClock } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import { formatAddress } from './address.js'
import { createDoor, peerOf } from './door.js'
import {
  type Address,
  type Link,
  type LinkHandlers,
  type Listener,
  type ListenOptions,
  type Network,
  readBytes,
} from './link.js'
import { createReception } from './reception.js'
import { createSocketLink, type SocketLink } from './socket-link.js'
import { certificateWords, explainTls } from './tls-detail.js'
import { createHandshakes } from './tls-handshakes.js'

/** PEM texts, as read from their files. A client checks the server against `ca`, or against the system's authorities. */
export interface TlsOptions {
  readonly ca?: string
  /** Our own certificate and its key: a server needs them, a client only for mutual TLS. */
  readonly cert?: string
  readonly key?: string
  /** Name that the server's certificate must bear, when it is not the host's. */
  readonly servername?: string
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** Client: accepts any certificate. The result has to say so. */
  readonly insecure?: boolean
  /** Server: lets in only clients with a certificate of `ca`. */
  readonly requestCert?: boolean
}

export interface TcpNetworkOptions {
  readonly tls?: TlsOptions
  /** The clock of the connect timeouts. */
  readonly clock?: Clock
}

/** Bytes of a link that may wait in this process before write() returns false: one full batch. */
const writeBufferBytes = 65_536
/** After this silence the system asks whether the peer is still there, in ms. */
const keepAliveMs = 60_000
/** Connections that may wait to be accepted: a whole fleet of terminals that starts at once. */
const backlog = 4096

// noDelay: a message is a whole, and waiting for more only makes it late. allowHalfOpen: a peer that has said its last
// word may still wait for answers.
export const socketOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: keepAliveMs,
  allowHalfOpen: true,
  highWaterMark: writeBufferBytes,
}

export function createTcpNetwork({ tls: tlsOptions, clock = realClock }: TcpNetworkOptions = {}): Network {
  return {
    connect: (address, handlers, { connectTimeoutMs }) =>
      tlsOptions === undefined
        ? connectPlain(address, handlers, connectTimeoutMs, clock)
        : connectTls(address, handlers, connectTimeoutMs, clock, tlsOptions),
    listen: async (address, accept, options = {}) => listen(address, accept, { ...options, clock }, tlsOptions),
  }
}

function connectPlain(address: Address, handlers: LinkHandlers, timeoutMs: number, clock: Clock): Link {
  const socket = net.connect({
    ...socketOptions,
    host: address.host,
    port: address.port,
    ...(readsAreCalled && { onread: readingInto(() => link) }),
  })
  const link = createSocketLink({
    socket,
    raw: socket,
    peer: formatAddress(address),
    handlers,
    tls: false,
    ...(readsAreCalled && { reads: 'called' }),
  })
  socket.once('connect', () => link.opened())
  limitConnecting(link, timeoutMs, clock)
  return link
}

/** Windows is given the buffer of a read long before its bytes come, so that connections cannot have one in common. */
const readsAreCalled = process.platform !== 'win32'
/** All plain connections of this thread read into it, one at a time: what a link hands on is valid during the call only. */
let readBuffer: Uint8Array | undefined

/** Node makes a buffer of its own for each read otherwise: 64 kB, of which it gives back what is not needed. */
function readingInto(link: () => SocketLink): net.OnReadOpts {
  readBuffer ??= new Uint8Array(readBytes)
  return {
    buffer: readBuffer,
    callback(count, bytes) {
      link().received(bytes.subarray(0, count))
      return true
    },
  }
}

function connectTls(
  address: Address,
  handlers: LinkHandlers,
  timeoutMs: number,
  clock: Clock,
  options: TlsOptions,
): Link {
  const raw = net.connect({ ...socketOptions, host: address.host, port: address.port })
  const servername = options.servername ?? (net.isIP(address.host) === 0 ? address.host : undefined)
  const socket = tls.connect({
    socket: raw,
    host: address.host,
    ...certificates(options),
    ...(servername === undefined ? {} : { servername }),
    // Judged below, while the certificate can still be named.
    rejectUnauthorized: false,
  })
  const ownCertificate = () => certificateWords(socket.getCertificate())
  const link = createSocketLink({ socket, raw, peer: formatAddress(address), handlers, tls: true, ownCertificate })
  raw.once('connect', () => link.handshaking())
  socket.once('secureConnect', () => {
    if (options.insecure === true || socket.authorized) return link.opened()
    const peer = certificateWords(socket.getPeerCertificate())
    link.distrust(explainTls({ name: '', message: '', code: String(socket.authorizationError) }, { peer }))
  })
  limitConnecting(link, timeoutMs, clock)
  return link
}

function limitConnecting(link: SocketLink, timeoutMs: number, clock: Clock): void {
  const timer = clock.after(timeoutMs, () => link.giveUp())
  link.whenSettled(() => timer.cancel())
}

async function listen(
  address: Address,
  accept: (link: Link) => LinkHandlers,
  options: ListenOptions & { readonly clock: Clock },
  tlsOptions: TlsOptions | undefined,
): Promise<Listener> {
  const entrance = createEntrance(accept, options, tlsOptions)
  const isPlain = tlsOptions === undefined
  const server = net.createServer(
    { ...socketOptions, allowHalfOpen: isPlain, pauseOnConnect: isPlain },
    entrance.arrived,
  )
  const listener = await startListening(server, address, options)
  return {
    address: listener.address,
    async close() {
      await listener.close()
      entrance.close()
    },
  }
}

/** Accepted sockets go in, open links come out. */
export interface Entrance {
  arrived(socket: net.Socket): void
  /** Closes what is not a link yet. Idempotent. */
  close(): void
}

/** Throws StartError for a TLS server without a certificate. */
export function createEntrance(
  accept: (link: Link) => LinkHandlers,
  options: ListenOptions & { readonly clock: Clock },
  tlsOptions: TlsOptions | undefined,
): Entrance {
  const door = createDoor(options)
  if (tlsOptions === undefined)
    return createReception(options.clock, (socket) => {
      if (!door.admit(socket)) return
      const link = createSocketLink({ socket, raw: socket, peer: peerOf(socket), handlers: undefined, tls: false })
      link.opened(accept(link))
    })
  if (tlsOptions.cert === undefined || tlsOptions.key === undefined) {
    throw new StartError('a TLS server needs a certificate and its key: give --cert FILE and --key FILE')
  }
  const handshakes = createHandshakes(tlsServerOptions(tlsOptions), options, ({ socket, raw }) => {
    // Only now: a peer that says its last word instead of a handshake has nothing to wait for.
    socket.allowHalfOpen = true
    const link = createSocketLink({ socket, raw, peer: peerOf(socket), handlers: undefined, tls: true })
    link.opened(accept(link))
  })
  return {
    arrived(raw) {
      if (door.admit(raw)) handshakes.begin(raw)
    },
    close: handshakes.close,
  }
}

const tlsServerOptions = (options: TlsOptions): tls.TlsOptions => ({
  ...certificates(options),
  requestCert: options.requestCert === true,
  rejectUnauthorized: options.requestCert === true,
})

/** Rejects with StartError when the address cannot be had. Closing leaves what was accepted alone. */
export function startListening(server: net.Server, address: Address, options: ListenOptions): Promise<Listener> {
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections
  server.on('drop', (peer) => {
    const from = { host: peer?.remoteAddress ?? '', port: peer?.remotePort ?? 0 }
    options.onRejected?.(formatAddress(from), 'too many connections', 'connections')
  })
  return new Promise((resolve, reject) => {
    // Stays: accepting may fail later, and that is no reason to end.
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (server.listening) options.onRejected?.('a peer', `cannot be accepted (${error.code})`, 'connections')
      reject(cannotListen(address, error))
    })
    server.listen({ host: address.host, port: address.port, backlog }, () => {
      const bound = server.address() as net.AddressInfo
      resolve({
        address: { host: address.host, port: bound.port },
        // Node's own callback waits for the last connection to end; accepting stops at once.
        close: async () => {
          server.close()
        },
      })
    })
  })
}

function certificates({ ca, cert, key, minVersion }: TlsOptions): tls.SecureContextOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(minVersion === undefined ? {} : { minVersion }),
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the other process, or choose another port',
  EACCES: 'this user may not use that port; choose one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is not known',
}

function cannotListen(address: Address, error: NodeJS.ErrnoException): StartError {
  const code = error.code ?? ''
  const reason = reasons[code]
  const why = reason === undefined ? error.message : `${reason} (${code})`
  return new StartError(`cannot listen on ${formatAddress(address)}: ${why}`, { cause: error })
}
