// The routes that Toxiproxy's API has no room for, under /isochron/: events, counters, live latency, whole plans of faults.

import { ApiError, apiErrors } from './api-error.js'
import type { ControlledWorld } from './controlled.js'
import type { EventStream } from './event-stream.js'
import { readFaultPlan } from './fault-plan.js'
import { maxToxics, type Registry } from './registry.js'
import { type ControlRoute, json } from './routes.js'
import { mapOf, readToxic } from './toxic.js'

export interface IsochronRoutesOptions {
  readonly registry: Registry
  readonly world: ControlledWorld
  readonly events: EventStream
  /** The version of this program. */
  readonly version: string
}

export function isochronRoutes({ registry, events, version }: IsochronRoutesOptions): readonly ControlRoute[] {
  const each = <Value>(look: (name: string) => Value) =>
    Object.fromEntries([...registry.entries.keys()].map((name) => [name, look(name)]))

  return [
    { methods: ['GET'], path: '/isochron/version', handle: () => json(200, { version }) },
    { methods: ['GET'], path: '/isochron/events', handle: () => ({ kind: 'stream', start: events.subscribe }) },
    {
      methods: ['GET'],
      path: '/isochron/counters',
      handle: () =>
        json(200, {
          proxies: each((name) => {
            const { proxy } = registry.entry(name)
            return { ...proxy.figures(), faults: proxy.faults.applied() }
          }),
        }),
    },
    {
      methods: ['GET'],
      path: '/isochron/latency',
      handle: () => json(200, { unit: 'ms', proxies: each((name) => registry.entry(name).proxy.latency() ?? null) }),
    },
    {
      // One proxy and its toxics, or nothing: no connection ever passes without them.
      methods: ['POST'],
      path: '/isochron/proxies',
      handle: async (request) => {
        const body = mapOf(request.json())
        const { toxics = [] } = body
        if (!Array.isArray(toxics)) throw apiErrors.badBody('toxics: expected an array')
        if (toxics.length > maxToxics) throw new ApiError(413, `toxics: more than ${maxToxics}`)
        const read = toxics.map(readToxic)
        if (new Set(read.map(({ name }) => name)).size < read.length) throw apiErrors.toxicExists()
        return json(201, await registry.create(body, read))
      },
    },
    {
      methods: ['GET'],
      path: '/isochron/proxies/:proxy/faults',
      handle: ({ params }) => {
        const { plan } = registry.entry(params[0] as string)
        return json(200, { faults: plan.map(({ name, type, selector }) => ({ name, type, ...selector })) })
      },
    },
    {
      methods: ['POST', 'PUT'],
      path: '/isochron/proxies/:proxy/faults',
      handle: (request) => {
        const plan = readFaultPlan(request.json())
        registry.loadPlan(request.params[0] as string, plan)
        return json(200, { faults: plan.map(({ name, type }) => ({ name, type })) })
      },
    },
  ]
}
