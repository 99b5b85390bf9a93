// `acquirer --metrics` and `proxy --metrics`: answers as they pass, connections and faults, for Prometheus.

import type { MeteredRole, RoleFigures } from '../../control/exposition.js'
import { startMetricsServer } from '../../control/metrics-server.js'
import { addMetered, Meter, type Metered } from '../../measure/meter.js'
import type { AnsweredRequest } from '../../tap/answer-times.js'
import type { Address } from '../../transport/network/link.js'

export interface MetricsPlace extends Address {
  /** Mandatory off loopback. */
  readonly token?: string | undefined
}

export interface RunningMetrics extends AsyncDisposable {
  readonly address: Address
  /** Idempotent. */
  close(): Promise<void>
}

export interface RoleMeter {
  readonly onAnswered: (answered: AnsweredRequest) => void
  /** Begins to listen; `look` is asked at each scrape. Rejects as startMetricsServer does. */
  listen(place: MetricsPlace, look: () => Omit<RoleFigures, 'role' | 'metered' | 'judgesTime'>): Promise<RunningMetrics>
}

/**
 * Counts from the first answer on, whoever looks. A type is the MTI of the request. `elsewhere` tells what other processes of the
 * role have counted.
 */
export function createRoleMeter(role: MeteredRole, elsewhere: () => readonly Metered[] = () => []): RoleMeter {
  const meter = new Meter()
  return {
    onAnswered: (answered) => meter.recordAnswer(answered),
    async listen(place, look) {
      const figures = () => ({
        ...look(),
        role,
        metered: addMetered([meter.read(), ...elsewhere()]),
        judgesTime: false,
      })
      const server = await startMetricsServer({ ...place, look: figures })
      const { host, port, close } = server
      return { address: { host, port }, close, [Symbol.asyncDispose]: close }
    },
  }
}
