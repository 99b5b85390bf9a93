// Addresses as people write them. Without a host it is this machine's loopback: nothing listens in public by omission.

import { UsageError } from '../../base/errors.js'
import type { Address } from './link.js'

const loopback = '127.0.0.1'

/** 'HOST:PORT', ':PORT' (127.0.0.1) or '[::1]:PORT'. Throws UsageError; `where` is what the address was given for. */
export function parseAddress(text: string, where?: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    const problem = `expected HOST:PORT such as 127.0.0.1:8583, got ${JSON.stringify(text)}`
    throw new UsageError(problem, where === undefined ? {} : { where })
  }
  return { host: match[1] ?? (match[2] || loopback), port }
}

/** The inverse: 'host:port', with brackets around an IPv6 host. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
