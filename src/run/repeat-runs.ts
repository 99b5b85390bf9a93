// A scenario several times, alone or in turn with what it is held against: `run --repeat` and `run --against`.
//
// Sides take turns as A B, B A, A B …, so that whatever drifts on the machine hits both alike; the n-th runs of both
// have the same seed and so meet the same arrivals, cards and amounts.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { realClock, sleep } from '../base/clock.js'
import { StartError } from '../base/errors.js'
import { freshSeed } from '../base/random.js'
import { type ComparedRun, type CompareOptions, type Comparison, compareRuns } from '../measure/compare/compare.js'
import { type FailIf, failuresOf } from '../measure/compare/fail-if.js'
import { type MadeRun, type RepeatSide, type Repeats, repeatsOf } from '../measure/compare/repeats.js'
import type { Result } from '../measure/result.js'
import { printRepeatsPage } from '../report/compare/page.js'
import { printRepeatsJunit, printRepeatsMarkdown } from '../report/compare/repeats.js'
import type { Language } from '../report/words/language.js'
import type { LoadedScenario } from '../scenario/reader.js'
import { readSide } from './compare-runs.js'
import { makeTemporaryFolder } from './disk/temporary-folder.js'
import { writeWhole } from './disk/write-whole.js'
import { pageAssets } from './files/page-assets.js'
import { makeRunFolder } from './files/run-folder.js'
import type { RunOptions } from './run-options.js'
import type { RunOne } from './try-remedies.js'

export interface RepeatOptions extends Omit<RunOptions, 'source' | 'remedies' | 'outDir' | 'signal'> {
  readonly signal: AbortSignal
  /** Runs of each side; at least 1. */
  readonly times: number
  /** Between two runs in real time, in ms. */
  readonly pauseMs: number
  /** Folder of all runs; left out: a temporary one. */
  readonly outDir: string | undefined
  /** A scenario to run in turn, as the base. */
  readonly base?: LoadedScenario | undefined
  /** Runs made before, as the base. */
  readonly earlier?: readonly ComparedRun[] | undefined
  readonly how: CompareOptions
  readonly conditions: readonly FailIf[]
  /** Before each run: its name, and how far this is. */
  readonly onRun?: (name: string, index: number, of: number) => void
}

interface Turn {
  readonly side: RepeatSide
  readonly loaded: LoadedScenario
  /** Its folder below that of all; empty: that folder itself. */
  readonly name: string
  readonly seed: number
}

/** Throws what `runOne` throws. After an interrupt no further run starts. */
export async function repeatRuns(scenario: LoadedScenario, runOne: RunOne, options: RepeatOptions): Promise<Repeats> {
  const { outDir, signal, pauseMs, onRun, times, base: _, earlier, how, conditions, ...run } = options
  const folder = outDir ?? makeTemporaryFolder()
  try {
    makeRunFolder(folder)
    const turns = turnsOf(scenario, options)
    const made: MadeRun[] = []
    for (const [index, turn] of turns.entries()) {
      if (index > 0 && options.clock !== 'virtual') await sleep(realClock, pauseMs, signal)
      if (signal.aborted) break
      onRun?.(turn.name, index, turns.length)
      const result = await makeOne(turn, runOne, { ...run, signal, outDir: join(folder, turn.name) })
      const [read] = readSide(join(folder, turn.name))
      made.push({ ...(read as ComparedRun), result, side: turn.side, name: turn.name === '' ? turn.side : turn.name })
    }
    if (made.length === 0) throw new StartError('interrupted before the first run')
    const sides = sidesOf(made, earlier)
    const comparison = sides.base.length === 0 || sides.runs.length === 0 ? null : compare(sides, options)
    const failures = comparison === null ? [] : failuresOf(comparison, conditions)
    const interrupted = signal.aborted || made.length < turns.length
    const repeats = repeatsOf(made, { comparison, failures, interrupted })
    if (outDir !== undefined) await writeRepeats(outDir, repeats, sides, options.language)
    return repeats
  } finally {
    if (outDir === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

function makeOne({ loaded, seed }: Turn, runOne: RunOne, options: Omit<RunOptions, 'source'>): Promise<Result> {
  const { scenario, source, remedies } = loaded
  if (options.outDir !== undefined) mkdirSync(options.outDir, { recursive: true })
  return runOne({ ...scenario, seed }, { ...options, source, remedies })
}

function turnsOf(now: LoadedScenario, { times, base }: RepeatOptions): readonly Turn[] {
  const seed = now.scenario.seed ?? base?.scenario.seed ?? freshSeed()
  const digits = String(times).length
  return Array.from({ length: times }, (_, index) => {
    const number = times === 1 ? '' : String(index + 1).padStart(digits, '0')
    const mine = { side: 'now', loaded: now, seed: seed + index } as const
    if (base === undefined) return [{ ...mine, name: number }]
    const pair: readonly Turn[] = [
      { side: 'base', loaded: base, name: join('base', number), seed: seed + index },
      { ...mine, name: join('now', number) },
    ]
    return index % 2 === 0 ? pair : [...pair].reverse()
  }).flat()
}

interface Sides {
  readonly base: readonly ComparedRun[]
  readonly runs: readonly ComparedRun[]
}

function sidesOf(made: readonly MadeRun[], earlier: readonly ComparedRun[] = []): Sides {
  return {
    base: [...earlier, ...made.filter(({ side }) => side === 'base')],
    runs: made.filter(({ side }) => side === 'now'),
  }
}

/** Compares the runs. If they were made in turn, every difference between their scenarios was meant. */
function compare({ base, runs }: Sides, { how, base: inTurn }: RepeatOptions): Comparison {
  return compareRuns(base, runs, inTurn === undefined ? how : { ...how, meant: ['*'], paired: true })
}

async function writeRepeats(
  folder: string,
  repeats: Repeats,
  sides: Sides,
  language: Language | undefined,
): Promise<void> {
  // A single run has its own junit.xml there.
  const junit = repeats.runs.length === 1 ? 'repeats.xml' : 'junit.xml'
  const files: readonly (readonly [name: string, text: string])[] = [
    ['repeats.json', `${JSON.stringify(repeats, undefined, 2)}\n`],
    ['repeats.md', printRepeatsMarkdown(repeats, language)],
    ['repeats.html', printRepeatsPage(repeats, sides, pageAssets(), language)],
    [junit, printRepeatsJunit(repeats, sides.runs[0]?.result.startedAt ?? '')],
  ]
  for (const [name, text] of files) await writeWhole(join(folder, name), [text])
}
