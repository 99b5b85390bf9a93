// A scenario that ran several times, alone or in turn with a base: what each run came to, and how much runs differ by themselves.

import { judgeRun } from '../verdict.js'
import type { ComparedRun, Comparison } from './compare.js'
import { type ComparedFigure, comparedFigures, figureOf } from './figures.js'
import { median } from './ranks.js'

/** `base`: what the scenario is held against. */
export type RepeatSide = 'base' | 'now'

export interface RepeatedRun {
  readonly side: RepeatSide
  /** Its folder below that of all. */
  readonly name: string
  readonly seed: number
  readonly passed: boolean
  readonly exit: number
  readonly figures: Readonly<Record<ComparedFigure, number | null>>
}

/** How one figure came out in the runs of one side; null where it is not known in any. */
export interface RepeatSpread {
  readonly side: RepeatSide
  readonly figure: ComparedFigure
  readonly median: number | null
  readonly min: number | null
  readonly max: number | null
}

/** repeats.json. */
export interface Repeats {
  readonly schema: 'isochron/repeats@1'
  readonly scenario: string
  readonly clock: 'real' | 'virtual'
  /** In the order in which they were made. */
  readonly runs: readonly RepeatedRun[]
  readonly spread: readonly RepeatSpread[]
  /** Null where there is no base. */
  readonly comparison: Comparison | null
  /** Conditions on the comparison that hold, in words. */
  readonly failures: readonly string[]
  /** Fewer runs were made than were asked for. */
  readonly interrupted: boolean
}

export interface MadeRun extends ComparedRun {
  readonly side: RepeatSide
}

/** `made`: in the order in which they were made. */
export function repeatsOf(
  made: readonly MadeRun[],
  judged: Pick<Repeats, 'comparison' | 'failures' | 'interrupted'>,
): Repeats {
  const [first] = made
  const runs = made.map(({ side, name, result }): RepeatedRun => {
    const { passed, exit } = judgeRun(result)
    const figures = Object.fromEntries(comparedFigures.map((figure) => [figure, figureOf(result, figure)]))
    return { side, name, seed: result.scenario.seed, passed, exit, figures: figures as RepeatedRun['figures'] }
  })
  const sides = (['base', 'now'] as const).filter((side) => runs.some((run) => run.side === side))
  return {
    schema: 'isochron/repeats@1',
    scenario: made.find(({ side }) => side === 'now')?.result.scenario.name ?? first?.result.scenario.name ?? '',
    clock: first?.result.scenario.clock ?? 'real',
    runs,
    spread: sides.flatMap((side) => comparedFigures.map((figure) => spreadOf(runs, side, figure))),
    ...judged,
  }
}

function spreadOf(runs: readonly RepeatedRun[], side: RepeatSide, figure: ComparedFigure): RepeatSpread {
  const known = runs
    .flatMap((run) => (run.side === side ? (run.figures[figure] ?? []) : []))
    .sort((one, other) => one - other)
  const [min = null, max = null] = [known[0], known.at(-1)]
  return { side, figure, median: known.length === 0 ? null : median(known), min, max }
}

/** Runs of the scenario itself that did not pass. A base may fail: it is what the scenario is held against. */
export const failedRuns = ({ runs }: Repeats): readonly RepeatedRun[] =>
  runs.filter(({ side, passed }) => side === 'now' && !passed)
