// Everything a run has measured, as plain data, and the result that is made of it: of one part, or of all parts of a run.

import os from 'node:os'
import { maskText } from '../../base/mask.js'
import type { EventLoopDelayMonitor } from '../../base/process/event-loop-delay.js'
import type { Slices } from '../../base/slices.js'
import { printable } from '../../base/text/shown-text.js'
import type { LostPart } from '../../cluster/lost-part.js'
import { type MergeContext, type Merged, mergingParts } from '../../cluster/merge.js'
import { sha256 } from '../../crypto/sha256.js'
import type { FaultCount } from '../../faults/chain.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { PartRecord } from '../../measure/part-record.js'
import type { Result, TimelineRow } from '../../measure/result.js'
import { timelineRow } from '../../measure/summary.js'
import type { Tally } from '../../measure/tally.js'
import { type Allowances, withAllowances } from '../../measure/verdict.js'
import { judgeThresholds } from '../../report/rows/thresholds.js'
import type { FaultPart, ScenarioParts } from '../../scenario/parts.js'
import type { SettledTerminal } from '../../terminal/settlement/settlement.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import { maskResult } from '../files/mask-result.js'
import { describeKeys, type RunKeys } from '../keys/run-keys.js'
import { describeTls } from '../keys/tls-files.js'
import { countsOf, namingFaults } from '../lines/side-faults.js'
import { version } from '../version.js'
import { createContracts } from './contracts.js'
import { countSettled } from './settled-totals.js'

/** The data that the run itself hands over; the rest of a part is made from them. */
export interface Measured
  extends Omit<PartRecord, 'schema' | 'tool' | 'place' | 'scenario' | 'keys' | 'tls' | 'settlements'> {
  /** Undefined where no message carried a MAC or a PIN block, and no keys came with a sign-on. */
  readonly keys: RunKeys | undefined
  readonly tls: TlsOptions | undefined
  readonly name: string
  /** The scenario's text as it was run. */
  readonly source: string
  readonly remedies: readonly string[]
  readonly seed: number
  readonly clock: 'real' | 'virtual'
  /** Undefined where terminals did not settle. */
  readonly settled: readonly SettledTerminal[] | undefined
}

/** The records of the load itself. */
export interface MeasuredRun {
  readonly recorder: Recorder
  readonly startedAtWall: number
  readonly loadEndedMs: number
  readonly delay: EventLoopDelayMonitor | undefined
  readonly faults: Result['faults']
  readonly turnedAway: Result['turnedAway']
}

export function assemblePart(measured: Measured): PartRecord {
  const { keys, tls, name, source, remedies, seed, clock, settled, ...rest } = measured
  // A result in virtual time says nothing of the machine, so that equal seeds give equal bytes.
  const machine =
    clock === 'real' ? { platform: process.platform, cpus: os.cpus().length } : { platform: null, cpus: null }
  return {
    schema: 'isochron/part@1',
    tool: { name: 'isochron', version, node: process.version, ...machine },
    scenario: { name: printable(maskText(name)), sha256: sha256(source), seed, remedies, clock },
    place: { host: os.hostname(), pid: process.pid, cpus: os.cpus().length },
    ...rest,
    keys: keys === undefined ? null : describeKeys(keys),
    tls: tls === undefined ? null : describeTls(tls),
    settlements: settled === undefined ? null : countSettled(settled),
  }
}

/** The figures of hosts that all parts share: only their owner knows them. */
export interface HostFigures extends Pick<Result, 'funds' | 'turnedAway'> {
  /** Undefined: the ledger cannot be seen. */
  readonly books: Result['books'] | undefined
  readonly faults: readonly FaultCount[]
}

/** The parts of a run: those that are whole, and what is known of those that are not. */
export interface RunParts extends Allowances {
  readonly whole: readonly PartRecord[]
  readonly lost?: readonly LostPart[]
  /** The load of one part. */
  readonly planOf: MergeContext['planOf']
  /** Left out: the parts know their hosts themselves. */
  readonly shared?: HostFigures | undefined
}

/** A result whose rows are made as they are read: a long run has thousands, and nobody needs all of them to write them down. */
export interface ResultByRow {
  readonly result: Omit<Result, 'timeline'>
  rows(): Iterable<TimelineRow>
}

type Assembled<Form> = Omit<Merged, 'result'> & Form

/** The result of all parts, judged by the scenario; in slices. */
export function* assemblingResult(
  ...[parts, scenario]: Parameters<typeof assemblingByRow>
): Slices<Assembled<{ readonly result: Result }>> {
  const { result, rows, ...rest } = yield* assemblingByRow(parts, scenario)
  return { result: { ...result, timeline: [...rows()] }, ...rest }
}

/** The same, to be written down. */
export function* assemblingByRow(
  { whole, lost = [], planOf, shared, ...allowances }: RunParts,
  { goals, hosts, faults }: Pick<ScenarioParts, 'goals' | 'hosts' | 'faults'>,
): Slices<Assembled<ResultByRow>> {
  const contractOf = createContracts(hosts.own[0].acquirer, hosts.timeZone)
  const fundsWithinMs = goals.timely.funds ?? null
  const context = { contractOf, fundsWithinMs, planOf, merchantFunds: shared?.funds }
  const { result: merged, ...rest } = yield* mergingParts(whole, lost, context)
  // Before thresholds are judged: one of them may ask for the books.
  const result = { ...merged, ...figuresOfHosts(merged, shared, faults) }
  // A part is no run: thresholds are judged on all of them together.
  const isPart = whole.length + lost.length < (whole[0] as PartRecord).share.of
  const expressions = goals.thresholds.map(({ threshold }) => threshold)
  const thresholds = isPart ? [] : judgeThresholds(expressions, result)
  const judged = maskResult({ ...result, thresholds })
  return { result: withAllowances(judged, allowances), rows: () => rowsOf(rest.tally, faults), ...rest }
}

/** Not masked but for the names of faults, which are all that anybody wrote in them. */
function* rowsOf({ timeline }: Tally, { faults }: FaultPart): Generator<TimelineRow> {
  const named = namingFaults(faults)
  for (const entry of timeline) yield named(timelineRow(entry))
}

function figuresOfHosts(
  { faults }: Pick<Result, 'faults'>,
  shared: HostFigures | undefined,
  part: FaultPart,
): Partial<Pick<Result, 'books' | 'turnedAway' | 'faults'>> {
  if (shared === undefined) return {}
  const { books, turnedAway, faults: counts } = shared
  return {
    turnedAway,
    ...(books !== undefined && { books }),
    ...(faults !== null && { faults: countsOf(part.faults, [...counts, ...faults]) }),
  }
}
