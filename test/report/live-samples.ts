// A run under way, before its load and in it.

import type { RunningSnapshot, StartingSnapshot } from '../../src/report/live/snapshot.js'

export const running: RunningSnapshot = {
  stage: 'load',
  ...{ elapsedMs: 12_400, durationMs: 60_000, warmupMs: 5000, drainMs: 30_000 },
  offered: 1200,
  outcomes: { approved: 1100, declined: 0, timedOut: 3, failed: 0, unsent: 0 },
  ...{ timely: 1090, inFlight: 97, offeredRate: 100, perSecond: 99.5 },
  ...{ p50: 12.3, p99: 412, lagP99: 0.4, eventLoopP99: 1.2 },
  responseCodes: { '00': 1090, '51': 10 },
  faults: ['stall'],
}
export const starting: StartingSnapshot = {
  ...{ stage: 'starting', elapsedMs: 2000, doing: 'signOn', connected: 140, done: 100, failed: 2, of: 200 },
}
