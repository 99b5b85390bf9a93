// Accepts connections, reads requests, sends answers. What one peer does hurts its own connection and no other.
//
// Rule: all answers of one event leave in one write. A peer that does not read is not read from either, and is cut off
// when the answers that wait for it reach a limit.

import type { Clock } from '../../base/clock.js'
import { createBusySet } from '../../base/collections/busy-set.js'
import type { Address, Network } from '../network/link.js'
import { shareOfTurn } from './inbox.js'
import { createPaces } from './pace.js'
import { type PeerLimits, usualPeerLimits } from './peer-options.js'
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type DisconnectReason,
  type OpenConnection,
} from './server-connection.js'
import { createTurnedAway, type TurnedAway, type TurnedAwayCounts } from './turned-away.js'

export type { Received } from '../wire/wire.js'
export type { Connection, DisconnectReason, Replier } from './server-connection.js'

export interface ServerOptions extends ConnectionOptions {
  readonly network: Network
  readonly address: Address
  /** Left out: no deadlines for peers that are let in, and as many as come. */
  readonly peers?: PeerLimits | undefined
  readonly onConnect?: (connection: Connection) => void
  /** A peer that was not let in, or was cut off because of what it did or did not do; and why. */
  readonly onRejected?: (peer: string, why: string, kind: TurnedAway) => void
}

export interface Server {
  /** With the real port when 0 was asked for. */
  readonly address: Address
  readonly connections: number
  turnedAway(): TurnedAwayCounts
  /** Frames of length zero that came: they ask whether the line is alive. */
  polls(): number
  /** Accepts no more, ends idle connections, waits up to `deadlineMs` for answers, then cuts the rest off. Idempotent. */
  close(deadlineMs?: number): Promise<void>
}

/** Connections of a simulated network, which cost some hundred bytes and no open file. */
const mostConnections = 1_000_000
/** How often deadlines are looked at, as a part of the shortest; and at the most and the least, in ms. */
const lookShare = 0.25
const lookMs = { least: 50, most: 5000 }
/** How long a link may take to close that was reset, in ms. */
const resetGraceMs = 500
/** How long close() waits for answers when it is not told, in ms. */
const defaultCloseMs = 5000

/** Rejects with StartError when the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { network, clock, onRejected } = options
  const open = createBusySet<OpenConnection>()
  const turnedAway = createTurnedAway()
  const limits = options.peers ?? { ...usualPeerLimits, connections: mostConnections }
  const paces = limits.rate === undefined ? undefined : createPaces(limits.rate, clock)
  let accepted = 0
  let polls = 0
  const onPolls = (count: number) => {
    polls += count
  }
  const share = () => shareOfTurn(open.size)
  let onEmpty: (() => void) | undefined
  let closing: Promise<void> | undefined

  const turnAway = (peer: string, why: string, kind: TurnedAway) => {
    turnedAway.add(kind)
    onRejected?.(peer, why, kind)
  }
  const listener = await network.listen(
    options.address,
    (link) => {
      const address = hostOf(link.peer)
      const pace = paces?.join(address)
      const connection = createConnection(link, ++accepted, { ...options, pace, share, onPolls }, (reason, detail) => {
        open.delete(connection)
        paces?.leave(address)
        if (reason === 'badFrame') turnedAway.add(reason)
        if (isCutOff(reason)) turnAway(connection.peer, detail ?? reason, reason)
        if (open.size === 0) onEmpty?.()
      })
      open.add(connection)
      options.onConnect?.(connection)
      return connection.handlers
    },
    {
      ...{ maxConnections: limits.connections, maxHandshakes: limits.handshakes, handshakeMs: limits.handshake },
      ...(limits.perAddress !== undefined && { maxPerAddress: limits.perAddress }),
      onRejected: turnAway,
    },
  )
  const stopLooking = options.peers && lookAfter(open, options.peers, clock)

  const close = async (deadlineMs: number) => {
    stopLooking?.()
    await listener.close()
    if (open.size === 0) return
    await new Promise<void>((resolve) => {
      let deadline = clock.after(deadlineMs, () => {
        // A link that says nothing even now is left to the system.
        deadline = clock.after(resetGraceMs, resolve)
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
    turnedAway: turnedAway.counts,
    polls: () => polls,
    close(deadlineMs = defaultCloseMs) {
      closing ??= close(deadlineMs)
      return closing
    },
  }
}

/** Looks now and then whether a peer is over a deadline: one timer, however many connections; none without a deadline. */
function lookAfter(open: Iterable<OpenConnection>, limits: PeerLimits, clock: Clock): (() => void) | undefined {
  const shortest = Math.min(limits.message, limits.idle ?? Number.POSITIVE_INFINITY)
  if (shortest === Number.POSITIVE_INFINITY) return undefined
  const everyMs = Math.max(lookMs.least, Math.min(lookMs.most, lookShare * shortest))
  const look = () => {
    timer = clock.after(everyMs, look)
    for (const connection of [...open]) connection.check(limits)
  }
  let timer = clock.after(everyMs, look)
  return () => timer.cancel()
}

const isCutOff = (reason: DisconnectReason): reason is 'neverReads' | 'slowMessage' | 'idle' =>
  reason === 'neverReads' || reason === 'slowMessage' || reason === 'idle'

/** The address without its port. */
const hostOf = (peer: string) => peer.slice(0, Math.max(0, peer.lastIndexOf(':')))
