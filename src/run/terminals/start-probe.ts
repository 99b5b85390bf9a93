// The echo probes of a run: on which connections, and who hears of them.

import type { Recorder } from '../../measure/latency/recorder.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import { createConnectProbe } from '../../terminal/paths/connect-probe.js'
import { type EchoProbe, startEchoProbe } from '../../terminal/paths/echo-probe.js'
import type { Speaker } from '../dialect-speaker.js'
import type { RunPath, RunPaths } from '../lines/run-paths.js'
import type { RunObserver } from '../result/run-observer.js'
import type { World } from '../world.js'
import type { TerminalSide } from './terminal-side.js'

/** Undefined where the scenario asks for none, or the dialect has no echo. */
export function startProbe(options: {
  terminals: Pick<TerminalOptions, 'echoProbe' | 'timeout' | 'connectTimeout'>
  speaker: Speaker
  world: World
  paths: RunPaths
  side: TerminalSide
  recorder: Recorder
  observer: RunObserver
}): EchoProbe | undefined {
  const { terminals, speaker, world, paths, side, recorder, observer } = options
  const { echoProbe, timeout, connectTimeout } = terminals
  const { echo } = speaker.dialect.rules
  const plan = echo === undefined ? undefined : side.plan(echo)
  if (echoProbe === undefined || plan === undefined) return undefined
  const { connections, makeRequest } = side
  const network = observer.network(paths.network, undefined)
  return startEchoProbe({
    paths: connections.spokesmen.slice(0, echoProbe.connections).map((terminal) => ({
      terminal,
      acquire: () => connections.acquire(terminal),
      release: connections.release,
    })),
    plan,
    makeRequest,
    clock: world.clock,
    everyMs: echoProbe.every,
    timeoutMs: timeout,
    onEcho: recorder.echo,
    onSeen: ({ terminal, ...seen }) => observer.echo({ ...seen, link: observer.linkOf(terminal) }),
    connects: echoProbe.connect
      ? createConnectProbe({ network, address: (paths.all[0] as RunPath).address, connectTimeoutMs: connectTimeout })
      : undefined,
  })
}
