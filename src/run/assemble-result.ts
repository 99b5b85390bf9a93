// Everything a run has measured, as result.json has it. What nothing fills yet, or what cannot be known, is null.

import os from 'node:os'
import { sha256 } from '../crypto/sha256.js'
import type { Result } from '../measure/result.js'
import type { Figures } from '../measure/summary.js'
import { judgeThresholds } from '../report/thresholds.js'
import type { Scenario } from '../scenario/schema.js'
import { version } from './version.js'

export interface Measured {
  readonly scenario: Scenario
  readonly source: string
  readonly seed: number
  /** Epoch milliseconds. */
  readonly startedAtWall: number
  readonly endedAtWall: number
  readonly interrupted: boolean
  readonly clock: 'real' | 'virtual'
  readonly figures: Figures
}

export function assembleResult(measured: Measured): Result {
  const { scenario, source, seed, startedAtWall, endedAtWall, interrupted, clock, figures } = measured
  // A result in virtual time says nothing of the machine, so that equal seeds give equal bytes.
  const machine =
    clock === 'real' ? { platform: process.platform, cpus: os.cpus().length } : { platform: null, cpus: null }
  const judged = {
    schema: 'isochron/result@1',
    tool: { name: 'isochron', version, node: process.version, ...machine },
    scenario: { name: scenario.name, sha256: sha256(source), seed, remedies: [], clock },
    startedAt: new Date(startedAtWall).toISOString(),
    endedAt: new Date(endedAtWall).toISOString(),
    interrupted,
    ...figures,
    reversals: null,
    books: null,
    causes: null,
    faults: null,
  } as const
  return { ...judged, thresholds: judgeThresholds(scenario.thresholds, judged) }
}
