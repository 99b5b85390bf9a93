// An acquirer with the control API: it shows one proxy, `acquirer`, whose faults are those of its line, of its messages
// and of the host itself.

import { createRandom } from '../../base/random.js'
import { ApiError } from '../../control/api-error.js'
import { type Control, startControl } from '../../control/control.js'
import type { ControlledProxy, FaultSwitch } from '../../control/controlled.js'
import { faultOfType } from '../../faults/catalogue.js'
import { createFaultChain, type FaultChain, type FaultSpec } from '../../faults/chain.js'
import { faultyNetwork } from '../../faults/engine/faulty-network.js'
import type { FaultEvent } from '../../faults/fault.js'
import type { HostConditions } from '../../faults/host/host-conditions.js'
import { type ByteCounts, countedNetwork } from '../../proxy/counted-network.js'
import { formatAddress } from '../../transport/network/address.js'
import type { Address, Network } from '../../transport/network/link.js'
import { keysFromData } from '../keys/run-keys.js'
import { learnKeys } from '../lines/remac.js'
import { createAddressPolicy, sameAddress } from '../proxy/address-policy.js'
import type { ControlStart } from '../proxy/start-proxy.js'
import { createSpeaker } from '../speaker.js'
import { version } from '../version.js'
import { realWorld } from '../world.js'
import { type AcquirerStart, type RunningAcquirer, startAcquirer } from './start-acquirer.js'

export interface ControlledAcquirer extends RunningAcquirer {
  /** Where the control API listens. */
  readonly control: Address
}

/** The name under which the control API shows it. */
const proxyName = 'acquirer'
/** The fault that stands for `enabled: false`. */
const downName = 'isochron:down'

/** Rejects as startAcquirer and the control API do. */
export async function startControlledAcquirer(start: AcquirerStart, at: ControlStart): Promise<ControlledAcquirer> {
  const listeners = new Set<(proxy: string, event: FaultEvent) => void>()
  const onApplied = (event: FaultEvent) => {
    for (const listener of listeners) listener(proxyName, event)
  }
  const world = realWorld(start.tls === undefined ? {} : { tls: start.tls })
  const { clock } = world
  const random = createRandom(start.seed).fork('control')
  const chain = createFaultChain({ clock, random, startedAt: clock.now(), onApplied })
  const bytes: ByteCounts = { written: 0, read: 0 }
  const { wire } = createSpeaker(start)
  const learned = start.keys && learnKeys(wire.codec, keysFromData(start.keys))
  const network = faultyNetwork(countedNetwork(world.network, bytes), { chain, clock, wire, ...learned })
  const links = countLinks(network)
  const acquirer = await startAcquirer({ ...start, isControlled: true }, { ...world, network: links.network })
  acquirer.startFaults(clock.wall())
  let control: Control
  try {
    control = await startControl({
      ...at,
      version,
      world: {
        ...createAddressPolicy({ allowListen: [], allowUpstream: [] }),
        initial: { [proxyName]: createView(acquirer, chain, () => ({ ...links.counts(), bytes })) },
        sameAddress,
        onFault(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      onInternalError: (error) => start.onTrouble?.(`control API: internal error: ${error.message}`),
    })
  } catch (error) {
    await acquirer.close()
    throw error
  }
  const close = async () => {
    await control.close()
    await acquirer.close()
  }
  return { ...acquirer, control: { host: control.host, port: control.port }, close, [Symbol.asyncDispose]: close }
}

function createView(
  acquirer: RunningAcquirer,
  chain: FaultChain,
  counts: () => { readonly connections: number; readonly accepted: number; readonly bytes: ByteCounts },
): ControlledProxy {
  const { host } = acquirer
  const address = formatAddress(acquirer.address)
  let enabled = true
  return {
    listen: address,
    upstream: address,
    get enabled() {
      return enabled
    },
    faults: faultsOf(host, chain),
    figures() {
      const { connections, accepted, bytes } = counts()
      return {
        connections,
        accepted,
        upstream: { received: bytes.read, sent: bytes.read },
        downstream: { received: bytes.written, sent: bytes.written },
        turnedAway: acquirer.counts().turnedAway,
      }
    },
    latency: () => undefined,
    async update({ listen = address, upstream = address, enabled: wanted = enabled }) {
      if (!sameAddress(listen, address) || !sameAddress(upstream, address))
        throw new ApiError(403, 'the acquirer stays at its address: start another one')
      if (wanted && !enabled) host.remove(downName)
      if (!wanted && enabled) host.add(downFault)
      enabled = wanted
    },
    close: async () => chain.clear(),
  }
}

const downFault: FaultSpec = {
  name: downName,
  on: 'acquirer',
  type: 'outage',
  attributes: { how: 'refuse' },
  selector: {},
}

/** Host faults go to the host, the others to its line. */
function faultsOf(host: HostConditions, chain: FaultChain): FaultSwitch {
  const isHost = ({ type }: FaultSpec) => faultOfType(type)?.level === 'host'
  return {
    add: (spec) => (isHost(spec) ? host.add(spec) : chain.add(spec)),
    update(spec) {
      if (isHost(spec)) host.update(spec)
      else chain.update(spec.name, { attributes: spec.attributes, selector: spec.selector, remac: spec.remac })
    },
    remove(name) {
      if (!chain.remove(name)) host.remove(name)
    },
    applied: () =>
      [...chain.counts(), ...host.counts()]
        .filter(({ name }) => name !== downName)
        .map(({ name, kind, applied }) => ({ name, type: kind, applied })),
  }
}

/** A network that knows how many of its accepted links are open. */
function countLinks(network: Network) {
  const tally = { connections: 0, accepted: 0 }
  return {
    counts: () => tally,
    network: {
      connect: network.connect,
      listen: (address, accept, options) =>
        network.listen(
          address,
          (link) => {
            const handlers = accept(link)
            tally.connections++
            tally.accepted++
            return {
              ...handlers,
              onClose(reason, detail) {
                tally.connections--
                handlers.onClose(reason, detail)
              },
            }
          },
          options,
        ),
    } satisfies Network,
  }
}
