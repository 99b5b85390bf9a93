// Runs made in pairs: Wilcoxon's exact signed-rank test, and Hodges and Lehmann's shift of the differences with its exact interval.
// Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, chapter 3; agrees with R's wilcox.test(paired = TRUE).

import { median, type RankShift } from './ranks.js'

/** Pairs from which on a change can be seen at all: six can reach p = 0.031, five only 0.063. */
export const leastPairs = 6

/** `differences`: of each pair, later minus base. `confidence`: 0 to 1. An interval that so few pairs cannot give is unbounded. */
export function pairedShiftOf(differences: readonly number[], confidence: number): RankShift {
  const averages = walshAverages(differences)
  const ways = waysOf(differences.length)
  const quantile = quantileOf(ways, (1 - confidence) / 2)
  const bounded = quantile > 0
  return {
    shift: averages.length === 0 ? 0 : median(averages),
    low: bounded ? (averages[quantile - 1] as number) : Number.NEGATIVE_INFINITY,
    high: bounded ? (averages[averages.length - quantile] as number) : Number.POSITIVE_INFINITY,
    p: pValue(averages, ways),
  }
}

/** Means of all pairs of differences, each with itself too, rising. */
function walshAverages(differences: readonly number[]): readonly number[] {
  return differences
    .flatMap((first, index) => differences.slice(index).map((second) => (first + second) / 2))
    .sort((a, b) => a - b)
}

/** How many of the 2^n signs give a sum of positive ranks of 0, 1, 2 … n(n + 1) / 2. */
function waysOf(pairs: number): readonly number[] {
  let ways = [1]
  for (let rank = 1; rank <= pairs; rank++) {
    const before = ways
    ways = Array.from({ length: before.length + rank }, (_, sum) => (before[sum] ?? 0) + (before[sum - rank] ?? 0))
  }
  return ways
}

/** As many averages are positive as the ranks of positive differences are in sum; a difference of 0 counts half. */
function pValue(averages: readonly number[], ways: readonly number[]): number {
  const positive = averages.reduce((count, each) => count + (each > 0 ? 1 : each === 0 ? 0.5 : 0), 0)
  const tail = Math.ceil(Math.min(positive, averages.length - positive))
  const seen = ways.slice(0, tail + 1).reduce((sum, count) => sum + count, 0)
  return Math.min(1, (2 * seen) / 2 ** pairsOf(averages.length))
}

/** n of n(n + 1) / 2. */
const pairsOf = (averages: number) => Math.round((Math.sqrt(8 * averages + 1) - 1) / 2)

/** The least sum with P(V ≤ sum) ≥ `share`; 0 where even 0 is as likely as that. */
function quantileOf(ways: readonly number[], share: number): number {
  const total = ways.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [sum, count] of ways.entries()) {
    seen += count
    if (seen / total >= share) return sum
  }
  return ways.length - 1
}
