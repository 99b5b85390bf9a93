// The echoes that tell which of a run's hosts and routes work, put together.

import type { Clock } from '../../base/clock.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import { type PathProbe, startPathProbe } from '../../terminal/paths/path-probe.js'
import type { RequestMaker } from '../../terminal/requests/request-maker.js'
import type { Terminal } from '../../terminal/terminal.js'
import type { Speaker } from '../dialect-speaker.js'
import type { RunPath, RunPaths } from '../lines/run-paths.js'
import type { Dialer } from './dialer.js'
import type { PlannedMessages } from './planned-messages.js'

/** Undefined where there is one path only. */
export function probePaths(setting: {
  readonly options: Pick<TerminalOptions, 'failover'>
  readonly speaker: Speaker
  readonly paths: RunPaths
  readonly dialer: Pick<Dialer, 'probe'>
  readonly makeRequest: RequestMaker
  readonly messages: Pick<PlannedMessages, 'plan'>
  readonly terminals: readonly Terminal[]
  readonly clock: Clock
}): PathProbe | undefined {
  const { options, speaker, paths, dialer, makeRequest, messages, terminals, clock } = setting
  const { probeEvery, probeTimeout } = options.failover
  const { echo } = speaker.dialect.rules
  if (paths.choice === undefined) return undefined
  return startPathProbe({
    ...{ paths: paths.all, choice: paths.choice, makeRequest, clock },
    open: (path, events) => dialer.probe(path as RunPath, events),
    plan: echo === undefined ? undefined : messages.plan(echo),
    terminal: terminals[0] as Terminal,
    everyMs: probeEvery,
    timeoutMs: probeTimeout,
  })
}
