// `run --metrics`: what a run says of itself once a second, for Prometheus.

import type { RoleFigures } from '../../control/exposition.js'
import { startMetricsServer } from '../../control/metrics-server.js'
import { nothingMetered } from '../../measure/meter.js'
import { saturatedBecause } from '../../measure/saturation.js'
import type { LiveSnapshot } from '../../report/live/snapshot.js'
import type { MetricsPlace, RunningMetrics } from './role-metrics.js'

export interface RunMetrics extends RunningMetrics {
  readonly snapshot: (live: LiveSnapshot) => void
}

/** Rejects as startMetricsServer does. */
export async function startRunMetrics(place: MetricsPlace): Promise<RunMetrics> {
  let figures: RoleFigures = { role: 'terminal', metered: nothingMetered, judgesTime: true }
  // A fault that acted and acts no more is 0, not gone.
  const faults = new Map<string, boolean>()
  const server = await startMetricsServer({ ...place, look: () => figures })
  return {
    address: { host: server.host, port: server.port },
    snapshot(live) {
      if (live.stage === 'starting') figures = { ...figures, connections: live.connected }
      else {
        for (const name of faults.keys()) faults.set(name, false)
        for (const name of live.faults ?? []) faults.set(name, true)
        figures = { ...runFigures(live), activeFaults: Object.fromEntries(faults) }
      }
    },
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  }
}

function runFigures(live: Exclude<LiveSnapshot, { stage: 'starting' }>): RoleFigures {
  const { lagP99, eventLoopP99, p50, elapsedMs, durationMs } = live
  const because = saturatedBecause({
    lagP99Ms: lagP99,
    responseP50Ms: p50,
    eventLoopDelayP99Ms: eventLoopP99,
    unsentUnexplained: 0,
  })
  return {
    role: 'terminal',
    metered: live.metered ?? nothingMetered,
    judgesTime: true,
    inFlight: live.inFlight,
    offeredPerSecond: live.offeredRate,
    lagP99Ms: lagP99,
    eventLoopP99Ms: eventLoopP99,
    saturated: because !== undefined,
    elapsedMs,
    plannedMs: durationMs,
  }
}
