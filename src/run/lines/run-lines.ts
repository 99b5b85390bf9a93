// The lines of a run: the network of each route to each host, with the faults that are meant for it in it.
//
// Faults that name no host and no route are in one chain for all lines, so that they count over all of them; those that
// name one act behind them, nearer to the host. What a route is like comes last.

import type { FaultSpec } from '../../faults/chain.js'
import type { FaultPart } from '../../scenario/parts.js'
import { formatAddress, parseAddress } from '../../transport/network/address.js'
import type { Network } from '../../transport/network/link.js'
import { createSideChain, profileOf, type SideChain, type SideChainOptions, terminalSideFaults } from './side-faults.js'

export interface RunLine {
  /** As it is known in this run: a key of `acquirers`, or an address. */
  readonly host: string
  /** Undefined where the scenario names no routes. */
  readonly route: string | undefined
}

export interface RunLines {
  readonly chains: readonly SideChain['chain'][]
  networkOf(line: RunLine): Network
}

/** Lines that a chain is for; a key that is left out fits all. */
interface Scope {
  readonly target?: string | undefined
  readonly route?: string | undefined
}

interface Part extends SideChain {
  readonly scope: Scope
}

export function createRunLines(
  part: FaultPart,
  network: Network,
  setting: Omit<SideChainOptions, 'faults' | 'profile'>,
): RunLines {
  const faults = terminalSideFaults(part.faults)
  const { routes, profiles } = part
  const common = createSideChain({
    ...{ ...setting, random: setting.random.fork('faults') },
    faults: faults.filter(isCommon),
    profile: routes === undefined ? profileOf(profiles, part.network) : [],
  })
  // Innermost first: a route's own profile is where its own faults are.
  const parts = [...(routes ?? []).map(({ name }): Scope => ({ route: name })), ...scopesOf(faults)].filter(isFirst)
  const special = parts.map((scope): Part => {
    const route = routes?.find(({ name }) => name === scope.route && scope.target === undefined)
    const chain = createSideChain({
      ...{ ...setting, random: setting.random.fork(`faults of ${scope.target ?? 'all'} by ${scope.route ?? 'all'}`) },
      faults: faults.filter((fault) => !isCommon(fault) && isSame(fault, scope)),
      profile: route === undefined ? [] : profileOf(profiles, route.network ?? part.network),
    })
    return { ...chain, scope }
  })

  return {
    chains: [...special, common].map(({ chain }) => chain),
    networkOf(line) {
      const fitting = special.filter(({ scope }) => fits(scope, line))
      return [...fitting, common].reduce((inner, { around }) => around(inner), network)
    },
  }
}

const isCommon = ({ target, route }: FaultSpec) => target === undefined && route === undefined

const scopesOf = (faults: readonly FaultSpec[]): readonly Scope[] =>
  faults.filter((fault) => !isCommon(fault)).map(({ target, route }) => ({ target, route }))

const isSame = (one: Scope, other: Scope) => one.target === other.target && one.route === other.route

const isFirst = (scope: Scope, index: number, all: readonly Scope[]) =>
  all.findIndex((each) => isSame(each, scope)) === index

function fits({ target, route }: Scope, line: RunLine): boolean {
  return (route === undefined || route === line.route) && (target === undefined || nameOf(target) === line.host)
}

/** ':8583' is an address too. */
const nameOf = (target: string) => (target.includes(':') ? formatAddress(parseAddress(target)) : target)
