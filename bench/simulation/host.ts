// The acquirer of a simulation, over its lives: the real one on a ledger file, killed and started again on it.

import type { LedgerPlace } from '../../src/run/hosts/ledger-file.js'
import { type AcquirerStart, type RunningAcquirer, startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import type { KeyData } from '../../src/run/keys/run-keys.js'
import { acquirerSideFaults } from '../../src/run/lines/side-faults.js'
import type { World } from '../../src/run/world.js'
import type { Scenario } from '../../src/scenario/schema.js'
import type { Address } from '../../src/transport/network/link.js'
import type { KillableProcess } from './process.js'

export type HostName = 'acquirer' | 'spare'

export const hostAddresses: Readonly<Record<HostName, Address>> = {
  acquirer: { host: '127.0.0.1', port: 8583 },
  spare: { host: '127.0.0.1', port: 8584 },
}

export interface HostSetting {
  readonly name: HostName
  readonly scenario: Scenario
  readonly keys: readonly KeyData[]
  readonly ledger: LedgerPlace
  readonly world: World
  /** When the load began, in ms of the clock; undefined before. */
  readonly loadedAt: number | undefined
  readonly onTrouble: (line: string) => void
}

export interface HostLife {
  readonly process: KillableProcess
  readonly acquirer: RunningAcquirer
  /** The load began at this time, in ms of the clock: its faults count from then. */
  startFaults(at: number): void
  /** After its death: frees what it holds, so that another can have the ledger. */
  end(): Promise<void>
}

export async function startHost(process: KillableProcess, life: number, setting: HostSetting): Promise<HostLife> {
  const { name, scenario, keys, ledger, world, loadedAt, onTrouble } = setting
  const { dialect, framing, codec, acquirer: options, timeZone, seed = 0 } = scenario
  const start: AcquirerStart = {
    ...{ dialect, framing, codec, timeZone, keys, ledger, acquirer: options, listen: hostAddresses[name] },
    // Each life throws its own dice, as a process that is started again does.
    seed: seed + life,
    faults: acquirerSideFaults(scenario.faults, scenario.acquirers && name),
    peerTimeoutMs: scenario.terminals.timeout,
    onTrouble,
  }
  const acquirer = await startAcquirer(start, { ...world, clock: process.clock, network: process.network })
  const { clock } = process
  const startFaults = (at: number) => acquirer.startFaults(clock.wall() + at - clock.now())
  if (loadedAt !== undefined) startFaults(loadedAt)
  return {
    ...{ process, acquirer, startFaults },
    async end() {
      process.bury()
      await acquirer.close()
    },
  }
}
