// Ranges of addresses as people write them (CIDR), and whether an address is in one. Names are in no range.

import net from 'node:net'
import { UsageError } from '../../base/errors.js'

export interface AddressRanges {
  /** `host` is an IP address; of a name, false. */
  includes(host: string): boolean
}

/** '10.0.0.0/8', '::1/128' or a single address. Throws UsageError; `where` is what the ranges were given for. */
export function parseAddressRanges(texts: readonly string[], where: string): AddressRanges {
  const list = new net.BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.trim().split('/')
    const version = net.isIP(address)
    const longest = version === 6 ? 128 : 32
    const prefix = bits === undefined ? longest : Number(bits)
    if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > longest)
      throw new UsageError(`expected an address or a range such as 10.0.0.0/8, got ${JSON.stringify(text)}`, { where })
    list.addSubnet(address, prefix, family(version))
  }
  return {
    includes(host) {
      const version = net.isIP(host)
      return version !== 0 && list.check(host, family(version))
    },
  }
}

const family = (version: number) => (version === 6 ? 'ipv6' : 'ipv4')
