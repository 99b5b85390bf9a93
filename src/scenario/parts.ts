// A scenario taken apart. Whoever runs one does it once, and each part of the run is handed its own section: a signature says
// what its function can depend on.

import type { AcquirerOptions } from '../acquirer/options.js'
import { hasCardOutcomes } from '../terminal/options/card-options.js'
import type { Scenario } from './schema.js'

/** One host of our own. */
export interface OwnHost {
  /** A key of `acquirers`; undefined for the only one. */
  readonly name: string | undefined
  readonly acquirer: AcquirerOptions
}

/** The hosts of a run. */
export interface HostPart extends Pick<Scenario, 'ledgers' | 'timeZone'> {
  /** Addresses of hosts elsewhere; undefined: our own are spoken to. */
  readonly targets: Scenario['terminals']['target']
  /** In the order of failover; at least one. */
  readonly own: readonly [OwnHost, ...OwnHost[]]
  /** The answer timer of the terminals, in ms. */
  readonly peerTimeoutMs: number
}

/** The terminals of a run, and what they send. */
export interface TerminalPart extends Pick<Scenario, 'messages' | 'timeZone'> {
  readonly options: Scenario['terminals']
  /** Merchants that phases of the load name. */
  readonly merchants: readonly string[]
  /** Money later than this is not timely, in ms; undefined: whenever it comes. */
  readonly fundsWithinMs: number | undefined
}

/** The faults of a run, and what the lines of the terminals are like. */
export interface FaultPart extends Pick<Scenario, 'faults' | 'profiles'> {
  readonly network: Scenario['terminals']['network']
  readonly routes: Scenario['terminals']['routes']
  /** The answer timer of the terminals, in ms. */
  readonly peerTimeoutMs: number
}

/** When cards are presented, and what of that is measured; in ms. */
export interface LoadPart extends Pick<Scenario, 'warmup' | 'drain' | 'drainOwed'> {
  readonly phases: Scenario['load']
}

export interface ScenarioParts extends Pick<Scenario, 'name'> {
  /** The parts that both ends must agree on. */
  readonly speech: Pick<Scenario, 'dialect' | 'framing' | 'codec'>
  readonly hosts: HostPart
  readonly terminals: TerminalPart
  readonly faults: FaultPart
  readonly load: LoadPart
  /** The goals that a result is judged by. */
  readonly goals: Pick<Scenario, 'timely' | 'thresholds'>
}

export function takeApart(scenario: Scenario): ScenarioParts {
  const { name, dialect, framing, codec, terminals: options, messages, timeZone, timely, thresholds, load } = scenario
  const { ledgers, faults, profiles, warmup, drain, drainOwed } = scenario
  const { target: targets, network, routes, timeout: peerTimeoutMs } = options
  const merchants = [...new Set(load.flatMap(({ merchant }) => merchant ?? []))]
  return {
    name,
    speech: { dialect, framing, codec },
    hosts: { targets, own: ownHosts(scenario), ledgers, timeZone, peerTimeoutMs },
    terminals: { options, messages, timeZone, merchants, fundsWithinMs: timely.funds },
    faults: { faults, profiles, network, routes, peerTimeoutMs },
    load: { phases: load, warmup, drain, drainOwed },
    goals: { timely, thresholds },
  }
}

function ownHosts({ acquirer, acquirers = {}, terminals }: Scenario): HostPart['own'] {
  const usual = { cardOutcomes: hasCardOutcomes(terminals.cards) }
  const host = (name: string | undefined, own: AcquirerOptions): OwnHost => ({ name, acquirer: { ...usual, ...own } })
  const [first, ...others] = Object.entries(acquirers).map(([name, each]) => host(name, each))
  return first === undefined ? [host(undefined, acquirer)] : [first, ...others]
}
