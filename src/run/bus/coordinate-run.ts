// One run made by generators on other machines: this process hands it out over a bus, watches, and makes one result of all parts. It
// makes no load itself.

import { rmSync } from 'node:fs'
import { realClock } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
import { nameOfThisProcess } from '../../base/process/process-identity.js'
import { freshSeed } from '../../base/random.js'
import { type Share, wholeShare } from '../../base/share.js'
import { inSlices } from '../../base/slices.js'
import { Coordinator, type EndedPart, type RunEnd } from '../../cluster/coordinator.js'
import type { LostPart } from '../../cluster/lost-part.js'
import { checkUrl, type NatsBus, openNatsBus } from '../../cluster/nats/nats-bus.js'
import { protocolVersion, type Ready, type RunHead } from '../../cluster/protocol.js'
import { countArrivals, type LoadPlan } from '../../load/plan.js'
import { intervalLog } from '../../measure/latency/hlog.js'
import type { BusRow, Result } from '../../measure/result.js'
import type { Allowances } from '../../measure/verdict.js'
import type { LiveSnapshot } from '../../report/live/snapshot.js'
import { takeApart } from '../../scenario/parts.js'
import type { LoadedScenario } from '../../scenario/reader.js'
import type { Scenario } from '../../scenario/schema.js'
import { makeTemporaryFolder } from '../disk/temporary-folder.js'
import { planOfParts } from '../files/plan-of-parts.js'
import { makeRunFolder, writeRunFolder } from '../files/run-folder.js'
import { assemblingResult } from '../result/assemble-result.js'
import { refuseAbortInParts } from '../result/early-end.js'
import { createSpeaker } from '../speaker.js'
import { version } from '../version.js'
import { joinedView } from '../workers/joined-view.js'
import { type Bundle, fingerprints, gatherBundle, packBundle, scenarioOfBundle } from './bundle.js'
import type { BusAccess } from './bus-access.js'
import { TallyFold } from './figures.js'
import { readKept } from './kept-run.js'

/** Bytes that one part may tell in a second, and for everything else: the design of the stream. */
const bytesPerPartAndSecond = 16 * 1024
const bytesBeside = 64 * 1024 * 1024

export interface CoordinateOptions extends Allowances {
  readonly access: BusAccess
  /** Left out with `resume`: the number of parts is known then. */
  readonly parts?: number | undefined
  readonly waitMs: number
  readonly lostAfterMs: number
  readonly replicas: number
  readonly outDir: string | undefined
  /** Takes a run up whose coordinator is gone. */
  readonly resume: boolean
  /** Where this machine has the files that go over no bus; for a run that is taken up. */
  readonly files?: string | undefined
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  /** The bus has the run: generators may be started. */
  readonly onGiven?: () => void
  readonly onSnapshot: (live: LiveSnapshot) => void
  readonly onResult: (result: Result) => void
}

/** A scenario as it is handed out, with all that follows from it. */
interface Given {
  readonly bundle: Bundle
  readonly scenario: Scenario
  readonly head: RunHead
  readonly chunks: readonly Uint8Array[]
  readonly planOf: (share: Share) => LoadPlan
}

/** Throws UsageError and StartError as `runScenario` does. `loaded` and `file` are undefined where a run is taken up. */
export async function coordinateRun(
  loaded: (LoadedScenario & { readonly file: string }) | undefined,
  options: CoordinateOptions,
): Promise<Result> {
  checkUrl(options.access.url)
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const folder = makeTemporaryFolder()
  const given = loaded === undefined ? undefined : giveOut(loaded, options.parts as number)
  const bus = await openNatsBus(options.access, realClock)
  try {
    const { run } = options.access
    const isThere = await bus.hasStream()
    if (given !== undefined) {
      if (isThere) await replaceEnded(bus, options)
      await keepGiven(bus, given, options)
    } else if (!isThere)
      throw new UsageError(`--resume ${run}: the bus holds no run of that name (it keeps them for seven days)`)
    const held = given ?? (await takenUp(bus, folder, options))
    options.onGiven?.()
    return await coordinate(bus, held, options)
  } finally {
    await bus.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A fleet that stays up waits for the next run of its name: one that has ended makes room. Throws UsageError for another. */
async function replaceEnded(bus: NatsBus, { access: { run }, say }: CoordinateOptions): Promise<void> {
  if (!(await bus.hasEnded()))
    throw new UsageError(
      `--run ${run}: the bus holds a run of that name which has not ended: resume it with --resume ${run}, or name another`,
    )
  await bus.dropStream()
  say(`the last run of the name ${run} has ended: this one takes its place on the bus`)
}

function giveOut(loaded: LoadedScenario & { readonly file: string }, of: number): Given {
  const { scenario, source, remedies, file } = loaded
  refuseAbortInParts(scenario.thresholds, '--on')
  const seed = scenario.seed ?? freshSeed()
  if (scenario.terminals.target === undefined && of > 1 && scenario.acquirers !== undefined)
    throw new UsageError('--on: acquirers of the scenario would be started by every generator: name terminals.target')
  const bundle = gatherBundle(source, file, { remedies: [...remedies], seed })
  const { chunks, sha256 } = packBundle(bundle)
  const planOf = planOfScenario(scenario, seed)
  const planned = Array.from({ length: of }, (_, index) => countArrivals(planOf({ index, of })))
  const head = { protocol: protocolVersion, version, of, sha256, seed, planned, chunks: chunks.length }
  return { bundle, scenario: { ...scenario, seed }, head, chunks, planOf }
}

const planOfScenario = (scenario: Scenario, seed: number) =>
  planOfParts(scenario.load, createSpeaker(scenario).codec, seed)

async function keepGiven(bus: NatsBus, given: Given, options: CoordinateOptions): Promise<void> {
  const { head, chunks } = given
  const lasts = lastsMs(given)
  const maxBytes = Math.ceil(head.of * (lasts / 1000 + 60) * bytesPerPartAndSecond) + bytesBeside
  const rememberMs = Math.ceil(lasts + options.waitMs + 600_000)
  if (!(await bus.makeStream({ maxBytes, replicas: options.replicas, rememberMs })))
    throw new UsageError(`--run ${options.access.run}: the bus holds a run of that name by now`)
  await bus.append('d.run', Buffer.from(JSON.stringify(head)), 'run')
  for (const [i, chunk] of chunks.entries()) await bus.append(`d.bundle.${i}`, chunk, `bundle.${i}`)
}

async function takenUp(bus: NatsBus, folder: string, { files }: CoordinateOptions): Promise<Given> {
  const { head, bundle, chunks } = await readKept(bus, realClock, version)
  const scenario = scenarioOfBundle(bundle, { folder, files, keys: undefined })
  return { bundle, head, chunks, scenario, planOf: planOfScenario(scenario, head.seed) }
}

function lastsMs({ scenario, planOf }: Given): number {
  const { durationMs } = planOf(wholeShare)
  const { terminals } = scenario
  const settling = terminals.settle ? terminals.timeout * 3 : 0
  return durationMs + scenario.drain + scenario.drainOwed + settling
}

async function coordinate(bus: NatsBus, given: Given, options: CoordinateOptions): Promise<Result> {
  const { scenario, head, chunks } = given
  const folds = Array.from(
    { length: head.of },
    () => new TallyFold({ measureFromMs: scenario.warmup, timelyWithinMs: scenario.timely.response }),
  )
  const coordinator = new Coordinator<TallyFold>({
    ...{ bus, clock: realClock, epoch: nameOfThisProcess(), head, bundle: chunks },
    ...{ misfit: misfitOf(scenario), fold: (part) => folds[part] as TallyFold },
    ...{ waitMs: options.waitMs, lostAfterMs: options.lostAfterMs, lastsMs: lastsMs(given) },
    ...{ say: options.say, signal: options.signal, onLook: (parts) => show(parts, options) },
  })
  try {
    const end = await coordinator.run()
    const result = await report(end, given, bus, options)
    // The figures are made: a bus that is gone takes them from nobody.
    await Promise.race([
      coordinator.end(result.whole === true),
      new Promise((resolve) => realClock.after(2000, () => resolve(undefined))),
    ])
    return result
  } finally {
    coordinator.close()
    for (const fold of folds) fold.destroy()
  }
}

/** A generator's cards and keys must be those of this machine. */
function misfitOf(scenario: Scenario): (ready: Ready) => string | undefined {
  const own = fingerprints(scenario)
  return ({ files, kcvs }) => {
    const other = Object.keys(own.files).find((name) => own.files[name] !== files[name])
    if (other !== undefined) return `its file of ${other} is another one than the coordinator's`
    return kcvs.join() === own.kcvs.join() ? undefined : 'its keys have other check values than the coordinator’s'
  }
}

function show(parts: readonly EndedPart<TallyFold>[], { onSnapshot }: CoordinateOptions): void {
  const lives = parts.flatMap(({ fold }) => fold.live ?? [])
  if (lives.length > 0) onSnapshot(joinedView(lives))
}

async function report(
  end: RunEnd<TallyFold>,
  { bundle, scenario, planOf }: Given,
  bus: NatsBus,
  { outDir, onResult, allowSaturated, allowLost, signal }: CoordinateOptions,
): Promise<Result> {
  const { whole, lost } = sorted(end.parts, signal.aborted)
  if (whole.length === 0) throw new StartError(`no part came back: ${end.parts.map(({ lost: why }) => why).join('; ')}`)
  const assembling = assemblingResult({ whole, lost, planOf, allowSaturated, allowLost }, takeApart(scenario))
  const made = await inSlices(assembling)
  const result: Result = {
    ...made.result,
    interrupted: made.result.interrupted || signal.aborted,
    ...(made.result.parts !== undefined && {
      parts: made.result.parts.map((row) => ({ ...row, ...clockOf(end.parts[row.part - 1]) })),
    }),
    bus: { server: bus.server, tls: bus.isEncrypted, replicas: bus.replicas, outages: end.outages } satisfies BusRow,
  }
  onResult(result)
  if (outDir !== undefined)
    await writeRunFolder(outDir, {
      result,
      scenario: bundle.source,
      intervals: intervalLog(made.tally.timeline, end.at),
      evidence: [],
    })
  return result
}

/**
 * Parts that count as whole, and those that do not. A generator that was stopped by itself, by its launcher or its machine, told
 * everything that it did; the rest of its arrivals is unsent. Where the whole run was stopped, or every generator, nothing is missing.
 */
function sorted(parts: readonly EndedPart<TallyFold>[], isStopped: boolean) {
  const finals = parts.flatMap(({ fold }) => fold.whole?.part ?? [])
  const isWhole = ({ fold }: EndedPart<TallyFold>) =>
    fold.whole !== undefined && (!fold.whole.part.interrupted || isStopped || finals.every((each) => each.interrupted))
  return {
    whole: parts.filter(isWhole).flatMap(({ fold }) => fold.whole?.part ?? []),
    lost: parts.filter((part) => !isWhole(part)).map((part) => lostPart(part, parts.length)),
  }
}

function lostPart({ part, place, fold, lost }: EndedPart<TallyFold>, of: number): LostPart {
  const { handed, ended } = fold
  const why = lost ?? 'was stopped before its end'
  return { share: { index: part, of }, place, tally: fold.tally(), handed, ended, why }
}

const clockOf = (part: EndedPart<TallyFold> | undefined) =>
  part?.fold.whole === undefined ? {} : { clock: part.fold.whole.clock }
