// The rules for a condition and its remedies; a rule that does not hold is told in words.

import { bestRemedy, type Goal, isMet, type RemedyRow } from '../../src/measure/remedies.js'

/** A condition that was run without remedies, with its own, and with those of all others that fit. */
export interface Tried {
  readonly cause: string
  /** The cause id that the baseline has to name. */
  readonly names: string
  readonly goals: readonly Goal[]
  /** The causes that the baseline named, the first one first. */
  readonly named: readonly string[]
  readonly before: RemedyRow
  readonly own: readonly RemedyRow[]
  readonly foreign: readonly RemedyRow[]
  /** Foreign remedies that are said to help, and why. */
  readonly alsoHelps: Readonly<Record<string, string>>
}

/** A foreign remedy that nobody has explained may lift the rate by less than this share of the gap to the goal. */
const mostLift = 1 / 3

/** The share of the gap between baseline and goal that a remedy closes; may be negative or above 1. */
export function liftOf({ goals, before }: Tried, row: RemedyRow): number {
  const goal = Math.min(...goals.map(({ limit }) => limit))
  const rate = before.rate ?? 0
  return goal > rate ? ((row.rate ?? 0) - rate) / (goal - rate) : 0
}

/** Everything that is not as it must be, in a line each. */
export function conditionProblems(tried: Tried): readonly string[] {
  const { cause, names, named, before, own, foreign, alsoHelps } = tried
  const best = bestRemedy([before, ...own])
  const winner = own.find(({ name }) => name === best)
  const problems = [
    ...(isMet(before) ? ['the baseline meets its thresholds'] : []),
    ...(named[0] === names ? [] : [`the baseline names ${named[0] ?? 'no cause'}`]),
    ...(own.length === 0 ? ['no remedies'] : []),
    ...(winner !== undefined && isMet(winner) ? [] : ['no remedy lifts the rate past the thresholds']),
    ...foreign.flatMap((row) => {
      const lift = liftOf(tried, row)
      const isTold = Object.hasOwn(alsoHelps, row.name)
      if (lift >= mostLift && !isTold) return [`${row.name} lifts the rate by ${percent(lift)} of the gap, unexplained`]
      return lift < mostLift && isTold ? [`${row.name} is said to help, and closes ${percent(lift)} of the gap`] : []
    }),
    ...Object.keys(alsoHelps)
      .filter((name) => !foreign.some((row) => row.name === name))
      .map((name) => `${name} is said to help, and is no remedy of another condition that fits`),
  ]
  return problems.map((problem) => `${cause}: ${problem}`)
}

const percent = (share: number) => `${Math.round(share * 100)} %`
