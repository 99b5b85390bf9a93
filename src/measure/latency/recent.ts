// How a run goes just now: for the live view. Everything since it was last read, warm-up included.

import { type CountedTime, TimeHistogram } from './histogram.js'

/** Since the last look. Times in ms; null where nothing happened. */
export interface RecentFigures {
  /** Transactions that ended, whatever their outcome. */
  readonly perSecond: number
  /** Percentiles of the response time. */
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly lagP99: number | null
}

/** Lives until `destroy()`. */
export class Recent {
  readonly #response = new TimeHistogram()
  readonly #lag = new TimeHistogram()
  #ended = 0
  #since: number

  /** Rates count from `since`, in ms of the clock. */
  constructor(since: number) {
    this.#since = since
  }

  /** A transaction ended, or `times` that have no response time: then `response` is undefined. */
  ended(response: CountedTime | undefined, times = 1): void {
    this.#ended += times
    if (response !== undefined) this.#response.take(response)
  }

  /** `times` arrivals were handed over, so late. */
  arrived(lag: CountedTime, times = 1): void {
    this.#lag.take(lag, times)
  }

  /** The figures since the last reading, and a new beginning. */
  read(now: number): RecentFigures {
    const figures = {
      perSecond: now > this.#since ? (this.#ended * 1000) / (now - this.#since) : 0,
      p50: this.#response.percentile(50),
      p99: this.#response.percentile(99),
      max: this.#response.percentile(100),
      lagP99: this.#lag.percentile(99),
    }
    this.#response.reset()
    this.#lag.reset()
    this.#ended = 0
    this.#since = Math.max(now, this.#since)
    return figures
  }

  destroy(): void {
    this.#response.destroy()
    this.#lag.destroy()
  }
}
