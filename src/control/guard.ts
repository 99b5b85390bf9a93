// Who may speak to the control API: programs of this machine. Pages in a browser of this machine may not, neither by
// their own name (Origin, User-Agent) nor by a name of theirs that points here (Host); off loopback a token decides.

import { ApiError } from './api-error.js'

export interface GuardOptions {
  /** Host that the API listens on; requests may name it beside the names of loopback. */
  readonly host: string
  /** Demanded as `Authorization: Bearer TOKEN`. */
  readonly token?: string | undefined
}

/** The headers that decide, in lower case as node:http has them. */
export interface GuardedHeaders {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly authorization?: string | undefined
  readonly 'user-agent'?: string | undefined
}

/** Throws ApiError 401 or 403 for a request that is not to be served. */
export function createGuard({ host, token }: GuardOptions): (headers: GuardedHeaders) => void {
  return (headers) => {
    if (headers['user-agent']?.startsWith('Mozilla/') === true) throw new ApiError(403, 'User agent not allowed')
    if (headers.origin !== undefined) throw new ApiError(403, 'requests from web pages are not allowed')
    if (!isOurs(hostOf(headers.host ?? ''), host))
      throw new ApiError(403, 'Host not allowed: speak to 127.0.0.1 or localhost')
    if (token !== undefined && !equals(headers.authorization ?? '', `Bearer ${token}`))
      throw new ApiError(401, 'token missing or wrong: send Authorization: Bearer TOKEN')
  }
}

const hostOf = (header: string) => header.replace(/:\d+$/, '').toLowerCase()

/** Whether a host is one of loopback's names or addresses. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(bare)
}

/** On every address of the machine any of them may be named: a page's trick with names needs a name, not an address. */
function isOurs(named: string, own: string): boolean {
  const bare = named.replace(/^\[|\]$/g, '')
  return isLoopback(named) || bare === own.toLowerCase() || (everyAddress.includes(own) && isAddress(bare))
}

const everyAddress = ['0.0.0.0', '::']
const isAddress = (host: string) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':')

/** Looks at every character, however early two texts differ. */
function equals(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length
  for (let index = 0; index < given.length; index++) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index % expected.length)
  }
  return difference === 0
}
