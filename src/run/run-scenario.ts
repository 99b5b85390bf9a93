// Runs one scenario: reads what it names, starts its hosts, lets it run, and writes its folder.

import { UsageError } from '../base/errors.js'
import { freshSeed } from '../base/random.js'
import type { Result } from '../measure/result.js'
import type { Scenario } from '../scenario/schema.js'
import type { TlsOptions } from '../transport/network/tcp-network.js'
import { readPayouts } from './files/read-payouts.js'
import { readRecordings } from './files/read-recording.js'
import { makeRunFolder } from './files/run-folder.js'
import { type HostSide, startHostSide } from './hosts/host-side.js'
import { readRunKeys } from './keys/run-keys.js'
import { readTls } from './keys/tls-files.js'
import { needsRehearsal, rehearse } from './rehearse.js'
import { type FinishedRun, type PreparedRun, ScenarioRun } from './run.js'
import type { RunOptions } from './run-options.js'
import { createSpeaker } from './speaker.js'
import { openTraffic } from './traffic/open-traffic.js'
import { realWorld, virtualWorld, type World } from './world.js'

/** Throws UsageError for a scenario that does not fit together, StartError when nothing could be reached. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  if (options.workers !== undefined) {
    // Threads and their merging are nothing to a run in this one.
    const { runWithWorkers, workerCount } = await import('./workers/run-with-workers.js')
    return await runWithWorkers(scenario, options, workerCount(options.workers, scenario))
  }
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const seed = scenario.seed ?? freshSeed()
  const keys = readRunKeys(scenario.keys)
  if (options.payouts !== undefined) readPayouts(options.payouts)
  const tls = scenario.tls && readTls(scenario.tls, options.onProgress)
  if (tls !== undefined && options.clock === 'virtual')
    throw new UsageError('--clock virtual: a simulated network has no TLS; leave tls out')
  if (options.share !== undefined && options.share.of > 1) checkPart(scenario, options)
  const world = options.world ?? worldOf(scenario, options, tls)
  // Opened and closed outside of the run: in virtual time nothing may wait for a disk.
  await using traffic = await openTraffic(options.traffic ?? {}, {
    wire: createSpeaker(scenario).wire,
    clock: world.clock,
    onTrouble: (line) => options.onProgress?.(line),
  })
  const prepared = { ...options, seed, keys, tls, around: traffic.around }
  const { result, leave } = await world.until(runIn(world, scenario, prepared))
  // Told before it is written, and written when every connection has given its descriptor back: a full disk takes no result away.
  options.onResult?.(result)
  await leave?.()
  return result
}

function checkPart({ seed }: Scenario, { clock, outDir }: RunOptions): void {
  if (clock === 'virtual') throw new UsageError('--part: virtual time is one process; leave --clock out')
  if (seed === undefined)
    throw new UsageError('--part: all parts must draw the same arrivals: say the same --seed to each of them')
  if (outDir === undefined)
    throw new UsageError('--part: what a part measured is put together from its folder: name one with --out')
}

function worldOf({ start }: Scenario, { clock, networkOn }: RunOptions, tls: TlsOptions | undefined): World {
  if (clock === 'virtual') return virtualWorld(start, networkOn)
  return realWorld(tls === undefined ? {} : { tls })
}

async function runIn(world: World, scenario: Scenario, prepared: PreparedRun): Promise<FinishedRun> {
  await using hostSide = await startHostSide(world, scenario, prepared)
  return await runAgainst(hostSide, world, scenario, prepared)
}

/** The terminals' side alone, against hosts that are there. */
export async function runAgainst(
  hostSide: HostSide,
  world: World,
  given: Scenario,
  prepared: PreparedRun,
): Promise<FinishedRun> {
  const together = putTogether(hostSide, world, given, prepared)
  await using run = together.run
  if (world.kind === 'real' && needsRehearsal(run.plan, given.dialect.name)) {
    const tookMs = await rehearse(together.scenario, runScenario)
    if (tookMs !== undefined) prepared.onProgress?.(`rehearsed for ${(tookMs / 1000).toFixed(1)} s in virtual time`)
  }
  return await run.go()
}

/** A run that has not begun, and the scenario with the messages of its recordings. Throws UsageError for what does not fit. */
export function putTogether(hostSide: HostSide, world: World, given: Scenario, prepared: PreparedRun) {
  const speaker = createSpeaker(given)
  const { recordings, messages } = readRecordings(given.load, speaker.codec)
  const scenario = { ...given, messages: { ...given.messages, ...messages } }
  return { scenario, run: new ScenarioRun(world, scenario, { ...prepared, recordings, speaker, hostSide }) }
}
