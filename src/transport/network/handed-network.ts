// Connections that one process accepts and another serves. A listening socket that several processes share gives most
// connections of a burst to whoever wakes first; one that accepts for all gives each to who has the fewest.

import net from 'node:net'
import { realClock } from '../../base/clock.js'
import { counted } from '../../base/text/counted.js'
import { peerOf } from './door.js'
import type { Address, Listener, ListenOptions, Network } from './link.js'
import {
  createEntrance,
  createTcpNetwork,
  socketOptions,
  startListening,
  type TcpNetworkOptions,
} from './tcp-network.js'

/** An accepted connection that nobody has read from. */
export type HandedSocket = net.Socket

export interface HandOver extends Listener {
  /** Connections that were handed over and have not ended. */
  readonly connections: number
  /** The connection of this number has ended where it was served. */
  ended(id: number): void
}

export interface HandOverOptions extends Pick<ListenOptions, 'maxConnections' | 'maxPerAddress' | 'onRejected'> {
  readonly address: Address
  /** Takes the socket over. False: nobody can, and it is closed. */
  readonly give: (socket: HandedSocket, id: number) => boolean
}

/** Accepts, and hands over. Limits count over all who serve. Rejects with StartError when the port cannot be had. */
export async function startHandOver(options: HandOverOptions): Promise<HandOver> {
  const { address, give, onRejected } = options
  const { maxConnections = Number.POSITIVE_INFINITY, maxPerAddress = Number.POSITIVE_INFINITY } = options
  const hosts = new Map<number, string>()
  const perHost = new Map<string, number>()
  let last = 0
  const count = (host: string, by: number) => {
    const left = (perHost.get(host) ?? 0) + by
    if (left > 0) perHost.set(host, left)
    else perHost.delete(host)
  }
  const server = net.createServer({ ...socketOptions, pauseOnConnect: true }, (socket) => {
    // A peer that is gone before it is handed over is nobody's trouble.
    socket.on('error', () => {})
    const host = socket.remoteAddress ?? 'unknown'
    const ofHost = perHost.get(host) ?? 0
    if (hosts.size >= maxConnections) {
      onRejected?.(peerOf(socket), 'too many connections', 'connections')
      socket.resetAndDestroy()
    } else if (ofHost >= maxPerAddress) {
      onRejected?.(peerOf(socket), `this address has ${counted(ofHost, 'connection')} already`, 'perAddress')
      socket.resetAndDestroy()
    } else if (give(socket, ++last)) {
      hosts.set(last, host)
      count(host, 1)
    } else socket.resetAndDestroy()
  })
  const listener = await startListening(server, address, { ...(onRejected !== undefined && { onRejected }) })
  return {
    ...listener,
    get connections() {
      return hosts.size
    },
    ended(id) {
      const host = hosts.get(id)
      if (host === undefined) return
      hosts.delete(id)
      count(host, -1)
    },
  }
}

/** Where the connections come in that another process has accepted. */
export interface HandedIn {
  /** At this address of the other process's. Calls `take` with each until the returned function is called. */
  listen(address: Address, take: (socket: HandedSocket) => void): () => void
}

/** A network that dials by itself, and is handed what it accepts. Limits of connections are the other process's. */
export function createHandedNetwork(handed: HandedIn, options: TcpNetworkOptions = {}): Network {
  const { clock = realClock, tls } = options
  return {
    connect: createTcpNetwork(options).connect,
    async listen(address, accept, { handshakeMs, maxHandshakes, onRejected } = {}) {
      const entrance = createEntrance(
        accept,
        {
          clock,
          ...(handshakeMs !== undefined && { handshakeMs }),
          ...(maxHandshakes !== undefined && { maxHandshakes }),
          ...(onRejected !== undefined && { onRejected }),
        },
        tls,
      )
      const stop = handed.listen(address, (socket) => {
        socket.allowHalfOpen = tls === undefined
        entrance.arrived(socket)
      })
      return {
        address,
        async close() {
          stop()
          entrance.close()
        },
      }
    },
  }
}
