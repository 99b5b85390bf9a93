// The faults of one side of a run, put into its network: those of the line and of messages.

import type { Clock } from '../../base/clock.js'
import { maskText } from '../../base/mask.js'
import type { Random } from '../../base/random.js'
import type { Dialect } from '../../codec/dialect.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { faultCatalogue } from '../../faults/catalogue.js'
import { createFaultChain, type FaultChain, type FaultCount, type FaultSpec } from '../../faults/chain.js'
import { faultyNetwork } from '../../faults/engine/faulty-network.js'
import { findProfile } from '../../faults/options.js'
import { profileFaults } from '../../faults/profiles.js'
import { createSchedule } from '../../faults/schedule.js'
import type { TimelineRow } from '../../measure/result.js'
import type { FaultPart } from '../../scenario/parts.js'
import type { Network } from '../../transport/network/link.js'
import type { Wire } from '../../transport/wire/wire.js'
import { learnKeys } from './remac.js'
import { traceLine } from './trace-line.js'

export interface SideFaults {
  /** The network with the faults in it; the same one where there are none. */
  readonly network: Network
  readonly chain: FaultChain
}

export interface SideFaultsOptions extends SideChainOptions {
  readonly network: Network
}

/** A chain of faults, to be put around as many networks as one likes. */
export interface SideChain {
  readonly chain: FaultChain
  around(network: Network): Network
}

export interface SideChainOptions {
  /** Host faults among them are for others. */
  readonly faults: readonly FaultSpec[]
  /** Behind them: what the line is like. It is no news when it acts, so it is not traced. */
  readonly profile?: readonly FaultSpec[]
  readonly clock: Clock
  readonly random: Random
  readonly wire: Wire
  readonly keys: KeySet
  readonly peerTimeoutMs: number | undefined
  /** A line for everything that a fault hits, masked. */
  readonly onTrace?: ((line: string) => void) | undefined
  readonly onTrouble: (line: string) => void
}

export function putFaults(options: SideFaultsOptions): SideFaults {
  const { chain, around } = createSideChain(options)
  return { chain, network: around(options.network) }
}

export function createSideChain(options: SideChainOptions): SideChain {
  const { clock, random, wire, keys, peerTimeoutMs, onTrace, onTrouble, profile = [] } = options
  const faults = options.faults.filter(({ type }) => levelOf(type) !== 'host')
  const all = [...faults, ...profile]
  const own = new Set(faults.map(({ name }) => name))
  const chain = createFaultChain({
    clock,
    random,
    faults: all,
    ...(onTrace && { onApplied: (event) => own.has(event.fault) && onTrace(traceLine(event)) }),
  })
  if (all.length === 0) return { chain, around: (network) => network }
  const hasMessageFaults = faults.some(({ type }) => levelOf(type) === 'message')
  const learned = hasMessageFaults ? learnKeys(wire.codec, keys) : undefined
  if (learned === undefined) sayThatNothingIsSigned(faults, wire.codec.dialect, onTrouble)
  const setting = {
    ...{ chain, clock, peerTimeoutMs, wire: hasMessageFaults ? wire : undefined },
    ...(learned !== undefined && { remac: learned.remac, learn: learned.learn }),
  }
  return { chain, around: (network) => faultyNetwork(network, setting) }
}

/** Once, and only where it was asked for. */
function sayThatNothingIsSigned(
  faults: readonly FaultSpec[],
  { name }: Dialect,
  onTrouble: (line: string) => void,
): void {
  const asked = faults.find(({ remac }) => remac === true)
  if (asked === undefined) return
  onTrouble(`fault ${asked.name}: remac has no key for MACs of ${name}: changed messages keep the MAC that they had`)
}

/** Faults of the terminal first, then of the line. */
export const terminalSideFaults = (faults: readonly FaultSpec[]): readonly FaultSpec[] => [
  ...faults.filter(({ on }) => on === 'terminal'),
  ...faults.filter(({ on }) => on === 'network'),
]

/** The faults of a network profile, which is given by name; none without a name. */
export function profileOf(profiles: FaultPart['profiles'], network: string | undefined): readonly FaultSpec[] {
  const profile = network === undefined ? undefined : findProfile(network, profiles)
  return profile === undefined || 'problem' in profile ? [] : profileFaults(network ?? '', profile)
}

/** The faults on the acquirer's side: those of one host of several, or of the only one. */
export const acquirerSideFaults = (faults: readonly FaultSpec[], host: string | undefined): readonly FaultSpec[] =>
  faults.filter(({ on, target }) => on === 'acquirer' && (target === undefined || target === host))

/** The count of each fault of the scenario, in the scenario's order. The faults of profiles are not counted. */
export function countsOf(faults: readonly FaultSpec[], counts: readonly FaultCount[]): readonly FaultCount[] {
  const byName = new Map(counts.map((count) => [maskText(count.name), count]))
  return faults.map(({ name, on, type }) => byName.get(maskText(name)) ?? { name, on, kind: type, applied: 0 })
}

/** Gives a timeline's row the names of the faults that act in its seconds, masked: a user chose the names. */
export function namingFaults(faults: readonly FaultSpec[]): (row: TimelineRow) => TimelineRow {
  if (faults.length === 0) return (row) => row
  const acting = actingFaults(faults.map((spec) => ({ ...spec, name: maskText(spec.name) })))
  return (row) => ({ ...row, faults: acting(row.atSecond * 1000, (row.atSecond + (row.seconds ?? 1)) * 1000) })
}

/** Which faults act between two instants, in ms from the start of the load, by their names. */
export function actingFaults(faults: readonly FaultSpec[]): (fromMs: number, toMs: number) => readonly string[] {
  const timed = faults.map((spec) => ({ name: spec.name, schedule: createSchedule(spec.selector), ms: lastsMs(spec) }))
  return (fromMs, toMs) =>
    timed.filter(({ schedule, ms }) => schedule.overlaps(fromMs, toMs, ms)).map(({ name }) => name)
}

function lastsMs({ type, attributes }: FaultSpec): number | undefined {
  const fault = faultCatalogue.find((each) => each.type === type)
  return fault?.level === 'host' ? fault.lastsMs?.(attributes) : undefined
}

const levelOf = (type: string) => faultCatalogue.find((fault) => fault.type === type)?.level
