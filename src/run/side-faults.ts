// The faults of one side of a run, put into its network: those of the line and of messages.

import type { Clock } from '../base/clock.js'
import type { Random } from '../base/random.js'
import type { Dialect } from '../codec/dialect.js'
import type { KeySet } from '../crypto/key-set.js'
import { catalogue } from '../faults/catalogue.js'
import { createFaultChain, type FaultChain, type FaultCount, type FaultSpec } from '../faults/chain.js'
import { faultyNetwork } from '../faults/engine/faulty-network.js'
import { findProfile } from '../faults/options.js'
import { profileFaults } from '../faults/profiles.js'
import { createSchedule } from '../faults/schedule.js'
import type { TimelineRow } from '../measure/result.js'
import type { Scenario } from '../scenario/schema.js'
import type { Network } from '../transport/link.js'
import type { Wire } from '../transport/wire.js'
import { learnKeys } from './remac.js'
import { traceLine } from './trace-line.js'

export interface SideFaults {
  /** The network with the faults in it; the same one where there are none. */
  readonly network: Network
  readonly chain: FaultChain
}

export interface SideFaultsOptions {
  readonly network: Network
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
  const { network, clock, random, wire, keys, peerTimeoutMs, onTrace, onTrouble, profile = [] } = options
  const faults = options.faults.filter(({ type }) => levelOf(type) !== 'host')
  const all = [...faults, ...profile]
  const own = new Set(faults.map(({ name }) => name))
  const chain = createFaultChain({
    clock,
    random,
    faults: all,
    ...(onTrace && { onApplied: (event) => own.has(event.fault) && onTrace(traceLine(event)) }),
  })
  if (all.length === 0) return { network, chain }
  const hasMessageFaults = faults.some(({ type }) => levelOf(type) === 'message')
  const learned = hasMessageFaults ? learnKeys(wire.codec, keys) : undefined
  if (learned === undefined) sayThatNothingIsSigned(faults, wire.codec.dialect, onTrouble)
  const faulty = faultyNetwork(network, {
    chain,
    clock,
    peerTimeoutMs,
    wire: hasMessageFaults ? wire : undefined,
    ...(learned !== undefined && { remac: learned.remac, learn: learned.learn }),
  })
  return { network: faulty, chain }
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
export const terminalSideFaults = ({ faults }: Scenario): readonly FaultSpec[] => [
  ...faults.filter(({ on }) => on === 'terminal'),
  ...faults.filter(({ on }) => on === 'network'),
]

/** What `terminals.network` makes of the line. */
export function profileOf({ profiles, terminals: { network } }: Scenario): readonly FaultSpec[] {
  const profile = network === undefined ? undefined : findProfile(network, profiles)
  return profile === undefined || 'problem' in profile ? [] : profileFaults(network ?? '', profile)
}

export const acquirerSideFaults = ({ faults }: Scenario): readonly FaultSpec[] =>
  faults.filter(({ on }) => on === 'acquirer')

/** What results say of each fault of the scenario, in its order; profiles are no faults. */
export function countsOf(faults: readonly FaultSpec[], counts: readonly FaultCount[]): readonly FaultCount[] {
  return faults.map(
    ({ name, on, type }) => counts.find((count) => count.name === name) ?? { name, on, kind: type, applied: 0 },
  )
}

/** Timeline rows that name the faults which act in their seconds. */
export function nameFaults(rows: readonly TimelineRow[], faults: readonly FaultSpec[]): readonly TimelineRow[] {
  const timed = faults.map((spec) => ({ name: spec.name, schedule: createSchedule(spec.selector), ms: lastsMs(spec) }))
  return rows.map((row) => {
    const [fromMs, toMs] = [row.atSecond * 1000, (row.atSecond + (row.seconds ?? 1)) * 1000]
    return {
      ...row,
      faults: timed.filter(({ schedule, ms }) => schedule.overlaps(fromMs, toMs, ms)).map(({ name }) => name),
    }
  })
}

function lastsMs({ type, attributes }: FaultSpec): number | undefined {
  const fault = catalogue.find((each) => each.type === type)
  return fault?.level === 'host' ? fault.lastsMs?.(attributes) : undefined
}

const levelOf = (type: string) => catalogue.find((fault) => fault.type === type)?.level
