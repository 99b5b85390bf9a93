// Which trials a bench makes: so many healthy, so many of each cause, so many pairs, in a fixed order by seed.

import type { TrialPace } from './base.js'
import { type Seeded, seeded } from './conditions.js'
import { type CauseTrial, doubleTrial, healthyTrial, singleTrial } from './trial.js'

export interface Planned {
  readonly seed: string
  readonly make: (pace: TrialPace) => Promise<CauseTrial>
}

/** The shares of healthy trials and of pairs; the rest are single causes. */
const shares = { healthy: 0.1, double: 0.15 }

export function planTrials(runs: number, seed: number): readonly Planned[] {
  const healthy = Math.round(runs * shares.healthy)
  const double = Math.round(runs * shares.double)
  return Array.from({ length: runs }, (_, index): Planned => {
    const name = `${seed}/${index}`
    if (index < healthy) return { seed: name, make: (pace) => healthyTrial(name, pace) }
    if (index < healthy + double) return { seed: name, make: (pace) => doubleTrial(name, pace) }
    const cause = seeded[(index - healthy - double) % seeded.length] as Seeded
    return { seed: name, make: (pace) => singleTrial(name, cause, pace) }
  })
}
