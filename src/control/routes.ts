// Paths to handlers. A handler is handed the parts of the path and the body, and returns what is answered.

import { ApiError } from './api-error.js'

export interface ApiRequest {
  /** The parts of the path that stand where the route has a `:name`, decoded. */
  readonly params: readonly string[]
  /** The body as JSON; throws ApiError when it is none. An empty body is undefined. */
  json(): unknown
}

export type ApiAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly type?: string }
  | { readonly kind: 'text'; readonly status: number; readonly text: string; readonly type: string }
  | { readonly kind: 'empty'; readonly status: number }
  /** The connection stays open; `start` is handed what writes a line, and returns what is called when the client is gone. */
  | { readonly kind: 'stream'; readonly start: (write: (text: string) => void) => () => void }

export type Handler = (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>

export interface ControlRoute {
  readonly methods: readonly string[]
  /** '/proxies/:proxy/toxics'. */
  readonly path: string
  readonly handle: Handler
}

export const json = (status: number, body: unknown): ApiAnswer => ({ kind: 'json', status, body })
export const noContent: ApiAnswer = { kind: 'empty', status: 204 }

/** The handler of a request and its parameters. Throws ApiError 404 for an unknown path, 405 for another method. */
export function createRouter(
  routes: readonly ControlRoute[],
): (method: string, path: string) => { readonly handle: Handler; readonly params: readonly string[] } {
  const compiled = routes.map((route) => ({ route, parts: partsOf(route.path) }))
  return (method, path) => {
    const given = partsOf(path)
    const fitting = compiled.filter(({ parts }) => fits(parts, given))
    const found = fitting.find(({ route }) => route.methods.includes(method))
    if (found === undefined) {
      throw fitting.length === 0
        ? new ApiError(404, `no such path; this API has Toxiproxy's routes, and its own under /isochron/`)
        : new ApiError(405, `${method} is not allowed here`)
    }
    const params = given.filter((_, index) => found.parts[index]?.startsWith(':') === true).map(decode)
    return { handle: found.route.handle, params }
  }
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '')

const fits = (parts: readonly string[], given: readonly string[]) =>
  parts.length === given.length && parts.every((part, index) => part.startsWith(':') || part === given[index])

/** Clients put names into paths as they are; what is no valid escape is taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
