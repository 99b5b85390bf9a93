// Accepts connections, reads requests, sends answers. What one peer does hurts its own connection and no other.
//
// Rule: all answers of one event leave in one write. A peer that does not read is not read from either, and is cut off
// when the answers that wait for it reach a limit.

import { createBusySet } from '../../base/busy-set.js'
import type { Address, Network } from '../network/link.js'
import { type Connection, type ConnectionOptions, createConnection, type OpenConnection } from './server-connection.js'

export type { Received } from '../wire/wire.js'
export type { Connection, DisconnectReason, Replier } from './server-connection.js'

export interface ServerOptions extends ConnectionOptions {
  readonly network: Network
  readonly address: Address
  readonly maxConnections?: number
  readonly onConnect?: (connection: Connection) => void
  /** A peer that was not let in, and why. */
  readonly onRejected?: (peer: string, why: string) => void
}

export interface Server {
  /** With the real port when 0 was asked for. */
  readonly address: Address
  readonly connections: number
  /** Accepts no more, ends idle connections, waits up to `deadlineMs` for answers, then cuts the rest off. Idempotent. */
  close(deadlineMs?: number): Promise<void>
}

/** Peers at a time: what a process may have open files for, and memory for their buffers. */
export const defaultMaxConnections = 20_000
/** How long close() waits for answers when it is not told, in ms. */
const defaultCloseMs = 5000

/** Rejects with StartError when the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { network, clock, maxConnections = defaultMaxConnections, onRejected } = options
  const open = createBusySet<OpenConnection>()
  let accepted = 0
  let onEmpty: (() => void) | undefined
  let closing: Promise<void> | undefined

  const listener = await network.listen(
    options.address,
    (link) => {
      const connection = createConnection(link, ++accepted, options, () => {
        open.delete(connection)
        if (open.size === 0) onEmpty?.()
      })
      open.add(connection)
      options.onConnect?.(connection)
      return connection.handlers
    },
    { maxConnections, ...(onRejected === undefined ? {} : { onRejected }) },
  )

  const close = async (deadlineMs: number) => {
    await listener.close()
    if (open.size === 0) return
    await new Promise<void>((resolve) => {
      const deadline = clock.after(deadlineMs, () => {
        for (const connection of [...open]) connection.reset()
      })
      onEmpty = () => {
        deadline.cancel()
        resolve()
      }
      for (const connection of [...open]) connection.finish()
    })
  }

  return {
    address: listener.address,
    get connections() {
      return open.size
    },
    close(deadlineMs = defaultCloseMs) {
      closing ??= close(deadlineMs)
      return closing
    },
  }
}
