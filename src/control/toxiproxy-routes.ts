// Toxiproxy's own routes, statuses and bodies: clients written for it work unchanged.

import { ApiError } from './api-error.js'
import type { Registry } from './registry.js'
import { type ApiAnswer, type ApiRequest, type ControlRoute, json, noContent } from './routes.js'

/** The version of Toxiproxy whose API this is: clients decide by it what they may ask for. */
const compatibleVersion = '2.12.0'

const change = ['POST', 'PATCH'] as const

export function toxiproxyRoutes(registry: Registry): readonly ControlRoute[] {
  const name = (params: readonly string[]) => params[0] as string
  const toxic = (params: readonly string[]) => params[1] as string
  const all = () => Object.fromEntries([...registry.entries.keys()].map((each) => [each, registry.view(each)]))

  return [
    { methods: ['GET'], path: '/version', handle: version },
    { methods: ['GET'], path: '/proxies', handle: () => json(200, all()) },
    {
      methods: ['POST'],
      path: '/proxies',
      handle: async (request) => json(201, await registry.create(request.json())),
    },
    {
      methods: ['POST'],
      path: '/populate',
      handle: async (request) => populated(await populate(registry, request)),
    },
    {
      methods: ['POST'],
      path: '/reset',
      handle: async () => {
        await registry.reset()
        return noContent
      },
    },
    { methods: ['GET'], path: '/proxies/:proxy', handle: ({ params }) => json(200, registry.view(name(params))) },
    {
      methods: change,
      path: '/proxies/:proxy',
      handle: async (request) => json(200, await registry.update(name(request.params), request.json())),
    },
    {
      methods: ['DELETE'],
      path: '/proxies/:proxy',
      handle: async ({ params }) => {
        await registry.remove(name(params))
        return noContent
      },
    },
    {
      methods: ['GET'],
      path: '/proxies/:proxy/toxics',
      handle: ({ params }) => json(200, registry.view(name(params)).toxics),
    },
    {
      methods: ['POST'],
      path: '/proxies/:proxy/toxics',
      handle: (request) => json(200, registry.addToxic(name(request.params), request.json())),
    },
    {
      methods: ['GET'],
      path: '/proxies/:proxy/toxics/:toxic',
      handle: ({ params }) => json(200, registry.toxic(name(params), toxic(params))),
    },
    {
      methods: change,
      path: '/proxies/:proxy/toxics/:toxic',
      handle: (request) => json(200, registry.updateToxic(name(request.params), toxic(request.params), request.json())),
    },
    {
      methods: ['DELETE'],
      path: '/proxies/:proxy/toxics/:toxic',
      handle: ({ params }) => {
        registry.removeToxic(name(params), toxic(params))
        return noContent
      },
    },
  ]
}

const version = (): ApiAnswer => ({
  kind: 'json',
  status: 200,
  body: { version: compatibleVersion },
  type: 'application/json;charset=utf-8',
})

/** A body that is no JSON is answered in the same shape as one that does not fit. */
async function populate(registry: Registry, request: ApiRequest): ReturnType<Registry['populate']> {
  try {
    return await registry.populate(request.json())
  } catch (error) {
    if (error instanceof ApiError) return { proxies: null, error }
    throw error
  }
}

function populated({ proxies, error }: Awaited<ReturnType<Registry['populate']>>): ApiAnswer {
  if (error === undefined) return json(201, { proxies })
  return json(error.status, { proxies, error: error.message, status: error.status })
}
