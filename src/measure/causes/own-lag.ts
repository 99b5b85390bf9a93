// Was this process itself late? Then a probe that came back late tells nothing: its answer may have lain here.

import type { Bins } from './bins.js'

/** A share of a span: where this process did not get on for longer, nothing can be said of anybody else. */
const mostLag = 0.3
/** Less than this is no lag, in ms. */
const leastLagMs = 20

/** This process did not get on for a good part of the interval. */
export function isOwnLag(bins: Bins, from: number, to: number): boolean {
  const lag = bins.mostLag(from, to)
  return lag >= leastLagMs && lag >= mostLag * (to - from)
}
