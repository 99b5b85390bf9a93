// The ways from the terminals of a run to its hosts, and which of them is used now.

import type { Clock } from '../../base/clock.js'
import type { FailoverOptions } from '../../terminal/options/failover-options.js'
import { createPathChoice, type PathChoice, type PathName } from '../../terminal/paths/path-choice.js'
import type { HostPath } from '../../terminal/paths/path-client.js'
import { formatAddress } from '../../transport/network/address.js'
import type { Address, Network } from '../../transport/network/link.js'
import type { World } from '../world.js'
import type { Host } from './host.js'
import type { RunLine } from './run-lines.js'

export interface RunPath extends HostPath {
  readonly address: Address
  readonly network: Network
}

/** A change of host or route. `at`: ms of the clock. */
export interface PathChange {
  readonly at: number
  readonly from: string
  readonly to: string
  readonly why: string
}

export interface RunPaths {
  /** Each host over each route, in the order of failover. */
  readonly all: readonly RunPath[]
  /** Undefined where there is only one. */
  readonly choice: PathChoice | undefined
  /** The name of the host that is spoken to now. */
  readonly target: string
  /** Connects to it over the route of now, whatever address is asked for. */
  readonly network: Network
  /** Asked to move when the event at hand is over. */
  onSwitch(listener: () => void): void
}

/** To a single host, with nothing on the way. */
export function onlyPath(
  world: Pick<World, 'network' | 'clock'>,
  failover: FailoverOptions,
  address: Address,
): RunPaths {
  return createRunPaths({
    ...{ hosts: [{ name: formatAddress(address), address }], routes: undefined, failover },
    ...{ networkOf: () => world.network, clock: world.clock, onChange: () => {} },
  })
}

export function createRunPaths(options: {
  readonly hosts: readonly Host[]
  /** Names of `terminals.routes`, where there are any. */
  readonly routes: readonly string[] | undefined
  readonly failover: FailoverOptions
  readonly networkOf: (line: RunLine) => Network
  readonly clock: Clock
  readonly onChange: (change: PathChange) => void
}): RunPaths {
  const { hosts, routes, failover, networkOf, clock, onChange } = options
  const lines = routes ?? [undefined]
  const all = hosts.flatMap(({ name, address }, target) =>
    lines.map((routeName, route): RunPath => {
      return { target, route, name, address, network: networkOf({ host: name, route: routeName }) }
    }),
  )
  const nameOf = ({ target, route }: PathName) => {
    const [host, line] = [(hosts[target] as Host).name, lines[route]]
    return line === undefined ? host : `${host} over ${line}`
  }
  const listeners: (() => void)[] = []
  const choice =
    all.length === 1
      ? undefined
      : createPathChoice({
          ...failover,
          targets: hosts.length,
          routes: lines.length,
          onSwitch({ at, from, to, why }) {
            onChange({ at, from: nameOf(from), to: nameOf(to), why })
            clock.soon(() => {
              for (const listener of listeners) listener()
            })
          },
        })
  const [first] = all as [RunPath]
  const current = () => {
    if (choice === undefined) return first
    const { target, route } = choice.current
    return all.find((path) => path.target === target && path.route === route) ?? first
  }
  return {
    all,
    choice,
    get target() {
      return current().name
    },
    network: {
      connect(_address, handlers, settings) {
        const { network, address } = current()
        return network.connect(address, handlers, settings)
      },
      listen: first.network.listen,
    },
    onSwitch: (listener) => listeners.push(listener),
  }
}
