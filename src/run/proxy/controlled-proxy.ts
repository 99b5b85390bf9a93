// One proxy with everything that the control API has power over: its line, the faults on it, its counts and latencies.

import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import { ApiError } from '../../control/api-error.js'
import type { ControlledProxy, FaultSwitch } from '../../control/controlled.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { createFaultChain, type FaultChain } from '../../faults/chain.js'
import { faultyNetwork } from '../../faults/engine/faulty-network.js'
import type { FaultEvent } from '../../faults/fault.js'
import { countedNetwork } from '../../proxy/counted-network.js'
import { createLiveLatency, type LiveLatencyTap } from '../../proxy/live-latency.js'
import { createProxy, type ProxyLimits, type ProxyLine } from '../../proxy/proxy.js'
import { joinTaps, type Tap } from '../../tap/tap.js'
import { formatAddress } from '../../transport/network/address.js'
import type { Address, Network } from '../../transport/network/link.js'
import type { Wire } from '../../transport/wire/wire.js'
import { learnKeys, tellingRemac } from '../lines/remac.js'
import { leadsToItself, ownUpstream, readAddress } from './address-policy.js'

export interface ControlledProxyOptions {
  readonly listen: Address
  readonly upstream: Address
  /** Lets clients in. */
  readonly clients: Network
  /** Dials upstreams. */
  readonly upstreams: Network
  readonly clock: Clock
  readonly random: Random
  /** Message faults and latencies need it; without it bytes are bytes. */
  readonly wire?: Wire | undefined
  /** With them every message is looked at, for the working keys that a sign-on brings. */
  readonly keys?: KeySet | undefined
  /** Looks at what passes. */
  readonly tap?: Tap | undefined
  readonly peers?: ProxyLimits | undefined
  readonly onFault: (event: FaultEvent) => void
  readonly onTrouble: (line: string) => void
}

/** A proxy that is down: update({ enabled: true }) takes it up. */
export function createControlledProxy(options: ControlledProxyOptions): ControlledProxy {
  const { clock, wire, keys, tap: given } = options
  const learned = wire && keys && learnKeys(wire.codec, keys)
  const chain = createFaultChain({
    clock,
    random: options.random,
    startedAt: clock.now(),
    onApplied: options.onFault,
  })
  const server = { written: 0, read: 0 }
  const dial = faultyNetwork(countedNetwork(options.upstreams, server), {
    chain,
    clock,
    wire,
    ...(wire !== undefined && { remac: tellingRemac(wire.codec, learned?.remac, options.onTrouble) }),
    learn: learned?.learn,
    delaysConnects: false,
  })
  let live: LiveLatencyTap | undefined
  let tap = given
  const proxy = createProxy({ ...options, upstreams: dial, tap: () => tap })
  const startLatency = (on: Wire) => {
    live = createLiveLatency(on, clock)
    tap = joinTaps([live, ...(given === undefined ? [] : [given])])
    return live
  }

  let closing: Promise<void> | undefined
  const close = async () => {
    chain.clear()
    await proxy.close()
    tap = undefined
    live?.destroy()
    live = undefined
  }

  return {
    get listen() {
      return formatAddress(proxy.listen)
    },
    get upstream() {
      return formatAddress(proxy.upstream)
    },
    get enabled() {
      return proxy.enabled
    },
    faults: switchOf(chain),
    figures: () => figuresOf(proxy, server),
    latency: () => (wire === undefined ? undefined : (live ?? startLatency(wire)).read()),
    async update({ listen: newListen, upstream: newUpstream, enabled }) {
      const listen = newListen === undefined ? undefined : samePort(newListen, proxy.listen)
      const upstream = newUpstream === undefined ? undefined : readAddress(newUpstream)
      const dialled = upstream ?? proxy.upstream
      if (leadsToItself(listen ?? proxy.listen, dialled)) throw new ApiError(400, ownUpstream(dialled))
      await proxy.update({ listen, upstream, enabled })
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** The faults of a chain, as the control API turns them on and off. */
export function switchOf(chain: FaultChain): FaultSwitch {
  return {
    add: (spec) => chain.add(spec),
    update: ({ name, attributes, selector, remac }) => void chain.update(name, { attributes, selector, remac }),
    remove: (name) => void chain.remove(name),
    applied: () => chain.counts().map(({ name, kind, applied }) => ({ name, type: kind, applied })),
  }
}

function figuresOf(proxy: ProxyLine, server: { readonly written: number; readonly read: number }) {
  const { connections, accepted, clients, turnedAway } = proxy.counts()
  return {
    connections,
    accepted,
    upstream: { received: clients.read, sent: server.written },
    downstream: { received: server.read, sent: clients.written },
    turnedAway,
  }
}

/** A client that repeats what it asked for first, port 0, means the port that it was given. */
export function samePort(text: string, current: Address): Address {
  const address = readAddress(text)
  return address.port === 0 && address.host === current.host ? current : address
}
