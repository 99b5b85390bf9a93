// The faults of a run on both its sides: what they do to the network, when their time begins, how often they acted.

import type { Random } from '../base/random.js'
import type { KeySet } from '../crypto/key-set.js'
import type { FaultCount } from '../faults/chain.js'
import type { TimelineRow } from '../measure/result.js'
import type { Scenario } from '../scenario/schema.js'
import { countsOf, nameFaults, profileOf, putFaults, terminalSideFaults } from './side-faults.js'
import type { Speaker } from './speaker.js'
import type { World } from './world.js'

/** An acquirer of our own, which has its faults with it. */
export interface FaultyHost {
  startFaults(atWall: number): void
  faultCounts(): Promise<readonly FaultCount[]>
}

export interface RunFaults {
  /** The world of the terminals, with their faults in its network. */
  readonly world: World
  /** The load begins: at this time of the clock, and in epoch ms. */
  start(at: number, atWall: number): void
  /** In the scenario's order; null where it names no fault. */
  counts(): Promise<readonly FaultCount[] | null>
  /** The rows with the names of the faults in them. */
  named(rows: readonly TimelineRow[]): readonly TimelineRow[]
}

export function createRunFaults(options: {
  readonly scenario: Scenario
  readonly world: World
  readonly speaker: Speaker
  readonly keys: KeySet
  readonly random: Random
  readonly host: FaultyHost | undefined
  readonly onTrace: ((line: string) => void) | undefined
  readonly onTrouble: (line: string) => void
}): RunFaults {
  const { scenario, world, speaker, keys, random, host, onTrace, onTrouble } = options
  const { faults } = scenario
  const side = putFaults({
    network: world.network,
    faults: terminalSideFaults(scenario),
    profile: profileOf(scenario),
    clock: world.clock,
    random: random.fork('faults'),
    wire: speaker.wire,
    keys,
    peerTimeoutMs: scenario.terminals.timeout,
    onTrace,
    onTrouble,
  })

  return {
    world: { ...world, network: side.network },
    start(at, atWall) {
      side.chain.start(at)
      host?.startFaults(atWall)
    },
    async counts() {
      if (faults.length === 0) return null
      return countsOf(faults, [...side.chain.counts(), ...((await host?.faultCounts()) ?? [])])
    },
    named: (rows) => (faults.length === 0 ? rows : nameFaults(rows, faults)),
  }
}
