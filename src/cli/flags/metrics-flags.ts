// `--metrics [HOST:]PORT`: figures for Prometheus while a role runs.

import { UsageError } from '../../base/errors.js'
import type { LiveSnapshot } from '../../report/live/snapshot.js'
import { formatAddress, parseAddress } from '../../run/addresses.js'
import type { MetricsPlace } from '../../run/metrics/role-metrics.js'
import { readToken } from '../../run/proxy/control-token.js'
import type { Progress } from '../progress.js'
import { text } from './options.js'

export const metricsOptions = {
  metrics: text('metrics', '[HOST:]PORT of /metrics for Prometheus; on loopback when no host is named'),
} as const

/** The options of commands that have no control API. */
export const metricsTokenOptions = {
  'token-file': text('token-file', 'file with the token of --metrics; mandatory off loopback'),
} as const

/** Undefined without --metrics. Throws UsageError. */
export function metricsPlace(flags: {
  readonly metrics: string | undefined
  readonly 'token-file': string | undefined
}): MetricsPlace | undefined {
  const { metrics, 'token-file': tokenFile } = flags
  if (metrics === undefined) return undefined
  const at = parseAddress(/^\d+$/.test(metrics) ? `:${metrics}` : metrics, '--metrics:')
  return { ...at, ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }) }
}

export interface Watched extends AsyncDisposable {
  readonly onSnapshot: (live: LiveSnapshot) => void
  readonly metered: boolean
}

/** Progress, and metrics beside it where they are asked for. Rejects as the metrics' listener does. */
export async function watchRun(
  progress: Progress,
  { metrics: place, clock }: { readonly metrics?: MetricsPlace | undefined; readonly clock?: 'real' | 'virtual' },
): Promise<Watched> {
  if (place === undefined)
    return { onSnapshot: progress.snapshot, metered: false, [Symbol.asyncDispose]: async () => {} }
  if (clock === 'virtual')
    throw new UsageError('--metrics: nobody can watch virtual time; leave --clock or --metrics out')
  const { startRunMetrics } = await import('../../run/metrics/run-metrics.js')
  const metrics = await startRunMetrics(place)
  progress.line(`metrics on http://${formatAddress(metrics.address)}/metrics`)
  return {
    onSnapshot(live) {
      metrics.snapshot(live)
      progress.snapshot(live)
    },
    metered: true,
    [Symbol.asyncDispose]: () => metrics.close(),
  }
}
