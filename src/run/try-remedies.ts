// A scenario without and with each of its remedies, one run after another, on the same seed: `run --with all`.

import { join } from 'node:path'
import { StartError } from '../base/errors.js'
import { maskText, maskTexts } from '../base/mask.js'
import { freshSeed } from '../base/random.js'
import { baseline, bestRemedy, goalsOf, type RemedyComparison, remedyRow } from '../measure/remedies.js'
import type { Result } from '../measure/result.js'
import { printRemediesMarkdown } from '../report/remedies.js'
import type { Language } from '../report/words/language.js'
import type { LoadedScenario } from '../scenario/reader.js'
import type { Scenario } from '../scenario/schema.js'
import { writeWholeNow } from './disk/write-whole.js'
import { makeRunFolder } from './files/run-folder.js'
import type { RunOptions } from './run-options.js'
import { type PlannedRun, runAhead, runsAtOnce } from './workers/runs-ahead.js'

/** How one run is made: runScenario, or something that asks a person in between. */
export type RunOne = (scenario: Scenario, options: RunOptions) => Promise<Result>

export interface TryOptions extends Omit<RunOptions, 'source' | 'remedies' | 'outDir'> {
  /** One folder below it for each run, and remedies.json and remedies.md in it. */
  readonly outDir?: string | undefined
  /** Before each run: its name, and how far this is. */
  readonly onRun?: (name: string, index: number, of: number) => void
  /** After each run that could start. */
  readonly onEnded?: (result: Result) => void
}

export interface TriedRemedies {
  readonly comparison: RemedyComparison
  /** Results by name, `baseline` among them; a run that could not start has none. */
  readonly results: ReadonlyMap<string, Result>
}

/**
 * `variants`: the baseline first, then one per remedy. A run that cannot start is a row that says why. After an
 * interrupt no further run starts. Throws StartError when not even one could start.
 */
export async function tryRemedies(
  variants: readonly LoadedScenario[],
  runOne: RunOne,
  { outDir, onRun, onEnded, ...options }: TryOptions,
): Promise<TriedRemedies> {
  const [first] = variants
  if (first === undefined) throw new Error('no scenario to run')
  if (outDir !== undefined) makeRunFolder(outDir)
  const seed = first.scenario.seed ?? freshSeed()
  const ran = new Map<string, Result | StartError>()
  const planned = variants.map(({ scenario, source, remedies }) => ({
    scenario: { ...scenario, seed },
    options: {
      ...{ ...options, source, remedies },
      ...(outDir === undefined ? {} : { outDir: join(outDir, nameOf(remedies)) }),
    },
  }))
  const own = (run: PlannedRun) => runOne(run.scenario, run.options)
  const waits = canBeMadeAhead(options) ? runAhead(planned, own) : planned.map((run) => () => own(run))
  for (const [index, wait] of waits.entries()) {
    if (options.signal?.aborted === true) break
    const name = nameOf(variants[index]?.remedies ?? [])
    onRun?.(name, index, variants.length)
    const end = await wait().catch(keepStartError)
    ran.set(name, end)
    if (!(end instanceof StartError)) onEnded?.(end)
  }
  // The names are those that the comparison shows.
  const results = [...ran].flatMap(([name, each]) =>
    each instanceof StartError ? [] : [[maskText(name), each] as const],
  )
  if (results.length === 0) throw [...ran.values()][0] ?? new StartError('interrupted before the first run')
  const comparison = compare(first.scenario, ran, { seed, options })
  if (outDir !== undefined) writeComparison(outDir, comparison, options.language)
  return { comparison, results: new Map(results) }
}

/** In real time runs would take each other's processor; and whoever looks at messages looks in this thread. */
const canBeMadeAhead = ({ clock, onTrace, traffic, networkOn, world }: TryOptions) =>
  clock === 'virtual' && [onTrace, traffic, networkOn, world].every((each) => each === undefined) && runsAtOnce() > 1

const nameOf = (remedies: readonly string[]) => remedies.join('+') || baseline

function keepStartError(error: unknown): StartError {
  if (error instanceof StartError) return error
  throw error
}

function compare(
  scenario: Pick<Scenario, 'name' | 'thresholds' | 'remedies' | 'alsoHelps'>,
  ran: ReadonlyMap<string, Result | StartError>,
  { seed, options }: { readonly seed: number; readonly options: Pick<RunOptions, 'clock' | 'signal'> },
): RemedyComparison {
  const goals = goalsOf(scenario.thresholds.map(({ threshold }) => threshold))
  const rows = [...ran].map(([name, each]) =>
    remedyRow(
      name,
      scenario.remedies[name]?.about,
      each instanceof StartError ? { problem: each.message } : each,
      goals,
    ),
  )
  const comparison: RemedyComparison = {
    schema: 'isochron/remedies@1',
    scenario: { name: scenario.name, seed, clock: options.clock ?? 'real' },
    goals,
    rows,
    best: bestRemedy(rows),
    alsoHelps: scenario.alsoHelps,
    interrupted: options.signal?.aborted === true,
  }
  return maskTexts(comparison) as RemedyComparison
}

function writeComparison(folder: string, comparison: RemedyComparison, language: Language | undefined): void {
  writeWholeNow(join(folder, 'remedies.json'), `${JSON.stringify(comparison, undefined, 2)}\n`)
  writeWholeNow(join(folder, 'remedies.md'), printRemediesMarkdown(comparison, language))
}
