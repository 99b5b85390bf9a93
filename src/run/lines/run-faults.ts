// The faults of a run on both its sides: what they do to the network, when their time begins, how often they acted.

import type { Random } from '../../base/random.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { FaultCount } from '../../faults/chain.js'
import type { LimitCounts } from '../../measure/turned-away.js'
import type { FaultPart } from '../../scenario/parts.js'
import type { Network } from '../../transport/network/link.js'
import type { Speaker } from '../dialect-speaker.js'
import type { World } from '../world.js'
import { createRunLines, type RunLine } from './run-lines.js'
import { countsOf } from './side-faults.js'

/** An acquirer of our own, which has its faults with it. */
export interface FaultyHost {
  startFaults(atWall: number): void
  faultCounts(): Promise<readonly FaultCount[]>
  turnedAway(): Promise<LimitCounts | null>
}

/** Counts at the end of a run. */
export interface RunCounts {
  /** In the scenario's order; null where it names no fault. */
  readonly faults: readonly FaultCount[] | null
  /** Null for hosts elsewhere. */
  readonly turnedAway: LimitCounts | null
}

export interface RunFaults {
  /** The network of the terminals on a line, with its faults in it. */
  networkOf(line: RunLine): Network
  /** The load begins: at this time of the clock, and in epoch ms. */
  start(at: number, atWall: number): void
  counts(): Promise<RunCounts>
}

export function createRunFaults(options: {
  readonly part: FaultPart
  readonly world: World
  readonly speaker: Speaker
  readonly keys: KeySet
  readonly random: Random
  readonly host: FaultyHost | undefined
  readonly onTrace: ((line: string) => void) | undefined
  readonly onTrouble: (line: string) => void
}): RunFaults {
  const { part, world, speaker, host, ...setting } = options
  const { faults } = part
  const lines = createRunLines(part, world.network, {
    ...setting,
    clock: world.clock,
    wire: speaker.wire,
    peerTimeoutMs: part.peerTimeoutMs,
  })

  return {
    networkOf: lines.networkOf,
    start(at, atWall) {
      for (const chain of lines.chains) chain.start(at)
      host?.startFaults(atWall)
    },
    async counts() {
      const turnedAway = (await host?.turnedAway()) ?? null
      if (faults.length === 0) return { faults: null, turnedAway }
      const ofLines = lines.chains.flatMap((chain) => chain.counts())
      return { faults: countsOf(faults, [...ofLines, ...((await host?.faultCounts()) ?? [])]), turnedAway }
    },
  }
}
