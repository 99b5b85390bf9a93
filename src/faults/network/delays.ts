// Delays around a value: how far they stray is drawn anew each time.

import type { Random } from '../../base/random.js'

export const distributions = ['uniform', 'normal', 'pareto'] as const
export type DelayDistribution = (typeof distributions)[number]

/** Shape of the heavy tail: the smallest whole one with a variance. Its mean and standard deviation for a minimum of 1. */
const paretoShape = 3
const paretoMean = paretoShape / (paretoShape - 1)
const paretoDeviation = Math.sqrt(paretoShape / (paretoShape - 2)) / (paretoShape - 1)

/**
 * Draws delays in ms, never below 0. `uniform`: base ± jitter evenly; `normal`, `pareto`: mean `base`, standard deviation
 * `jitter`, and Pareto's long tail.
 */
export function createDelays(
  { base, jitter, distribution }: { base: number; jitter: number; distribution: DelayDistribution },
  random: Random,
): () => number {
  if (jitter === 0) return () => base
  const spreads: Record<DelayDistribution, () => number> = {
    uniform: () => random.between(-1, 1),
    normal: () => random.normal(),
    pareto: () => ((1 - random.next()) ** (-1 / paretoShape) - paretoMean) / paretoDeviation,
  }
  const spread = spreads[distribution]
  return () => Math.max(0, base + jitter * spread())
}
