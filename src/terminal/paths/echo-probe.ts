// Echo tests (0800) beside the load: how long the line and the host's door take, without the host's work.

import type { Clock, Timer } from '../../base/clock.js'
import type { Client } from '../../transport/client/client.js'
import { createControlExchange } from '../exchange/control-exchange.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { RequestMaker } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'

export interface EchoProbe {
  close(): void
}

/** The path of a probe: a terminal and the connection that it uses. `release` is called when the probe is over. */
export interface EchoPath {
  readonly terminal: Terminal
  acquire(): Client
  release(client: Client): void
}

/** Sends an echo on every path each `everyMs`, spread evenly; a path whose last echo is unanswered is left out. */
export function startEchoProbe(options: {
  paths: readonly EchoPath[]
  plan: MessagePlan
  makeRequest: RequestMaker
  clock: Clock
  everyMs: number
  timeoutMs: number
  /** Milliseconds from the socket to the answer. */
  onEcho: (ms: number, at: number) => void
  /** Every echo, answered or not. `at`: when it was sent; `ms` undefined: no answer came; `isFailed`: before its time ran out. */
  onSeen?: (seen: { at: number; ms: number | undefined; isFailed: boolean; terminal: Terminal }) => void
  /** Beside each echo; left out: nothing. */
  connects?: { probe(): void; close(): void } | undefined
}): EchoProbe {
  const { paths, plan, makeRequest, clock, everyMs, timeoutMs, onEcho, onSeen, connects } = options
  const busy = new Set<EchoPath>()
  let next = 0
  let timer: Timer

  const probe = (path: EchoPath) => {
    if (busy.has(path)) return
    busy.add(path)
    const sentAt = clock.now()
    const client = path.acquire()
    const request = makeRequest(plan, path.terminal)
    client.send(
      createControlExchange({
        request,
        sendBefore: clock.now() + timeoutMs,
        timeoutMs,
        onEnd: (ending) => {
          busy.delete(path)
          const isAnswered = ending.kind === 'answered'
          if (isAnswered) onEcho(ending.at - ending.writtenAt, ending.at)
          const at = isAnswered ? ending.writtenAt : sentAt
          const ms = isAnswered ? ending.at - at : undefined
          onSeen?.({ at, ms, isFailed: ending.kind === 'failed', terminal: path.terminal })
          path.release(client)
        },
      }),
    )
  }

  const tick = () => {
    timer = clock.after(everyMs / paths.length, tick)
    probe(paths[next++ % paths.length] as EchoPath)
    connects?.probe()
  }
  timer = clock.after(everyMs / paths.length, tick)
  return {
    close() {
      timer.cancel()
      connects?.close()
    },
  }
}
