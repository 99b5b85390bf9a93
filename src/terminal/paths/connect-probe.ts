// Opens a new connection beside the load and closes it at once: how long connecting alone takes, whatever older connections
// are doing. Whoever made the network hears how it went.

import type { Address, Link, Network } from '../../transport/network/link.js'

export interface ConnectProbe {
  /** One attempt; left out while too many are under way. */
  probe(): void
  /** Ends what is under way. Idempotent. */
  close(): void
}

/** Attempts under way at once: a host that does not answer must not be met with ever more. */
const maxUnderWay = 8

export function createConnectProbe(options: {
  network: Network
  address: Address
  connectTimeoutMs: number
}): ConnectProbe {
  const { network, address, connectTimeoutMs } = options
  const underWay = new Set<Link>()
  return {
    probe() {
      if (underWay.size >= maxUnderWay) return
      const link: Link = network.connect(
        address,
        {
          onOpen: () => link.end(),
          onData: () => {},
          onEnd: () => link.end(),
          onClose: () => underWay.delete(link),
        },
        { connectTimeoutMs },
      )
      underWay.add(link)
    },
    close() {
      for (const link of underWay) link.reset()
    },
  }
}
