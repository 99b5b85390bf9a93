// Where a proxy may listen and what it may dial: this machine, and what the user named.

import { ApiError } from '../../control/api-error.js'
import type { AddressPolicy } from '../../control/controlled.js'
import { isLoopback } from '../../control/guard.js'
import { formatAddress, parseAddress } from '../../transport/network/address.js'
import { parseAddressRanges } from '../../transport/network/address-range.js'
import type { Address } from '../../transport/network/link.js'

export interface AddressPolicyOptions {
  /** CIDR ranges in which listeners may be made beside loopback. */
  readonly allowListen: readonly string[]
  /** HOST:PORT that may be dialled beside loopback. */
  readonly allowUpstream: readonly string[]
}

/** Throws UsageError for a range or an address that is none. */
export function createAddressPolicy({ allowListen, allowUpstream }: AddressPolicyOptions): AddressPolicy {
  const ranges = parseAddressRanges(allowListen, '--allow-listen:')
  const upstreams = new Set(allowUpstream.map((text) => formatAddress(parseAddress(text, '--allow-upstream:'))))
  return {
    checkListen(text) {
      const { host } = readAddress(text)
      if (isLoopback(host) || ranges.includes(host)) return
      throw new ApiError(403, `may not listen on ${host}: only on loopback, or on what --allow-listen CIDR names`)
    },
    checkUpstream(text) {
      const address = readAddress(text)
      if (isLoopback(address.host) || upstreams.has(formatAddress(address))) return
      const named = formatAddress(address)
      throw new ApiError(403, `may not dial ${named}: only loopback, --upstream, or what --allow-upstream names`)
    },
  }
}

/** An address from the control API; `localhost` is 127.0.0.1. Throws ApiError 400. */
export function readAddress(text: string): Address {
  try {
    const { host, port } = parseAddress(text)
    return { host: host.toLowerCase() === 'localhost' ? '127.0.0.1' : host, port }
  } catch (cause) {
    throw new ApiError(400, `bad request body: ${(cause as Error).message}`, { cause })
  }
}

/** Whether what is accepted there would be dialled there again: one connection would make thousands. */
export function leadsToItself(listen: Address, upstream: Address): boolean {
  if (listen.port !== upstream.port || listen.port === 0) return false
  const isEvery = listen.host === '0.0.0.0' || listen.host === '::'
  return listen.host === upstream.host || ((isEvery || isLoopback(listen.host)) && isLoopback(upstream.host))
}

export const ownUpstream = (address: Address) =>
  `the upstream ${formatAddress(address)} is the proxy itself: name the host that it is to dial`

export const sameAddress = (one: string, other: string) =>
  formatAddress(readAddress(one)) === formatAddress(readAddress(other))
