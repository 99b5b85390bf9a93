// The cost of the ledger, from pairs of runs with and without it. Rule: pure. The worse of two ways to look counts, and a ledger
// that makes the machine the bottleneck costs more than any percentile of the runs that are left shows.

import { medianOf } from './median.js'

/** Milliseconds that the ledger may add to p99. */
export const mostAddedMs = 1
/** Pairs of which both runs must count. */
export const fewestPairs = 3
/** How many more runs of one kind may be saturated than of the other. */
const mostMoreSaturated = 1

export interface Run {
  readonly p99: number
  /** This machine was the bottleneck: the run counts for nothing. */
  readonly saturated: boolean
}

/** Run one after the other. */
export interface RunPair {
  readonly without: Run
  readonly with: Run
}

export interface LedgerVerdict {
  /** Pairs of which both runs count. */
  readonly pairs: number
  readonly saturated: { readonly without: number; readonly with: number }
  /** Median of what the ledger added in each pair; NaN where too few count. */
  readonly ofPairsMs: number
  /** Median with the ledger less the median without it; NaN where too few count. */
  readonly ofMediansMs: number
  /** The larger of the two. */
  readonly addedMs: number
  /** Why it is not met; undefined when it is. */
  readonly problem: string | undefined
}

export function ledgerVerdict(pairs: readonly RunPair[]): LedgerVerdict {
  const counting = pairs.filter((pair) => !pair.without.saturated && !pair.with.saturated)
  const isEnough = counting.length >= fewestPairs
  const saturated = { without: saturatedOf(pairs, 'without'), with: saturatedOf(pairs, 'with') }
  const ofPairs = medianOf(counting.map((pair) => pair.with.p99 - pair.without.p99))
  const ofMedians = medianOf(p99sOf(pairs, 'with')) - medianOf(p99sOf(pairs, 'without'))
  const [ofPairsMs, ofMediansMs] = isEnough ? [ofPairs, ofMedians] : [Number.NaN, Number.NaN]
  const addedMs = Math.max(ofPairsMs, ofMediansMs)
  const found = { pairs: counting.length, saturated, ofPairsMs, ofMediansMs, addedMs }
  return { ...found, problem: problemOf(found, pairs.length) }
}

/** The p99s of the runs that count. */
export const p99sOf = (pairs: readonly RunPair[], kind: keyof RunPair) =>
  pairs.filter((pair) => !pair[kind].saturated).map((pair) => pair[kind].p99)

const saturatedOf = (pairs: readonly RunPair[], kind: keyof RunPair) =>
  pairs.filter((pair) => pair[kind].saturated).length

function problemOf({ pairs, saturated, addedMs }: Omit<LedgerVerdict, 'problem'>, rounds: number): string | undefined {
  const { without, with: withLedger } = saturated
  const counts = `${withLedger} of ${rounds} runs with it and ${without} without it were saturated`
  if (withLedger - without > mostMoreSaturated) return `the ledger saturates this machine: ${counts}`
  if (without - withLedger > mostMoreSaturated)
    return `nothing can be said, the machine was busy with something else: ${counts}; let it do nothing else`
  if (pairs < fewestPairs)
    return `nothing can be said: ${pairs} pairs of runs count and ${fewestPairs} must: use more --rounds, a lower --rate or a quieter machine`
  if (!(addedMs < mostAddedMs)) return `the ledger adds ${addedMs.toFixed(2)} ms: less than ${mostAddedMs} ms is wanted`
  return undefined
}
