// Two small samples of runs: Mann and Whitney's exact test, and Hodges and Lehmann's shift with its exact interval.
// Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, chapter 4; agrees with R's wilcox.test.

export interface RankShift {
  /** The median of all differences b - a. */
  readonly shift: number
  readonly low: number
  readonly high: number
  /** Exact, two-sided. With ties it is that of the nearest rank sum on the safe side. */
  readonly p: number
}

/** `confidence`: 0 to 1. An interval that no such small samples can give is unbounded. */
export function shiftOf(a: readonly number[], b: readonly number[], confidence: number): RankShift {
  const differences = b.flatMap((y) => a.map((x) => y - x)).sort((x, y) => x - y)
  const ways = waysOf(a.length, b.length)
  const quantile = quantileOf(ways, (1 - confidence) / 2)
  const bounded = quantile > 0
  return {
    shift: median(differences),
    low: bounded ? (differences[quantile - 1] as number) : Number.NEGATIVE_INFINITY,
    high: bounded ? (differences[differences.length - quantile] as number) : Number.POSITIVE_INFINITY,
    p: pValue(differences, ways),
  }
}

export function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** How many orders of n and m values give U = 0, 1, 2 … n·m. */
function waysOf(n: number, m: number): readonly number[] {
  // Columns of the recurrence ways(u; n, m) = ways(u - m; n - 1, m) + ways(u; n, m - 1).
  let row: number[][] = Array.from({ length: m + 1 }, () => [1])
  for (let i = 1; i <= n; i++) {
    const next: number[][] = [[1]]
    for (let j = 1; j <= m; j++) {
      const [without, shifted] = [next[j - 1] as number[], row[j] as number[]]
      next.push(Array.from({ length: i * j + 1 }, (_, u) => (without[u] ?? 0) + (shifted[u - j] ?? 0)))
    }
    row = next
  }
  return row[m] as number[]
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function pValue(differences: readonly number[], ways: readonly number[]): number {
  const most = ways.length - 1
  const u = differences.reduce((count, d) => count + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0)
  const tail = Math.ceil(Math.min(u, most - u))
  return Math.min(1, (2 * sum(ways.slice(0, tail + 1))) / sum(ways))
}

/** The least u with P(U ≤ u) ≥ `share`; 0 where even U = 0 is as likely as that. */
function quantileOf(ways: readonly number[], share: number): number {
  const total = sum(ways)
  let seen = 0
  for (const [u, count] of ways.entries()) {
    seen += count
    if (seen / total >= share) return u
  }
  return ways.length - 1
}
