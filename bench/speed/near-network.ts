// A network without sockets: what one side writes the other reads in the next turn, all of it at once. Its own cost is next to
// nothing, so that what is measured over it is the code and not the kernel.

import { formatAddress } from '../../src/transport/network/address.js'
import type { Address, Link, LinkHandlers, Network } from '../../src/transport/network/link.js'

export function createNearNetwork(): Network {
  const listening = new Map<string, (link: Link) => LinkHandlers>()
  return {
    connect(address, handlers) {
      const accept = listening.get(formatAddress(address))
      if (accept === undefined) throw new Error(`nobody listens at ${formatAddress(address)}`)
      const [client, server] = [new NearLink(), new NearLink()]
      client.other = server
      server.other = client
      client.handlers = handlers
      server.handlers = accept(server)
      setImmediate(() => handlers.onOpen?.())
      return client
    },
    async listen(address: Address, accept) {
      listening.set(formatAddress(address), accept)
      return { address, close: async () => {} }
    },
  }
}

class NearLink implements Link {
  readonly peer = 'near'
  handlers: LinkHandlers | undefined
  other: NearLink | undefined
  #chunks: Uint8Array[] = []
  #isEnded = false
  readonly #deliver = () => {
    const chunks = this.#chunks
    this.#chunks = []
    for (const chunk of chunks) this.other?.handlers?.onData(chunk)
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isEnded) return true
    if (this.#chunks.push(bytes) === 1) setImmediate(this.#deliver)
    return true
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    setImmediate(() => {
      this.other?.handlers?.onEnd?.()
      this.handlers?.onClose('local')
      this.other?.end()
    })
  }

  reset(): void {
    this.end()
  }
}
