// Who is let in at a listener: so many connections of one IP address, and no more.

import type net from 'node:net'
import { counted } from '../../base/text/counted.js'
import { formatAddress } from './address.js'
import type { ListenOptions } from './link.js'

export interface Door {
  /** False: the socket is one too many of its address, and is closed. */
  admit(socket: net.Socket): boolean
}

export function createDoor({ maxPerAddress, onRejected }: ListenOptions): Door {
  if (maxPerAddress === undefined) return { admit: () => true }
  const open = new Map<string, number>()
  return {
    admit(socket) {
      const host = socket.remoteAddress ?? 'unknown'
      const count = open.get(host) ?? 0
      if (count >= maxPerAddress) {
        onRejected?.(peerOf(socket), `this address has ${counted(count, 'connection')} already`, 'perAddress')
        socket.resetAndDestroy()
        return false
      }
      open.set(host, count + 1)
      socket.once('close', () => {
        const left = (open.get(host) ?? 1) - 1
        if (left === 0) open.delete(host)
        else open.set(host, left)
      })
      return true
    },
  }
}

/** host:port of the other side. */
export function peerOf(socket: net.Socket): string {
  return formatAddress({ host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 })
}
