// When cards are presented: pure arrival processes. Each is the inverse of N(t), the arrivals expected by time t.
//
//   rate(t) = from + (to - from) t / T          a hold is a ramp with from = to
//   N(t)    = from t + (to - from) t² / 2T      its integral
//   t(n)    = 2n / (from + √(from² + 2n (to - from) / T))
//
// The last form is the usual root of the quadratic, written so that it loses no digits when from ≈ to.

import type { Random } from '../base/random.js'
import { type Share, takes, wholeShare } from '../base/share.js'

export interface Arrivals {
  /** Milliseconds from the start of the phase, never falling; undefined when the phase has no more. */
  next(): number | undefined
}

/** Rates are per second, `overMs` milliseconds. */
export interface LinearRate {
  readonly from: number
  readonly to: number
  readonly overMs: number
}

/** The rate per second at `offsetMs`, 0 outside the phase. */
export function rateAt({ from, to, overMs }: LinearRate, offsetMs: number): number {
  return offsetMs < 0 || offsetMs >= overMs ? 0 : from + ((to - from) * offsetMs) / overMs
}

/** Arrivals that the whole phase is expected to have: the integral of its rate. */
export function expectedCount({ from, to, overMs }: LinearRate): number {
  return ((from + to) / 2) * (overMs / 1000)
}

/**
 * Evenly paced: arrival k comes when N(t) = k, the first at once. As many as the integral says, rounded up.
 * A share steps from one of its own arrivals to the next, whatever the others are.
 */
export function evenArrivals(rate: LinearRate, { index, of }: Share = wholeShare): Arrivals {
  // 0.1 + 0.2 must not become an arrival more.
  const count = Math.ceil(expectedCount(rate) - 1e-6)
  let arrival = index
  return {
    next() {
      if (arrival >= count) return undefined
      const time = timeOf(rate, arrival)
      arrival += of
      return time
    },
  }
}

/** Every `of`-th of these, beginning with number `index`. */
export function everyNth(arrivals: Arrivals, { index, of }: Share): Arrivals {
  if (of === 1) return arrivals
  let skip = index
  return {
    next() {
      for (; skip > 0; skip--) if (arrivals.next() === undefined) return undefined
      skip = of - 1
      return arrivals.next()
    },
  }
}

/**
 * Above this rate a Poisson phase is the union of independent streams, each of which belongs to one share: walking over
 * the arrivals of all the others would take a share of a core in every worker. In arrivals per second.
 */
const streamsAbove = 200_000
/** Streams of such a phase: the greatest number of shares that a plan can be cut into without changing. */
const streamCount = 64

/** The Poisson arrivals of one share: the shares of a plan together are the same arrivals for every `of`. */
export function poissonShare(rate: LinearRate, random: Random, share: Share): Arrivals {
  if (Math.max(rate.from, rate.to) <= streamsAbove) return everyNth(poissonArrivals(rate, random), share)
  const part = { ...rate, from: rate.from / streamCount, to: rate.to / streamCount }
  const streams = Array.from({ length: streamCount }, (_, number) => number)
    .filter((number) => takes(share, number))
    .map((number) => poissonArrivals(part, random.fork(`stream ${number}`)))
  return inOneLine(streams)
}

/** Several streams in order of time. */
function inOneLine(streams: readonly Arrivals[]): Arrivals {
  const heads = streams.map((stream) => ({ stream, at: stream.next() ?? Number.POSITIVE_INFINITY }))
  return {
    next() {
      let first = heads[0]
      for (const head of heads) if (head.at < (first?.at ?? 0)) first = head
      if (first === undefined || first.at === Number.POSITIVE_INFINITY) return undefined
      const { at } = first
      first.at = first.stream.next() ?? Number.POSITIVE_INFINITY
      return at
    },
  }
}

/** Poisson with the same rate: a unit-rate process whose time axis is stretched by the inverse of N(t). */
export function poissonArrivals(rate: LinearRate, random: Random): Arrivals {
  const end = expectedCount(rate)
  let reached = 0
  return {
    next() {
      if (reached >= end) return undefined
      reached += random.exponential(1)
      return reached < end ? timeOf(rate, reached) : undefined
    },
  }
}

function timeOf({ from, to, overMs }: LinearRate, count: number): number {
  if (count === 0) return 0
  const slope = (to - from) / (overMs / 1000)
  // A fall to 0/s ends at a discriminant of 0, where rounding may go below.
  const root = Math.sqrt(Math.max(0, from * from + 2 * count * slope))
  return Math.min(overMs, (2000 * count) / (from + root))
}
