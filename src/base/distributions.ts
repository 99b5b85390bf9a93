// Distributions of times and amounts, written by what people know of them: their median and 99th percentile.

import type { Random } from './random.js'

/** The standard normal's 99th percentile. */
const z99 = 2.326_347_874_040_841

/** Draws from the log-normal with this median and 99th percentile; without p99, or with p99 = p50, always p50. */
export function logNormal({ p50, p99 = p50 }: { p50: number; p99?: number | undefined }, random: Random): () => number {
  const sigma = Math.log(p99 / p50) / z99
  return sigma > 0 ? () => p50 * Math.exp(sigma * random.normal()) : () => p50
}
