// Everything that was counted, as plain data: what a recorder hands over at any instant, what one thread sends another,
// and what the figures of a result are made from.

import type { TalliedBreakdown } from './breakdown.js'
import type { TalliedDistribution } from './latency/histogram.js'
import type { TimelineEntry } from './latency/timeline-row.js'
import type { Outcomes, SlowTransaction } from './result.js'

/** Offsets are milliseconds since the start of the run. */
export interface Tally {
  /** End of the warm-up. */
  readonly measureFromMs: number
  readonly timelyWithinMs: number
  readonly outcomes: Outcomes
  readonly timely: number
  readonly substituted: number
  /** Transactions of more than one try, and the codes that the first of these got. */
  readonly retried: number
  readonly firstCodes: Readonly<Record<string, number>>
  /** Clerk's errors that the terminal's own checks found. */
  readonly caught: number
  readonly responseCodes: Readonly<Record<string, number>>
  readonly failures: Readonly<Record<string, number>>
  readonly responseTime: TalliedDistribution
  readonly serviceTime: TalliedDistribution
  readonly echoTime: TalliedDistribution
  readonly connectTime: TalliedDistribution
  readonly lag: TalliedDistribution
  readonly breakdown: TalliedBreakdown
  readonly lateAnswers: number
  readonly unmatched: { readonly count: number; readonly examples: readonly string[] }
  readonly terminalBusy: number
  /** Writes that filled a connection. */
  readonly backPressure: number
  /** Unsent arrivals that the peer's back-pressure does not explain. */
  readonly unsentUnexplained: number
  /** When the last answer in time came; null when none did. */
  readonly lastAnswerMs: number | null
  /** Times that lay outside their histogram and were counted at its edge. */
  readonly clamped: number
  readonly slowest: readonly SlowTransaction[]
  readonly timeline: readonly TimelineEntry[]
}

/** The times that a tally has a distribution of. */
export const timeKinds = ['responseTime', 'serviceTime', 'echoTime', 'connectTime', 'lag'] as const

/** A tally of words that a peer may choose: response codes, reasons. Bounded. */
export interface WordCounts {
  count(word: string, times?: number): void
  record(): Record<string, number>
}

/** Distinct words of one tally; real dialects have fewer than 100 codes. The rest is counted as 'other'. */
export const maxWords = 256

export const createWordCounts = (): WordCounts => new CountedWords()

class CountedWords implements WordCounts {
  readonly #counts = new Map<string, { times: number }>()
  /** Nearly always the next one too. */
  #last = ''
  #lastCount: { times: number } | undefined

  count(word: string, times = 1): void {
    if (this.#lastCount === undefined || word !== this.#last) {
      this.#lastCount = this.#countOf(word)
      this.#last = word
    }
    this.#lastCount.times += times
  }

  record(): Record<string, number> {
    return Object.fromEntries([...this.#counts].map(([word, { times }]) => [word, times]))
  }

  #countOf(word: string): { times: number } {
    const key = this.#counts.has(word) || this.#counts.size < maxWords - 1 ? word : 'other'
    const known = this.#counts.get(key) ?? { times: 0 }
    this.#counts.set(key, known)
    return known
  }
}
