// The control API: Toxiproxy's routes, ours, and the metrics, over one set of proxies.

import { UsageError } from '../base/errors.js'
import type { ControlledWorld } from './controlled.js'
import { createEventStream } from './event-stream.js'
import { isLoopback } from './guard.js'
import { startHttpServer } from './http-server.js'
import { isochronRoutes } from './isochron-routes.js'
import { createMetrics } from './metrics.js'
import { createRegistry } from './registry.js'
import { toxiproxyRoutes } from './toxiproxy-routes.js'

/** Toxiproxy's own. */
export const defaultControlPort = 8474

export interface ControlOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Mandatory where `host` is not loopback. */
  readonly token?: string | undefined
  readonly world: ControlledWorld
  /** The version of this program. */
  readonly version: string
  readonly onInternalError?: (error: Error) => void
}

export interface Control {
  readonly host: string
  readonly port: number
  /** Ends the API, then closes its proxies. Idempotent. */
  close(): Promise<void>
}

/** Rejects with UsageError for a public address without a token, with StartError when the port cannot be had. */
export async function startControl(options: ControlOptions): Promise<Control> {
  const { host, port, token, world, version, onInternalError } = options
  if (!isLoopback(host) && (token === undefined || token === ''))
    throw new UsageError(`--control ${host}:${port}: off loopback a token is mandatory; give --token-file FILE`)
  const registry = createRegistry(world)
  const events = createEventStream(world)
  const routes = [
    ...toxiproxyRoutes(registry),
    ...isochronRoutes({ registry, world, events, version }),
    { methods: ['GET'], path: '/metrics', handle: createMetrics(registry) },
  ]
  const server = await startHttpServer({ host, port, token, routes, ...(onInternalError && { onInternalError }) })
  return {
    host,
    port: server.port,
    async close() {
      await server.close()
      await registry.close()
    },
  }
}
