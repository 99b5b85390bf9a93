// Runs one scenario in four steps: prepare, start up, under load, report. Here a scenario is taken apart, once; every part of the
// run is handed its own section.

import { UsageError } from '../base/errors.js'
import { collectOldSooner, moveToOldSpace } from '../base/process/garbage.js'
import { createRandom, freshSeed } from '../base/random.js'
import type { Recordings } from '../load/plan.js'
import { planLoad } from '../load/plan.js'
import type { Result } from '../measure/result.js'
import { type ScenarioParts, takeApart } from '../scenario/parts.js'
import type { Scenario } from '../scenario/schema.js'
import type { TlsOptions } from '../transport/network/tcp-network.js'
import type { Speaker } from './dialect-speaker.js'
import { readPayouts } from './files/read-payouts.js'
import { readRecordings } from './files/read-recording.js'
import { makeRunFolder } from './files/run-folder.js'
import { type HostSide, startHostSide } from './hosts/host-side.js'
import { requireUsed } from './keys/key-uses.js'
import { readRunKeys } from './keys/run-keys.js'
import { readTls } from './keys/tls-files.js'
import { needsRehearsal, rehearse } from './rehearse.js'
import type { MeasuredRun } from './result/assemble-result.js'
import { refuseAbortInParts } from './result/early-end.js'
import { type FinishedRun, ScenarioRun } from './run.js'
import type { PreparedRun, RunOptions } from './run-options.js'
import { createSpeaker } from './speaker.js'
import { openTraffic } from './traffic/open-traffic.js'
import { realWorld, virtualWorld, type World } from './world.js'

/** Throws UsageError for a scenario that does not fit together, StartError when nothing could be reached. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  if (options.workers !== undefined) {
    // Threads and their merging are nothing to a run in this one.
    const { runWithWorkers, workerCount } = await import('./workers/run-with-workers.js')
    return await runWithWorkers(scenario, options, workerCount(options.workers, scenario.terminals))
  }
  const { world, ready, prepared } = prepare(scenario, options)
  // Opened and closed outside of the run: in virtual time nothing may wait for a disk.
  await using traffic = await openTraffic(options.traffic ?? {}, {
    wire: ready.speaker.wire,
    clock: world.clock,
    onTrouble: (line) => options.onProgress?.(line),
  })
  const run = async () => {
    await using hostSide = await startHostSide(world, ready.parts, prepared)
    return await runAgainst(hostSide, world, ready, { ...prepared, around: traffic.around })
  }
  const { result, leave } = await world.until(run())
  // Told before it is written, and written when every connection has given its descriptor back: a full disk takes no result away.
  options.onResult?.(result)
  await leave?.()
  return result
}

function prepare(scenario: Scenario, options: RunOptions) {
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const seed = scenario.seed ?? freshSeed()
  const keys = readRunKeys(scenario.keys)
  requireUsed(keys, scenario.dialect)
  if (options.payouts !== undefined) readPayouts(options.payouts)
  const tls = scenario.tls && readTls(scenario.tls)
  if (tls !== undefined && options.clock === 'virtual')
    throw new UsageError('--clock virtual: a simulated network has no TLS; leave tls out')
  if (options.share !== undefined && options.share.of > 1) checkPart(scenario, options)
  const world = options.world ?? worldOf(scenario.start, options, tls)
  return { world, ready: readyToRun(scenario), prepared: { ...options, seed, keys, tls } }
}

function checkPart({ seed, thresholds }: Scenario, { clock, outDir }: RunOptions): void {
  refuseAbortInParts(thresholds, '--part')
  if (clock === 'virtual') throw new UsageError('--part: virtual time is one process; leave --clock out')
  if (seed === undefined)
    throw new UsageError('--part: all parts must draw the same arrivals: say the same --seed to each of them')
  if (outDir === undefined)
    throw new UsageError('--part: what a part measured is put together from its folder: name one with --out')
}

function worldOf(start: number, { clock, networkOn }: RunOptions, tls: TlsOptions | undefined): World {
  if (clock === 'virtual') return virtualWorld(start, networkOn)
  return realWorld(tls === undefined ? {} : { tls })
}

/** A scenario with what its recordings hold, whole and taken apart. */
export interface ReadyScenario {
  /** For a rehearsal, which plays it with other hosts. */
  readonly scenario: Scenario
  readonly parts: ScenarioParts
  readonly recordings: Recordings
  readonly speaker: Speaker
}

/** Throws UsageError for a recording or a dialect that cannot be read. */
export function readyToRun(given: Scenario): ReadyScenario {
  const speaker = createSpeaker(given)
  const { recordings, messages } = readRecordings(given.load, speaker.codec)
  const scenario = { ...given, messages: { ...given.messages, ...messages } }
  return { scenario, parts: takeApart(scenario), recordings, speaker }
}

/** The terminals' side alone, against hosts that are there. */
export async function runAgainst(
  hostSide: HostSide,
  world: World,
  given: ReadyScenario,
  prepared: PreparedRun,
): Promise<FinishedRun> {
  const ready = world.kind === 'real' ? await rehearsed(given, prepared) : given
  await using run = putTogether(hostSide, world, ready, prepared)
  await run.startUp()
  return await run.report(world.kind === 'real' ? await loaded(run, world) : await run.underLoad())
}

/** The load in real time, in which garbage stops it. */
async function loaded(run: ScenarioRun, { clock }: World): Promise<MeasuredRun> {
  moveToOldSpace()
  const stop = collectOldSooner(clock)
  try {
    return await run.underLoad()
  } finally {
    stop()
  }
}

/** The same scenario, taken apart anew where it was rehearsed. */
async function rehearsed(
  ready: ReadyScenario,
  { seed, share, signal, onProgress }: PreparedRun,
): Promise<ReadyScenario> {
  const { scenario, recordings, speaker } = ready
  const plan = planLoad(scenario.load, createRandom(seed), share, recordings)
  if (!needsRehearsal(plan, speaker.dialect.name, scenario.warmup)) return ready
  const tookMs = await rehearse(scenario, runScenario, { signal })
  if (tookMs !== undefined) onProgress?.(`rehearsed for ${(tookMs / 1000).toFixed(1)} s`)
  return { scenario, recordings, speaker: createSpeaker(scenario), parts: takeApart(scenario) }
}

/** A run that has not begun. Throws UsageError for what does not fit. */
export const putTogether = (
  hostSide: HostSide,
  world: World,
  { parts, recordings, speaker }: ReadyScenario,
  prepared: PreparedRun,
) => new ScenarioRun(world, parts, { ...prepared, recordings, speaker, hostSide })
