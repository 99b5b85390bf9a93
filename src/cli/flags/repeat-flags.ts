// `--repeat`, `--pause`, `--against` and `--against-set`: a scenario several times, and what it is held against.

import { readFileSync, statSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'
import type { JudgeFlags } from './compare-flags.js'
import { durationMs, text, texts, wholeNumber } from './options.js'

export const repeatOptions = {
  repeat: text('repeat', 'run so many times, each in a folder of its own in --out; with a base, in turn with it'),
  pause: text('pause', 'pause between two runs in real time; 2s when left out'),
  against: text('against', 'base of a comparison: a scenario to run in turn, or the folder of runs made before'),
  'against-set': texts('PATH=VALUE: the base is this scenario, so changed; may be repeated'),
} as const

/** Runs of each side: a night of minutes. */
const mostRuns = 1000
const usualPause = '2s'

/** The runs that others are compared with. */
export type Base =
  | { readonly kind: 'none' }
  | { readonly kind: 'scenario'; readonly file: string | undefined; readonly set: readonly string[] }
  | { readonly kind: 'runs'; readonly place: string }

export interface RepeatChoice {
  readonly times: number
  readonly pauseMs: number
  readonly base: Base
}

interface RepeatFlags extends JudgeFlags {
  readonly repeat: string | undefined
  readonly pause: string | undefined
  readonly against: string | undefined
  readonly 'against-set': readonly string[]
}

/** Undefined: one run, held against nothing. Throws UsageError for a value that is none. */
export function repeatChoice(flags: RepeatFlags): RepeatChoice | undefined {
  const { against, repeat, pause, 'against-set': set } = flags
  const base = baseOf(against, set)
  if (base.kind === 'none') refuseWithoutBase(flags)
  if (base.kind === 'none' && repeat === undefined) {
    if (pause !== undefined) throw new UsageError('--pause: is between runs: say how many with --repeat')
    return undefined
  }
  return {
    times: wholeNumber('repeat', repeat, { min: 1, max: mostRuns }) ?? 1,
    pauseMs: durationMs('pause', pause ?? usualPause),
    base,
  }
}

function refuseWithoutBase({ 'fail-if': failIf, 'min-change': minChange, confidence }: RepeatFlags): void {
  const flag = failIf.length > 0 ? 'fail-if' : minChange !== undefined ? 'min-change' : 'confidence'
  if (failIf.length > 0 || minChange !== undefined || confidence !== undefined)
    throw new UsageError(`--${flag}: there is nothing to compare with: name a base with --against or --against-set`)
}

function baseOf(against: string | undefined, set: readonly string[]): Base {
  if (against === undefined) return set.length === 0 ? { kind: 'none' } : { kind: 'scenario', file: undefined, set }
  if (!holdsRuns(against)) return { kind: 'scenario', file: against, set }
  if (set.length > 0) throw new UsageError(`--against-set: ${against} holds runs, which are as they are; leave one out`)
  return { kind: 'runs', place: against }
}

/** A folder, or the result of a run; anything else is a scenario, whose reader says what is wrong with it. */
function holdsRuns(place: string): boolean {
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats === undefined) return false
  if (stats.isDirectory()) return true
  return place.endsWith('.json') && readFileSync(place, 'utf8').includes('"isochron/result@')
}
