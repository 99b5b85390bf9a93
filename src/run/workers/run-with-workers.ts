// One scenario with several generators in threads of this process: one set of hosts, one start, one result.

import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { MarkedJournal } from '../../acquirer/ledger/marks.js'
import { realClock } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
import { freshSeed } from '../../base/random.js'
import type { Share } from '../../base/share.js'
import { inSlices } from '../../base/slices.js'
import { maxEvidence } from '../../measure/evidence.js'
import { intervalLog } from '../../measure/latency/hlog.js'
import { booksOfTerminals, comparingBooks } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import type { Result } from '../../measure/result.js'
import { type ScenarioParts, takeApart } from '../../scenario/parts.js'
import type { Scenario } from '../../scenario/schema.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import { createSpillFile } from '../disk/spill-file.js'
import { makeTemporaryFolder } from '../disk/temporary-folder.js'
import { mergedEvidence } from '../files/merged-evidence.js'
import { planOfParts } from '../files/plan-of-parts.js'
import { makeRunFolder, writeRunFolder } from '../files/run-folder.js'
import { type HostSide, type LedgerMarks, startHostSide } from '../hosts/host-side.js'
import { requireUsed } from '../keys/key-uses.js'
import { readRunKeys } from '../keys/run-keys.js'
import { readTls } from '../keys/tls-files.js'
import type { FaultyHost } from '../lines/run-faults.js'
import { assemblingByRow, assemblingResult, type HostFigures, type RunParts } from '../result/assemble-result.js'
import { refuseAbortInParts } from '../result/early-end.js'
import { fundsOfHosts } from '../result/funds-result.js'
import type { RunOptions } from '../run-options.js'
import { createSpeaker } from '../speaker.js'
import { booksOrWhyNot, withHint } from '../terminals/end-of-day.js'
import { journalOfPart } from '../terminals/journal-of-part.js'
import { honestRows, liarsOf } from '../terminals/liars.js'
import { realWorld } from '../world.js'
import { type Generator, type GeneratorEnd, startGenerator } from './generators.js'
import { createJoinedCheckpoint } from './joined-checkpoint.js'
import { joinedView } from './joined-view.js'

/**
 * Between the last terminal that is ready and the start of the load, in ms: every thread must have heard of it, on a busy machine too.
 */
const leadMs = 500
const lookEveryMs = 1000

/** `auto`: a core for this thread, and one for hosts of our own, are left free. */
export function workerCount(asked: number | 'auto', { target }: Pick<TerminalOptions, 'target'>): number {
  if (asked !== 'auto') return asked
  const hosts = target === undefined ? 1 : 0
  return Math.max(1, availableParallelism() - 1 - hosts)
}

/** Throws UsageError and StartError as `runScenario` does. A generator that dies is counted as lost, and the rest goes on. */
export async function runWithWorkers(scenario: Scenario, options: RunOptions, workers: number): Promise<Result> {
  check(options, workers)
  refuseAbortInParts(scenario.thresholds, '--workers')
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const seed = scenario.seed ?? freshSeed()
  const keys = readRunKeys(scenario.keys)
  requireUsed(keys, scenario.dialect)
  const tls = scenario.tls && readTls(scenario.tls)
  const parts = takeApart(scenario)
  await using hostSide = await startHostSide(realWorld(tls === undefined ? {} : { tls }), parts, {
    ...options,
    seed,
    keys,
    tls,
  })
  const folders = options.outDir === undefined ? undefined : makeTemporaryFolder()
  const spill = createSpillFile()
  const planOf = planOfParts(parts.load.phases, createSpeaker(parts.speech).codec, seed)
  const checkpoint = createJoinedCheckpoint({
    ...{ folder: options.outDir, generators: workers, say: (line) => options.onProgress?.(line) },
    resultOf: (whole) => assemblingByRow({ whole, planOf, allowSaturated: options.allowSaturated }, parts),
  })
  const generators = Array.from({ length: workers }, (_, index) =>
    startGenerator(startOf(scenario, options, { seed, hostSide, folders, share: { index, of: workers } }), {
      onLine: (line) => options.onProgress?.(`generator ${index + 1}/${workers}: ${line}`),
      onCheckpoint: checkpoint.add,
      spill,
    }),
  )
  for (const [index, { ended }] of generators.entries()) void ended.then(() => checkpoint.ended(index))
  try {
    const begun = await beginTogether(generators, hostSide, options)
    const ends = await Promise.all(generators.map(({ ended }) => ended))
    await checkpoint.close()
    return await report({ parts, options, planOf, hostSide, folders, spill, begun, ends })
  } finally {
    await Promise.all(generators.map((each) => each.kill()))
    spill.close()
    if (folders !== undefined) rmSync(folders, { recursive: true, force: true })
  }
}

function check({ clock, pacing, share, traffic }: RunOptions, workers: number): void {
  if (traffic !== undefined)
    throw new UsageError('--workers: --trace, --record and --pcap look at one generator; leave them or --workers out')
  if (clock === 'virtual') throw new UsageError('--workers: virtual time is one thread; leave --clock or --workers out')
  if (share !== undefined) throw new UsageError('--workers: a part is one generator; leave --part or --workers out')
  const cores = availableParallelism()
  if (pacing !== 'economy' && workers > cores)
    throw new UsageError(
      `--workers ${workers}: the pacing may keep a core awake for each, and there are ${cores}: use fewer, or --pacing economy`,
    )
}

function startOf(
  scenario: Scenario,
  options: RunOptions,
  own: { seed: number; hostSide: HostSide; folders: string | undefined; share: Share },
) {
  const { source, remedies, keep, pacing, journal, journalStale, payouts, metered } = options
  const { share, folders, seed, hostSide } = own
  return {
    source,
    keep,
    journalStale,
    payouts,
    metered,
    scenario,
    seed,
    share,
    hosts: hostSide.hosts,
    journal: journal && journalOfPart(journal, share),
    outDir: folders && join(folders, `part-${share.index + 1}`),
    ...(remedies !== undefined && { remedies }),
    ...(pacing !== undefined && { pacing }),
  }
}

/** When the load began (epoch ms) and where in our hosts' ledgers. Rejects when a generator is not ready. */
async function beginTogether(
  generators: readonly Generator[],
  hostSide: HostSide,
  { signal, onSnapshot, startAtWall }: RunOptions,
): Promise<Begun> {
  if (onSnapshot !== undefined) watch(generators, onSnapshot)
  const journals = await Promise.all(generators.map(({ ready }) => ready))
  const marks = earliest(await Promise.all(journals.map((journal) => hostSide.ledgerMarks(journal))))
  const atWall = startAtWall ?? realClock.wall() + leadMs
  for (const generator of generators) generator.begin(atWall)
  hostSide.own?.startFaults(atWall)
  signal?.addEventListener('abort', () => {
    for (const generator of generators) generator.stop()
  })
  return { atWall, marks, journals }
}

interface Begun {
  readonly atWall: number
  readonly marks: LedgerMarks
  /** Those that outlive the process. */
  readonly journals: readonly (MarkedJournal | undefined)[]
}

/** The books of all generators go back to where the first of their journals began, in each ledger. */
function earliest(all: readonly LedgerMarks[]): LedgerMarks {
  const [first = [], ...others] = all
  return first.map((mark, ledger) =>
    others.reduce((least, marks) => {
      const other = marks[ledger]
      return other !== undefined && other.entry < (least?.entry ?? 0) ? other : least
    }, mark),
  )
}

function watch(generators: readonly Generator[], onSnapshot: NonNullable<RunOptions['onSnapshot']>): void {
  const look = () => {
    const lives = generators.flatMap(({ live }) => live ?? [])
    if (lives.length > 0) onSnapshot(joinedView(lives))
    timer = realClock.after(lookEveryMs, look)
  }
  let timer = realClock.after(lookEveryMs, look)
  void Promise.all(generators.map(({ ended }) => ended)).then(() => timer.cancel())
}

interface Ended {
  readonly parts: ScenarioParts
  readonly options: RunOptions
  readonly planOf: RunParts['planOf']
  readonly hostSide: HostSide
  readonly folders: string | undefined
  readonly spill: Spill
  readonly begun: Begun
  readonly ends: readonly GeneratorEnd[]
}

async function report(ended: Ended): Promise<Result> {
  const { parts, options, planOf, folders, begun, ends } = ended
  const whole = ends.flatMap(({ part }) => part ?? [])
  const lost = ends.flatMap((end) => (end.part === undefined ? [end.lost] : []))
  if (whole.length === 0) throw new StartError(`every generator was lost: ${lost[0]?.why}`)
  const shared = ended.hostSide.own === undefined ? undefined : await hostFigures(ended, ended.hostSide.own)
  const { allowSaturated } = options
  const made = await inSlices(assemblingResult({ whole, lost, planOf, shared, allowSaturated }, parts))
  const { result } = made
  options.onResult?.(result)
  if (options.outDir !== undefined) {
    const parts = whole.map((part) => ({ ...part, from: join(folders ?? '', `part-${part.share.index + 1}`) }))
    await writeRunFolder(options.outDir, {
      result,
      scenario: options.source,
      intervals: intervalLog(made.tally.timeline, begun.atWall),
      evidence: await mergedEvidence(parts, made.verdicts, maxEvidence),
      language: options.language,
    })
  }
  return result
}

/** The terminals' side of all generators. */
const joinedRows = (ends: readonly GeneratorEnd[]): GeneratorEnd['rows'] => ({
  size: ends.reduce((sum, { rows }) => sum + rows.size, 0),
  *rows() {
    for (const { rows } of ends) yield* rows.rows()
  },
})

/**
 * The figures that only the main thread knows: the ledger of isochron's own hosts against all terminals, and their faults.
 */
async function hostFigures(
  { parts, options, hostSide, spill, ends, begun }: Ended,
  host: FaultyHost,
): Promise<HostFigures> {
  const { marks, journals } = begun
  const own = joinedRows(ends)
  const books = await booksOrWhyNot(own, async () => {
    const ledger = honestRows(await hostSide.ledgerRows(marks, spill), { terminals: liarsOf(parts.terminals.options) })
    if (ledger === undefined) return undefined
    const settled = ends.flatMap((end) => end.settled ?? [])
    if (ends.every(({ booksAreWhole }) => booksAreWhole)) {
      const compared = await inSlices(comparingBooks({ size: own.size, rows: own.rows(), settled }, ledger, { spill }))
      return withHint(compared, { journals, ledger: options.ledger })
    }
    return booksOfTerminals(own.rows(), 'a generator was lost, or had more transactions than it can keep')
  })
  const { currency } = createSpeaker(parts.speech).dialect.rules
  return {
    books,
    funds: fundsOfHosts(await hostSide.funds(marks), currency),
    faults: await host.faultCounts(),
    turnedAway: await host.turnedAway(),
  }
}
