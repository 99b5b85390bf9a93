// Over which connection a terminal speaks: its own, one shared by many, or a new one for each transaction (短连接).

import { createBusySet } from '../../base/collections/busy-set.js'
import type { Share } from '../../base/share.js'
import type { Client } from '../../transport/client/client.js'
import type { TerminalOptions } from '../options/options.js'
import type { Terminal } from '../terminal.js'

export interface Connections {
  /** The connection for this terminal's next exchange. */
  acquire(terminal: Terminal): Client
  /** Whether this lasting connection is the terminal's. */
  serves(client: Client, terminal: Terminal): boolean
  /** The exchange is over. */
  release(client: Client): void
  /** The connections that stay; empty where each transaction has its own. */
  readonly lasting: readonly Client[]
  /** Those that terminal sign-ons and probes should use: one terminal for each lasting connection, or all terminals. */
  readonly spokesmen: readonly Terminal[]
  close(deadlineMs: number): Promise<void>
}

/**
 * `dial(lasting)` makes a client: one that reconnects, or one for a single conversation. `terminal`: whose it is, where it is
 * not shared.
 */
export function createConnections(options: {
  kind: TerminalOptions['connections']
  terminals: readonly Terminal[]
  dial: (lasting: boolean, terminal?: Terminal) => Client
}): Connections {
  const { kind, terminals, dial } = options
  return kind === 'perTransaction' ? shortLived(terminals, dial) : lasting(kind, terminals, dial)
}

/** Shared connections are of the whole run: each part has its share of them, and at least one. */
export function connectionsOfShare(
  kind: TerminalOptions['connections'],
  { of }: Share,
): TerminalOptions['connections'] {
  return typeof kind === 'string' ? kind : { ...kind, shared: Math.ceil(kind.shared / of) }
}

function lasting(
  kind: Exclude<TerminalOptions['connections'], 'perTransaction'>,
  terminals: readonly Terminal[],
  dial: (lasting: boolean, terminal?: Terminal) => Client,
): Connections {
  const count = kind === 'perTerminal' ? terminals.length : kind.shared
  const clients = Array.from({ length: count }, (_, index) =>
    dial(true, kind === 'perTerminal' ? terminals[index] : undefined),
  )
  return {
    acquire: (terminal) => clients[terminal.index % count] as Client,
    serves: (client, terminal) => clients[terminal.index % count] === client,
    release: () => {},
    lasting: clients,
    spokesmen: terminals.slice(0, count),
    close: async (deadlineMs) => {
      await Promise.all(clients.map((client) => client.close(deadlineMs)))
    },
  }
}

function shortLived(
  terminals: readonly Terminal[],
  dial: (lasting: boolean, terminal?: Terminal) => Client,
): Connections {
  const open = createBusySet<Client>()
  return {
    acquire: (terminal) => {
      const client = dial(false, terminal)
      open.add(client)
      return client
    },
    serves: () => false,
    release: (client) => {
      open.delete(client)
      void client.close(0)
    },
    lasting: [],
    spokesmen: terminals,
    close: async (deadlineMs) => {
      await Promise.all([...open].map((client) => client.close(deadlineMs)))
    },
  }
}
