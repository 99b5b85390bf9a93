// A line in virtual time with faults in it: what was sent when, and what arrived when, in words.

import { createRandom } from '../../src/base/random.js'
import { createVirtualClock, type VirtualClock } from '../../src/base/virtual-clock.js'
import { faultCatalogue } from '../../src/faults/catalogue.js'
import { createFaultChain, type FaultChain, type FaultSpec } from '../../src/faults/chain.js'
import { faultyNetwork } from '../../src/faults/engine/faulty-network.js'
import type { Selector } from '../../src/faults/selector.js'
import type { Link, LinkHandlers } from '../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'

/** A fault as a scenario writes it: `spec('latency', { latency: '50ms' })`. */
export function spec(
  type: string,
  attributes: Record<string, unknown> = {},
  selector: Selector = {},
  name = type,
): FaultSpec {
  const fault = faultCatalogue.find((each) => each.type === type)
  if (fault === undefined) throw new Error(`no fault ${type}`)
  return { name, on: 'network', type, attributes: fault.attributes.parse(attributes), selector }
}

export interface Line {
  readonly clock: VirtualClock
  readonly chain: FaultChain
  /** Connects at once; what happens to the client's side is in its `heard`. */
  connect(): Side
  /** The events on the host's side of the newest connection, and its link. */
  readonly host: Side
}

export interface Side {
  readonly link: Link
  /** `open@0`, `hello@50`, `end@60`, `closed reset@60`. */
  readonly heard: string[]
}

const address = { host: 'host', port: 8583 }

export async function openLine(
  faults: readonly FaultSpec[],
  options: { seed?: number; connectTimeoutMs?: number } = {},
) {
  const clock = createVirtualClock()
  const chain = createFaultChain({ clock, random: createRandom(options.seed ?? 1), faults, startedAt: 0 })
  const plain = createSimulatedNetwork({ clock })
  const network = faultyNetwork(plain, { chain, clock })
  const hosts: Side[] = []
  await plain.listen(address, (link) => {
    const side = { link, heard: [] as string[] }
    hosts.push(side)
    const handlers = listening(clock, side.heard)
    return {
      ...handlers,
      onEnd: () => {
        handlers.onEnd?.()
        link.end()
      },
    }
  })
  const line: Line = {
    clock,
    chain,
    connect() {
      const heard: string[] = []
      const link = network.connect(
        address,
        { onOpen: () => heard.push(at(clock, 'open')), ...listening(clock, heard) },
        {
          connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
        },
      )
      return { link, heard }
    },
    get host() {
      return hosts.at(-1) as Side
    },
  }
  return line
}

export const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

function listening(clock: VirtualClock, heard: string[]): LinkHandlers {
  return {
    onData: (chunk) => heard.push(at(clock, Buffer.from(chunk).toString('latin1'))),
    onEnd: () => heard.push(at(clock, 'end')),
    onClose: (reason) => heard.push(at(clock, `closed ${reason}`)),
  }
}

const at = (clock: VirtualClock, what: string) => `${what}@${Math.round(clock.now() * 1000) / 1000}`
