// Two dozen blind trials: what a run says of its causes against what was the matter. `npm run bench -- causes` makes thousands.

import { expect, test } from 'vitest'
import { scoresOf } from '../../../bench/causes/matrix.js'
import { planTrials } from '../../../bench/causes/plan.js'
import type { Trial } from '../../../bench/causes/trial.js'

/** Some seconds where nothing else runs. */
const longestMs = 180_000
const plan = planTrials(24, 900)

test(
  'of two dozen blind trials nine in ten are named rightly, and no healthy run is accused',
  async () => {
    const trials: Trial[] = []
    for (const { make } of plan) trials.push(await make('virtual'))
    const { single, double, healthyAccused } = scoresOf(trials)
    expect(healthyAccused.right).toBe(0)
    expect(single.right + double.right).toBeGreaterThanOrEqual(0.9 * (single.trials + double.trials))
  },
  longestMs,
)

test(
  'a trial is the same each time',
  async () => {
    const [one, other] = [await plan[20]?.make('virtual'), await plan[20]?.make('virtual')]
    expect(other).toEqual(one)
  },
  longestMs,
)
