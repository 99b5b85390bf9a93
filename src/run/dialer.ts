// Makes the connections of the terminal side, and knows how the first attempt of each went.

import type { Random } from '../base/random.js'
import type { Recorder } from '../measure/recorder.js'
import type { TerminalOptions } from '../terminal/options.js'
import { createClient } from '../transport/client.js'
import type { Client, HostRequest } from '../transport/client-options.js'
import type { Address } from '../transport/link.js'
import type { MatchKey } from '../transport/match-key.js'
import type { Wire } from '../transport/wire.js'
import type { World } from './world.js'

export interface Dialer {
  /** `lasting`: reconnects when it is lost; else for one conversation. */
  dial(lasting: boolean): Client
  /** Connects for the first time; resolves to what went wrong, or to undefined. */
  open(client: Client): Promise<string | undefined>
}

/** Exchanges that may wait for one connection: as many as terminals may share it, before arrivals are unsent. */
const maxQueuedPerConnection = 100_000

export function createDialer(setting: {
  world: World
  options: TerminalOptions
  target: Address
  wire: Wire
  matchKey: MatchKey
  random: Random
  /** Undefined until the load begins. */
  recorder: () => Recorder | undefined
  onConnectTime: (ms: number) => void
  /** A connection is there, for the first time or again. */
  onUp: (client: Client) => void
  onHostRequest: HostRequest
}): Dialer {
  const { options, target, wire, matchKey, random, recorder, onConnectTime, onUp, onHostRequest } = setting
  const { clock, network } = setting.world
  const { from: fromMs, to: toMs, jitter } = options.reconnect
  let dialled = 0
  const firstTries = new Map<Client, (problem: string | undefined) => void>()
  const tried = (client: Client, problem: string | undefined) => {
    firstTries.get(client)?.(problem)
    firstTries.delete(client)
  }

  return {
    dial(lasting) {
      const client: Client = createClient({
        network,
        address: target,
        wire,
        clock,
        random: random.fork(`reconnect ${++dialled}`),
        matchKey,
        connectTimeoutMs: options.connectTimeout,
        maxInFlight: typeof options.connections === 'object' ? options.connections.inFlight : maxQueuedPerConnection,
        maxQueued: maxQueuedPerConnection,
        ...(lasting && { reconnect: { fromMs, toMs, jitter } }),
        onUp: () => {
          tried(client, undefined)
          onUp(client)
        },
        onDown: (reason, detail) => tried(client, detail ?? reason),
        onLate: (_, at) => recorder()?.late(at),
        onUnmatched: (_, explanation) => recorder()?.unmatched(explanation, clock.now()),
        onRequest: onHostRequest,
        onConnectTime,
      })
      return client
    },
    open: (client) =>
      new Promise((resolve) => {
        firstTries.set(client, resolve)
        client.connect()
      }),
  }
}
