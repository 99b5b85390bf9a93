// Which of several routes to a host is the best, by how long echoes take on them. Pure.
//
// Rule: a route is left for another that is better by a margin, or not at all: two that are alike must not take turns.

export interface RouteChoiceOptions {
  readonly routes: number
  /** `first`: the first that works, however slow. */
  readonly choose: 'latency' | 'first'
  /** Share of its latency by which another must be faster than the present one. */
  readonly margin: number
}

export interface RouteChoice {
  /** An echo took so many ms on this route. */
  heard(route: number, ms: number): void
  /** The best of the routes that work; undefined where none does. `present` stays unless another is better by the margin. */
  best(works: (route: number) => boolean, present: number): number | undefined
}

/** Echoes whose median counts: one that was slow by chance moves nothing. */
const echoesKept = 3
/** Differences below this are no reason to change, however small the latency, in ms. */
const leastGainMs = 5

export function createRouteChoice({ routes, choose, margin }: RouteChoiceOptions): RouteChoice {
  const heard = Array.from({ length: routes }, (): number[] => [])
  const latencyOf = (route: number) => medianOf(heard[route] as number[])

  return {
    heard(route, ms) {
      const echoes = heard[route] as number[]
      echoes.push(ms)
      if (echoes.length > echoesKept) echoes.shift()
    },
    best(works, present) {
      const working = heard.map((_, route) => route).filter(works)
      if (choose === 'first' || working.length === 0) return working[0]
      const fastest = working.reduce((best, route) => (latencyOf(route) < latencyOf(best) ? route : best))
      if (!works(present)) return fastest
      const gain = latencyOf(present) - latencyOf(fastest)
      // A route that nothing is known of yet cannot be found worse either.
      const isWorthIt = Number.isFinite(gain) && gain >= Math.max(leastGainMs, margin * latencyOf(present))
      return isWorthIt ? fastest : present
    },
  }
}

/** Infinity where nothing was heard. */
function medianOf(values: readonly number[]): number {
  if (values.length === 0) return Number.POSITIVE_INFINITY
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] as number
}
