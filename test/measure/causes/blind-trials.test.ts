// Thirteen blind trials, every cause among them: what a run says of its causes against what was the matter. `npm run bench -- causes` makes thousands.

import { expect, test } from 'vitest'
import { causeScores } from '../../../bench/causes/matrix.js'
import { planTrials } from '../../../bench/causes/plan.js'
import type { CauseTrial } from '../../../bench/causes/trial.js'

/** Some seconds where nothing else runs. */
const longestMs = 180_000
const plan = planTrials(13, 902)
const trials: CauseTrial[] = []

test(
  'of thirteen blind trials nine in ten are named rightly, and no healthy run is accused',
  async () => {
    for (const { make } of plan) trials.push(await make('virtual'))
    const { single, double, healthyAccused } = causeScores(trials)
    expect(healthyAccused.right).toBe(0)
    expect(single.right + double.right).toBeGreaterThanOrEqual(0.9 * (single.trials + double.trials))
  },
  longestMs,
)

test(
  'a trial is the same each time',
  async () => {
    const last = plan.length - 1
    expect(await plan[last]?.make('virtual')).toEqual(trials[last])
  },
  longestMs,
)
