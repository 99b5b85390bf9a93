// A network in which everything that passes is shown to a tap. What it carries is as before.

import { formatAddress } from '../transport/network/address.js'
import type { Address, Link, LinkHandlers, Network } from '../transport/network/link.js'
import type { StreamDirection, Tap, Tapped } from './tap.js'

/** Puts the tap into networks: their connections are numbered together. */
export function tapsInto(tap: Tap): (network: Network) => Network {
  let connections = 0
  const next = (peer: string, server: Address): Tapped => ({
    id: ++connections,
    peer,
    server: formatAddress(server),
  })
  return (network) => ({
    connect(address, handlers, options) {
      const connection = next(formatAddress(address), address)
      const told: LinkHandlers = {
        ...listening(handlers, tap, connection, 'downstream'),
        onOpen() {
          tap.onOpened?.(connection)
          handlers.onOpen?.()
        },
      }
      return telling(network.connect(address, told, options), tap, connection, 'upstream')
    },
    async listen(address, accept, options) {
      let at = address
      const accepting = (link: Link) => {
        const connection = next(link.peer, at)
        tap.onOpened?.(connection)
        return listening(accept(telling(link, tap, connection, 'downstream')), tap, connection, 'upstream')
      }
      const listener = await network.listen(address, accepting, options)
      at = listener.address
      return listener
    },
  })
}

function listening(handlers: LinkHandlers, tap: Tap, connection: Tapped, direction: StreamDirection): LinkHandlers {
  return {
    ...handlers,
    onData(bytes) {
      tap.onBytes(connection, direction, bytes)
      handlers.onData(bytes)
    },
    onClose(reason, detail) {
      tap.onClosed(connection, detail === undefined ? reason : `${reason}: ${detail}`)
      handlers.onClose(reason, detail)
    },
  }
}

function telling(link: Link, tap: Tap, connection: Tapped, direction: StreamDirection): Link {
  return {
    peer: link.peer,
    write(bytes) {
      tap.onBytes(connection, direction, bytes)
      return link.write(bytes)
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    end: () => link.end(),
    reset: () => link.reset(),
  }
}
