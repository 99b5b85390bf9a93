// The door of a host that can be shut: connections are refused and cut while nobody is at work behind it.

import type { Link, LinkHandlers, Listener, ListenOptions, Network } from '../../transport/network/link.js'
import type { HostConditions } from './host-conditions.js'

export interface HostGateOptions {
  readonly network: Network
  readonly host: HostConditions
  /** The port could not be had back when the outage was over. */
  readonly onTrouble: (line: string) => void
}

/** A network whose listeners stop listening while the host's outage is `refuse`, and whose links are cut when it begins. */
export function gatedNetwork({ network, host, onTrouble }: HostGateOptions): Network {
  return {
    connect: (address, handlers, options) => network.connect(address, handlers, options),
    async listen(address, accept, options) {
      const links = new Set<Link>()
      const door = new Door(network, (link) => enter(links, link, accept(link)), options, onTrouble)
      await door.open(address)
      host.onChange((begun) => {
        if (begun.some(({ cutsConnections }) => cutsConnections === true)) for (const link of [...links]) link.reset()
        if (host.state().outage === 'refuse') door.shut()
        else door.reopen()
      })
      return door
    },
  }
}

function enter(links: Set<Link>, link: Link, handlers: LinkHandlers): LinkHandlers {
  links.add(link)
  return {
    ...handlers,
    onClose(reason, detail) {
      links.delete(link)
      handlers.onClose(reason, detail)
    },
  }
}

/** One listener that comes and goes at one address. */
class Door implements Listener {
  address = { host: '', port: 0 }
  readonly #network: Network
  readonly #accept: (link: Link) => LinkHandlers
  readonly #options: ListenOptions | undefined
  readonly #onTrouble: (line: string) => void
  #listener: Listener | undefined
  /** Steps are taken one after another: an outage may be over before its door is shut. */
  #turn: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(
    network: Network,
    accept: (link: Link) => LinkHandlers,
    options: ListenOptions | undefined,
    onTrouble: (line: string) => void,
  ) {
    this.#network = network
    this.#accept = accept
    this.#options = options
    this.#onTrouble = onTrouble
  }

  async open(address: { readonly host: string; readonly port: number }): Promise<void> {
    this.#listener = await this.#network.listen(address, this.#accept, this.#options)
    this.address = this.#listener.address
  }

  shut(): void {
    this.#then(async () => {
      const listener = this.#listener
      this.#listener = undefined
      await listener?.close()
    })
  }

  reopen(): void {
    this.#then(async () => {
      if (this.#listener === undefined && !this.#isClosed) await this.open(this.address)
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.shut()
    await this.#turn
  }

  #then(step: () => Promise<void>): void {
    this.#turn = this.#turn.then(step).catch((error: Error) => this.#onTrouble(error.message))
  }
}
