// Makes the connections of the terminal side, and knows how the first attempt of each went.

import type { Random } from '../../base/random.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import {
  createPathClient,
  type PathClient,
  type PathClientOptions,
  type PathEvents,
} from '../../terminal/paths/path-client.js'
import type { Terminal } from '../../terminal/terminal.js'
import { createClient } from '../../transport/client/client.js'
import type { Client, ClientOptions, HostRequest } from '../../transport/client/client-options.js'
import type { MatchKey } from '../../transport/wire/match-key.js'
import type { RunPath, RunPaths } from '../lines/run-paths.js'
import type { RunObserver } from '../result/run-observer.js'
import type { World } from '../world.js'
import type { StrayMessages } from './strays.js'
import type { WireOf } from './wrong-wire.js'

export interface Dialer {
  /** `lasting`: reconnects when it is lost; else for one conversation. */
  dial(lasting: boolean, terminal?: Terminal): Client
  /** Connects a lasting one for the first time, wherever it can; resolves to what went wrong, or to undefined. */
  open(client: Client): Promise<string | undefined>
  /** A connection that nobody hears of but its owner. */
  probe(path: RunPath, events: PathEvents): Client
}

interface Dialled {
  readonly terminal: Terminal | undefined
  readonly lasting: boolean
  readonly name: string
  /** Number of the connection, from 0; it keeps it on every path. */
  readonly number: number
}

/** Exchanges that may wait for one connection: as many as terminals may share it, before arrivals are unsent. */
const maxQueuedPerConnection = 100_000
/** How much longer than the terminals' timer a link that is left may live, in ms: what is in flight on it ends before. */
const partingMs = 1000

export function createDialer(setting: {
  world: World
  options: TerminalOptions
  paths: RunPaths
  rules: DialectRules
  /** The wire format of a terminal's own connection; of undefined: the format of all others. */
  wireOf: WireOf
  matchKey: MatchKey
  random: Random
  /** Undefined until the load begins. */
  recorder: () => Recorder | undefined
  onConnectTime: (ms: number) => void
  /** A connection is there, for the first time or again. */
  onUp: (client: Client) => void
  onHostRequest: HostRequest
  /** An answer to a request that had timed out: the key that both share, and the answer from MTI to last field. */
  onLate?: ((key: string, answer: Uint8Array, at: number) => void) | undefined
  /** Hears of what came and answers nothing. */
  strays: StrayMessages
  /** Hears how connections fare. */
  observer?: RunObserver | undefined
}): Dialer {
  const { options, paths, wireOf, matchKey, random, recorder, observer, strays } = setting
  const { clock } = setting.world
  const { from: fromMs, to: toMs, jitter } = options.reconnect
  const maxInFlight = typeof options.connections === 'object' ? options.connections.inFlight : maxQueuedPerConnection
  const hostDown = createHostDown(setting.rules)
  const silentAfter = options.dialAnew ? 1 : options.failover.afterTimeouts
  const lastingOnes = new Map<Client, PathClient>()
  let dialled = 0
  paths.onSwitch(() => {
    for (const client of lastingOnes.values()) client.move()
  })

  // Made for every transaction where each has a connection of its own: written out, since spreading costs.
  const open = (path: RunPath, events: PathEvents, { terminal, lasting, name, number }: Dialled): Client => {
    const link: ClientOptions = {
      network: observer?.network(path.network, number) ?? path.network,
      address: path.address,
      wire: wireOf(terminal),
      clock,
      random: random.fork(name),
      matchKey,
      connectTimeoutMs: options.connectTimeout,
      maxInFlight,
      maxQueued: maxQueuedPerConnection,
      silence: events.silence,
      onUp: events.onUp,
      onDown(reason, detail) {
        if (reason === 'badFrame') strays.badFrame(number, detail ?? reason)
        observer?.down(number, reason)
        events.onDown(reason, detail)
      },
      onLate({ peek, body }, at) {
        recorder()?.late(at)
        if (peek === undefined) return
        const key = matchKey.ofAnswer(peek)
        observer?.late(number, key, at)
        setting.onLate?.(key, body, at)
      },
      onUnmatched: (_, explanation) => strays.unmatched(explanation),
      onPartial: strays.partial,
      onUnreadable: (explanation, at) => strays.unreadable(number, explanation, at),
      ...{ onRequest: setting.onHostRequest, onConnectTime: setting.onConnectTime },
      onBackPressure: (at) => recorder()?.backPressed(at),
    }
    return createClient(lasting ? { ...link, reconnect: { fromMs, toMs, jitter } } : link)
  }

  return {
    dial(lasting, terminal) {
      const number = dialled++
      const [path] = paths.all
      // The usual case, a million times a run: nothing to choose, and nothing that could fall silent for long.
      if (!lasting && path !== undefined && paths.choice === undefined)
        return open(path, unheard, { terminal, lasting, name: `reconnect ${number + 1}`, number })
      let links = 0
      const client = createPathClient({
        ...{ paths: paths.all, choice: paths.choice, clock, hostDown, onUp: setting.onUp },
        open: (path, events) => {
          const name = links++ === 0 ? `reconnect ${number + 1}` : `reconnect ${number + 1}, link ${links}`
          return open(path as RunPath, events, { terminal, lasting, name, number })
        },
        silentAfter: lasting ? silentAfter : undefined,
        drainMs: options.timeout + partingMs,
      })
      if (lasting) lastingOnes.set(client, client)
      return client
    },
    open: async (client) => await lastingOnes.get(client)?.tryAll(),
    probe: ({ network, address }, events) =>
      createClient({
        ...{ clock, matchKey, connectTimeoutMs: options.connectTimeout, wire: wireOf(undefined) },
        ...{ ...events, network, address, random: random.fork('probe') },
      }),
  }
}

const unheard: PathEvents = { onUp: () => {}, onDown: () => {}, silence: undefined }

/** Why an answer says that its host is down. */
function createHostDown({ responseCode, codes, codeClasses }: DialectRules): PathClientOptions['hostDown'] {
  const down = new Set(codeClasses?.down ?? [codes.issuerDown, codes.malfunction])
  return ({ peek }) => {
    const code = peek?.text(responseCode)
    return code !== undefined && down.has(code) ? `answers with ${code}` : undefined
  }
}
