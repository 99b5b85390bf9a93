// The counts of trials: the confusion matrix, the shares that are right, and whether they are enough.

import { causeIds } from '../../src/measure/causes/cause.js'
import { type Seeded, seeded } from './conditions.js'
import type { CauseTrial } from './trial.js'

/** Shares that must be right: of single causes over all and each, of pairs; and of healthy runs that may be accused. */
export const causeGoals = { single: 0.95, each: 0.9, double: 0.85, healthyAccused: 0.01 }

export interface Score {
  readonly trials: number
  readonly right: number
  readonly share: number | null
}

export interface CauseScores {
  readonly single: Score
  readonly each: Readonly<Record<string, Score>>
  readonly double: Score
  readonly healthyAccused: Score
  readonly met: boolean
}

const isSame = ({ expected, named }: CauseTrial) =>
  expected.length === named.length && expected.every((cause) => named.includes(cause))

const scoreOf = (trials: readonly CauseTrial[], isRight: (trial: CauseTrial) => boolean = isSame): Score => {
  const right = trials.filter(isRight).length
  return { trials: trials.length, right, share: trials.length === 0 ? null : right / trials.length }
}

const reaches = ({ share }: Score, goal: number) => share === null || share >= goal

export function causeScores(trials: readonly CauseTrial[]): CauseScores {
  const of = (count: number) => trials.filter(({ expected }) => expected.length === count)
  const single = scoreOf(of(1))
  const each = Object.fromEntries(
    seeded.map((cause) => [cause, scoreOf(of(1).filter(({ expected: [only] }) => only === cause))]),
  )
  const double = scoreOf(of(2))
  const healthyAccused = scoreOf(of(0), ({ named }) => named.length > 0)
  const met =
    reaches(single, causeGoals.single) &&
    Object.values(each).every((score) => reaches(score, causeGoals.each)) &&
    reaches(double, causeGoals.double) &&
    (healthyAccused.share ?? 0) <= causeGoals.healthyAccused
  return { single, each, double, healthyAccused, met }
}

/** Rows: what was the matter; columns: what was named. A run that names two causes counts in both columns. */
export function confusion(trials: readonly CauseTrial[]): Record<string, Record<string, number>> {
  const columns = [...causeIds.filter((id) => id !== 'unknown'), 'nothing']
  const rows: Record<string, Record<string, number>> = {}
  for (const name of [...seeded, 'healthy']) rows[name] = Object.fromEntries(columns.map((column) => [column, 0]))
  for (const { expected, named } of trials.filter((trial) => trial.expected.length < 2)) {
    const row = rows[(expected[0] as Seeded | undefined) ?? 'healthy'] as Record<string, number>
    for (const column of named.length === 0 ? ['nothing'] : named) row[column] = (row[column] ?? 0) + 1
  }
  return rows
}
