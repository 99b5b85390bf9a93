// Time to funds: from the card that was presented to the money on the merchant's account, per transaction.
// Rule: what was approved and is not paid yet at the end counts as not timely; what was voided is expected no more.

import { fundsRange, type TalliedDistribution, TimeHistogram } from '../latency/histogram.js'
import type { Distribution } from '../result.js'
import { Awaited, type FundsKey } from './awaited.js'
import { nearlyFullShare } from './book-keeper.js'
import type { Spill } from './spill.js'

export type { FundsKey } from './awaited.js'

/** Transactions that may wait for their money at once, about 220 MB of disk; more are not measured, and said. */
export const maxExpected = 8_000_000

/** News of money that came before the answer which makes it expected; the oldest gives way. Some 10 MB. */
export const maxEarly = 100_000

export interface FundsFigures {
  readonly timeToFunds: Distribution | null
  readonly fundsTimelyRate: number | null
}

/** The knowledge that one part of a run has of its money, as plain data. */
export interface FundsTally {
  readonly times: TalliedDistribution
  readonly timely: number
  /** Transactions whose money came, or is awaited. */
  readonly due: number
  /** Transactions that found no place. */
  readonly left: number
  /** Somebody has said when funds are late. */
  readonly isJudged: boolean
}

export interface FundsWatch {
  /** Transactions that wait for their money. */
  readonly waiting: number
  /** Transactions with an intended time before this, in ms of the clock, are not measured. */
  measureFrom(at: number): void
  /** Approved: its money is expected. Returns whether it has come already. */
  expect(key: FundsKey, intendedAt: number): boolean
  /** Voided. */
  forget(key: FundsKey): void
  /** Its money is there. `at`: ms of the clock. A second time changes nothing. */
  paid(key: FundsKey, at: number): void
  /** Calls `done` once, when no transaction waits. */
  onNone(done: () => void): void
  /** `isKnown` false: nulls unless something was paid, because there may be no one who tells. */
  figures(isKnown: boolean): FundsFigures
  /** The same, on its way to those of other parts; null where nobody tells. */
  tally(isKnown: boolean): FundsTally | null
  /** Gives the histogram's memory back. Idempotent. */
  destroy(): void
}

export interface FundsLimits {
  /** Transactions that may wait at once; left out: maxExpected. */
  readonly limit?: number
  /** Room for those that wait, beyond memory; left out: they stay in memory. */
  readonly spill?: Spill
  /** Told once, when nine tenths of them do. */
  readonly onNearlyFull?: (size: number, limit: number) => void
}

/** `withinMs`: the time up to which funds are timely; null where nobody has said. */
export function createFundsWatch(withinMs: number | null, limits: FundsLimits = {}): FundsWatch {
  return new Watch(withinMs, limits)
}

/** The money of all parts of a run. */
export function fundsFigures(parts: readonly (FundsTally | null)[]): FundsFigures {
  const known = parts.filter((part) => part !== null)
  if (known.length === 0) return { timeToFunds: null, fundsTimelyRate: null }
  const times = new TimeHistogram(fundsRange)
  try {
    for (const part of known) times.add(part.times)
    const sum = (name: 'timely' | 'due' | 'left') => known.reduce((total, part) => total + part[name], 0)
    const hasRate = known.every(({ isJudged }) => isJudged) && sum('due') > 0 && sum('left') === 0
    return { timeToFunds: times.distribution(), fundsTimelyRate: hasRate ? sum('timely') / sum('due') : null }
  } finally {
    times.destroy()
  }
}

class Watch implements FundsWatch {
  readonly #withinMs: number | null
  readonly #limit: number
  #onNearlyFull: FundsLimits['onNearlyFull']
  readonly #expected: Awaited
  /** Paid and not expected yet: when. An advice may overtake a delayed answer. */
  readonly #early = new Map<string, number>()
  readonly #times = new TimeHistogram(fundsRange)
  #timely = 0
  /** Transactions that found no place. */
  #left = 0
  #measureFrom = Number.NEGATIVE_INFINITY
  #onNone: (() => void) | undefined
  #isDestroyed = false

  constructor(withinMs: number | null, { limit = maxExpected, spill, onNearlyFull }: FundsLimits) {
    this.#expected = new Awaited({ spill })
    this.#withinMs = withinMs
    this.#limit = limit
    this.#onNearlyFull = onNearlyFull
  }

  get waiting(): number {
    return this.#expected.size
  }

  measureFrom(at: number): void {
    this.#measureFrom = at
  }

  expect(key: FundsKey, intendedAt: number): boolean {
    const paidAt = this.#early.size === 0 ? undefined : this.#takeEarly(fundsKeyText(key))
    if (intendedAt < this.#measureFrom) return paidAt !== undefined
    if (paidAt !== undefined) this.#record(paidAt - intendedAt)
    else if (this.#expected.size >= this.#limit) this.#left++
    else this.#await(key, intendedAt)
    return paidAt !== undefined
  }

  #takeEarly(text: string): number | undefined {
    const paidAt = this.#early.get(text)
    this.#early.delete(text)
    return paidAt
  }

  #await(key: FundsKey, intendedAt: number): void {
    this.#expected.add(key, intendedAt)
    // Where nobody has told of money yet, nobody may ever: no news is lost then.
    const isTold = this.#withinMs !== null || this.#times.count > 0
    if (!isTold || this.#expected.size < nearlyFullShare * this.#limit) return
    const tell = this.#onNearlyFull
    this.#onNearlyFull = undefined
    tell?.(this.#expected.size, this.#limit)
  }

  forget(key: FundsKey): void {
    this.#expected.take(key)
    this.#tell()
  }

  paid(key: FundsKey, at: number): void {
    const intendedAt = this.#expected.take(key)
    if (intendedAt === undefined) {
      this.#keepEarly(fundsKeyText(key), at)
      return
    }
    this.#record(at - intendedAt)
    this.#tell()
  }

  onNone(done: () => void): void {
    this.#onNone = done
    this.#tell()
  }

  figures(isKnown: boolean): FundsFigures {
    return fundsFigures([this.tally(isKnown)])
  }

  tally(isKnown: boolean): FundsTally | null {
    const paid = this.#times.count
    if (!isKnown && paid === 0) return null
    return {
      times: this.#times.tallied(),
      timely: this.#timely,
      due: paid + this.#expected.size,
      left: this.#left + this.#expected.lost,
      isJudged: this.#withinMs !== null,
    }
  }

  destroy(): void {
    if (!this.#isDestroyed) this.#times.destroy()
    this.#isDestroyed = true
  }

  #record(ms: number): void {
    const funds = Math.max(0, ms)
    this.#times.record(funds)
    if (this.#withinMs !== null && funds <= this.#withinMs) this.#timely++
  }

  /** Most of what is kept here is news for a second time, or of others, and never asked for. */
  #keepEarly(text: string, at: number): void {
    if (this.#early.has(text)) return
    const [oldest] = this.#early.size >= maxEarly ? this.#early.keys() : []
    if (oldest !== undefined) this.#early.delete(oldest)
    this.#early.set(text, at)
  }

  #tell(): void {
    if (this.#expected.size > 0) return
    const done = this.#onNone
    this.#onNone = undefined
    done?.()
  }
}

/** The same text for the same key, and no other. */
export const fundsKeyText = ({ terminal, batch, stan }: FundsKey): string => `${terminal} ${batch} ${stan}`
