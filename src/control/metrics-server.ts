// GET /metrics and nothing else, for a run, an acquirer or a proxy that is not otherwise controlled.

import { UsageError } from '../base/errors.js'
import { expositionType, printExposition, type RoleFigures } from './exposition.js'
import { isLoopback } from './guard.js'
import { type HttpServer, startHttpServer } from './http-server.js'

export interface MetricsOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Mandatory where `host` is not loopback. */
  readonly token?: string | undefined
  /** Asked at each scrape. */
  readonly look: () => RoleFigures
}

/** Rejects with UsageError for a public address without a token, with StartError when the port cannot be had. */
export function startMetricsServer({ host, port, token, look }: MetricsOptions): Promise<HttpServer> {
  if (!isLoopback(host) && (token === undefined || token === ''))
    throw new UsageError(`--metrics ${host}:${port}: off loopback a token is mandatory; give --token-file FILE`)
  const handle = () => ({ kind: 'text', status: 200, text: printExposition(look()), type: expositionType }) as const
  const what = { what: 'metrics', flag: '--metrics' }
  return startHttpServer({ host, port, token, ...what, routes: [{ methods: ['GET'], path: '/metrics', handle }] })
}
