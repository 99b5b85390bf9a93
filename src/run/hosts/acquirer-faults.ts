// The faults of an acquirer: of its line and messages, and of the host itself.

import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { faultOfType } from '../../faults/catalogue.js'
import type { FaultCount, FaultSpec } from '../../faults/chain.js'
import { createHostConditions, type HostConditions } from '../../faults/host/host-conditions.js'
import { gatedNetwork } from '../../faults/host/host-gate.js'
import type { Network } from '../../transport/network/link.js'
import type { Wire } from '../../transport/wire/wire.js'
import { putFaults } from '../lines/side-faults.js'

export interface AcquirerFaults {
  /** The network that it listens on, with its faults in it. */
  readonly network: Network
  readonly host: HostConditions
  /** Times count from here, in epoch ms. */
  start(atWall: number): void
  counts(): readonly FaultCount[]
  close(): void
}

export function createAcquirerFaults(options: {
  readonly faults: readonly FaultSpec[]
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly wire: Wire
  readonly keys: KeySet
  readonly peerTimeoutMs: number | undefined
  readonly onTrouble: (line: string) => void
  readonly onTrace?: ((line: string) => void) | undefined
  /** Faults may come later, by the control API. */
  readonly isControlled?: boolean | undefined
}): AcquirerFaults {
  const { faults, clock, random, onTrouble, isControlled = false } = options
  const hostFaults = faults.filter(({ type }) => faultOfType(type)?.level === 'host')
  const host = createHostConditions({ clock, random: random.fork('host faults'), faults: hostFaults })
  const line = putFaults({ ...options, random: random.fork('line faults') })

  return {
    network:
      hostFaults.length === 0 && !isControlled
        ? line.network
        : gatedNetwork({ network: line.network, host, onTrouble }),
    host,
    start(atWall) {
      // Threads have clocks of their own; the calendar is the same.
      const at = clock.now() + atWall - clock.wall()
      line.chain.start(at)
      host.start(at)
    },
    counts: () => [...line.chain.counts(), ...host.counts()],
    close: () => host.close(),
  }
}
