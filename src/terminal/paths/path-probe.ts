// Echoes (0800) to every host over every route, each on a connection of its own: which of them works, and how fast.

import type { Clock, Timer } from '../../base/clock.js'
import type { Client } from '../../transport/client/client-options.js'
import { createControlExchange } from '../exchange/control-exchange.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { RequestMaker } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'
import type { PathChoice } from './path-choice.js'
import type { HostPath, PathEvents } from './path-client.js'

export interface PathProbe {
  close(): Promise<void>
}

export interface PathProbeOptions {
  readonly paths: readonly HostPath[]
  readonly choice: Pick<PathChoice, 'echoed' | 'echoMissed'>
  /** A connection for one conversation. */
  readonly open: (path: HostPath, events: PathEvents) => Client
  /** Undefined where the dialect has no echo: then it is a connection that counts, a new one each time. */
  readonly plan: MessagePlan | undefined
  readonly makeRequest: RequestMaker
  /** In whose name the echoes are sent. */
  readonly terminal: Terminal
  readonly clock: Clock
  readonly everyMs: number
  readonly timeoutMs: number
}

/** An echo waits for its connection as long as that takes: whoever dials has a timeout of his own. */
const connectingMs = 600_000

/** The first echoes leave at once; a path whose last one is open is left out. */
export function startPathProbe(options: PathProbeOptions): PathProbe {
  const { paths, clock, everyMs } = options
  const probes = paths.map((path) => probeOf(path, options))
  let timer: Timer
  const tick = () => {
    timer = clock.after(everyMs, tick)
    for (const { probe } of probes) probe()
  }
  timer = clock.after(0, tick)
  return {
    async close() {
      timer.cancel()
      await Promise.all(probes.map(({ close }) => close()))
    },
  }
}

function probeOf(path: HostPath, options: PathProbeOptions) {
  const { choice, open, plan, makeRequest, terminal, clock, timeoutMs } = options
  let client: Client | undefined
  let isOpen = false
  const settle = (echoMs: number | undefined) => {
    if (!isOpen) return
    isOpen = false
    if (echoMs === undefined) choice.echoMissed(path, clock.now())
    else choice.echoed(path, clock.now(), echoMs)
    if (echoMs === undefined || plan === undefined) hangUp()
  }
  const hangUp = () => {
    const left = client
    client = undefined
    return left?.close(0)
  }
  const dial = () => {
    const startedAt = clock.now()
    const dialled = open(path, {
      onUp: () => plan === undefined && settle(clock.now() - startedAt),
      onDown: () => {
        if (client === dialled) client = undefined
        if (plan === undefined) settle(undefined)
      },
    })
    return dialled
  }
  const echo = (to: Client, with_: MessagePlan) =>
    to.send(
      createControlExchange({
        request: makeRequest(with_, terminal),
        sendBefore: clock.now() + connectingMs,
        timeoutMs,
        onEnd: (ending) => settle(ending.kind === 'answered' ? ending.at - ending.writtenAt : undefined),
      }),
    )

  return {
    probe() {
      if (isOpen) return
      isOpen = true
      client ??= dial()
      if (plan === undefined) client.connect()
      else echo(client, plan)
    },
    async close() {
      isOpen = false
      await hangUp()
    },
  }
}
