// A network that counts what really passes on its links: put under the faults, it knows what they let through.

import type { Link, LinkHandlers, Network } from '../transport/network/link.js'

/** Bytes on one side of a proxy. */
export interface ByteCounts {
  written: number
  read: number
}

/** Counts the links that connect() makes, and those that are accepted. */
export function countedNetwork(network: Network, counts: ByteCounts): Network {
  return {
    listen: (address, accept, options) =>
      network.listen(address, (link) => listening(accept(counted(link, counts)), counts), options),
    connect: (address, handlers, options) =>
      counted(network.connect(address, listening(handlers, counts), options), counts),
  }
}

function listening(handlers: LinkHandlers, counts: ByteCounts): LinkHandlers {
  return {
    ...handlers,
    onData: (bytes) => {
      counts.read += bytes.length
      handlers.onData(bytes)
    },
  }
}

function counted(link: Link, counts: ByteCounts): Link {
  return {
    peer: link.peer,
    write(bytes) {
      counts.written += bytes.length
      return link.write(bytes)
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    end: () => link.end(),
    reset: () => link.reset(),
  }
}
