// Everything a run has measured, as result.json has it. What nothing fills yet, or what cannot be known, is null.

import os from 'node:os'
import { sha256 } from '../../crypto/sha256.js'
import type { FundsFigures } from '../../measure/money/funds.js'
import type { Result } from '../../measure/result.js'
import type { Figures } from '../../measure/summary.js'
import { judgeThresholds } from '../../report/rows/thresholds.js'
import type { Scenario } from '../../scenario/schema.js'
import type { Settled } from '../../terminal/settlement/settlement.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { describeKeys, type RunKeys } from '../keys/run-keys.js'
import { describeTls } from '../keys/tls-files.js'
import { version } from '../version.js'
import { countSettled } from './settled-totals.js'

export interface Measured {
  /** Undefined where no message carried a MAC or a PIN block, and no keys came with a sign-on. */
  readonly keys: RunKeys | undefined
  readonly tls: TlsOptions | undefined
  readonly scenario: Scenario
  readonly source: string
  readonly remedies: readonly string[]
  readonly seed: number
  /** Epoch milliseconds. */
  readonly startedAtWall: number
  readonly endedAtWall: number
  readonly interrupted: boolean
  readonly clock: 'real' | 'virtual'
  readonly reversals: Result['reversals']
  /** Undefined where terminals did not settle. */
  readonly settled: readonly Settled[] | undefined
  readonly funds: FundsFigures
  readonly books: Result['books']
  readonly merchantFunds: Result['funds']
  readonly faults: Result['faults']
  readonly failover: Result['failover']
  readonly causes: Result['causes']
  readonly evidence: Result['evidence']
  readonly figures: Figures
}

export function assembleResult(measured: Measured): Result {
  const { scenario, source, remedies, seed, startedAtWall, endedAtWall, interrupted, clock, figures } = measured
  // A result in virtual time says nothing of the machine, so that equal seeds give equal bytes.
  const machine =
    clock === 'real' ? { platform: process.platform, cpus: os.cpus().length } : { platform: null, cpus: null }
  const judged = {
    schema: 'isochron/result@1',
    tool: { name: 'isochron', version, node: process.version, ...machine },
    scenario: { name: scenario.name, sha256: sha256(source), seed, remedies, clock },
    startedAt: new Date(startedAtWall).toISOString(),
    endedAt: new Date(endedAtWall).toISOString(),
    interrupted,
    keys: measured.keys === undefined ? null : describeKeys(measured.keys),
    tls: measured.tls === undefined ? null : describeTls(measured.tls),
    ...figures,
    timeToFunds: measured.funds.timeToFunds,
    timeliness: {
      ...figures.timeliness,
      fundsWithinMs: scenario.timely.funds ?? null,
      fundsTimelyRate: measured.funds.fundsTimelyRate,
    },
    reversals: measured.reversals,
    settlements: measured.settled === undefined ? null : countSettled(measured.settled),
    books: measured.books,
    funds: measured.merchantFunds,
    causes: measured.causes,
    evidence: measured.evidence,
    faults: measured.faults,
    failover: measured.failover,
  } as const
  return { ...judged, thresholds: judgeThresholds(scenario.thresholds, judged) }
}
