// A connection over sockets of one machine opens as soon as it is asked for: no relay can hold the SYN that came before it. So
// it is held before it leaves, for as long as the line's plan would take for it and for its answer.

import type { Clock } from '../../src/base/clock.js'
import type { Address, Link, LinkHandlers, Network } from '../../src/transport/network/link.js'
import type { Passage } from './world/line.js'

/** A SYN without an answer is sent again after this, in ms, and twice as long each time (RFC 6298). */
const synAgainMs = 1000

/** An attempt that has left, and that nobody has accepted yet. */
export interface Dialled {
  readonly link: number
  /** When it was first sent, in ms of the clock. */
  readonly at: number
}

export interface Holding {
  readonly clock: Clock
  /** The passage of a SYN of this link, or of its answer, at this instant. */
  readonly carry: (link: number, toHost: boolean) => Passage
  /** In the order in which they left. */
  readonly dialled: Dialled[]
}

export function createHeldNetwork(network: Network, holding: Holding): Network {
  let count = 0
  return {
    listen: (...given) => network.listen(...given),
    connect: (address, handlers, { connectTimeoutMs }) =>
      new HeldLink({ network, holding, address, handlers, connectTimeoutMs }, count++),
  }
}

interface Attempt {
  readonly network: Network
  readonly holding: Holding
  readonly address: Address
  readonly handlers: LinkHandlers
  readonly connectTimeoutMs: number
}

class HeldLink implements Link {
  readonly peer: string
  readonly #attempt: Attempt
  readonly #dialled: Dialled
  #link: Link | undefined
  #isOver = false

  constructor(attempt: Attempt, link: number) {
    const { address, holding } = attempt
    this.peer = `${address.host}:${address.port}`
    this.#attempt = attempt
    this.#dialled = { link, at: holding.clock.now() }
    holding.clock.after(0, () => this.#try(0))
  }

  write(bytes: Uint8Array): boolean {
    return this.#link?.write(bytes) ?? true
  }

  pause(): void {
    this.#link?.pause()
  }

  resume(): void {
    this.#link?.resume()
  }

  end(): void {
    if (this.#link === undefined) this.#close('local')
    else this.#link.end()
  }

  reset(): void {
    if (this.#link === undefined) this.#close('local')
    else this.#link.reset()
  }

  #try(tries: number): void {
    if (this.#isOver) return
    const { holding, connectTimeoutMs } = this.#attempt
    const { clock } = holding
    const waited = clock.now() - this.#dialled.at
    if (waited >= connectTimeoutMs) {
      this.#close('connectTimeout')
      return
    }
    const there = holding.carry(this.#dialled.link, true)
    const back = there === 'lost' || there === 'reset' ? 'lost' : holding.carry(this.#dialled.link, false)
    const isLost = typeof there !== 'number' || typeof back !== 'number'
    const wait = isLost ? synAgainMs * 2 ** tries : there + back
    const rest = connectTimeoutMs - waited
    clock.after(Math.min(wait, rest), () => {
      if (wait >= rest) this.#close('connectTimeout')
      else if (isLost) this.#try(tries + 1)
      else this.#leave(rest - wait)
    })
  }

  #leave(connectTimeoutMs: number): void {
    if (this.#isOver) return
    const { network, holding, address, handlers } = this.#attempt
    holding.dialled.push(this.#dialled)
    this.#link = network.connect(
      address,
      {
        ...handlers,
        onOpen: () => handlers.onOpen?.(),
        onClose: (reason, detail) => {
          const place = holding.dialled.indexOf(this.#dialled)
          if (place >= 0) holding.dialled.splice(place, 1)
          this.#close(reason, detail)
        },
      },
      { connectTimeoutMs },
    )
  }

  #close(...why: Parameters<LinkHandlers['onClose']>): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#attempt.holding.clock.after(0, () => this.#attempt.handlers.onClose(...why))
  }
}
