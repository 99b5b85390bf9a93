// Counters of one process that only grow: for a monitoring system that looks now and then. No verdict is ever taken
// from these: their buckets are a fifth apart, and a run's own histograms are exact.

/** Bounds of the buckets in ms: 12 a decade from 1 ms to 100 s, the same for every role. */
export const meterBoundsMs: readonly number[] = Array.from({ length: 61 }, (_, step) => roundTo3(10 ** (step / 12)))

function roundTo3(ms: number): number {
  return Number(ms.toPrecision(3))
}

/** Names of types and of phases that are told apart; what comes beyond them is `other`. */
const mostNames = 200

export interface MeteredTimes {
  /** How many fell into each bucket, and after the last one those beyond it. */
  readonly buckets: readonly number[]
  readonly sumMs: number
  readonly count: number
}

export interface MeteredTransactions {
  readonly type: string
  readonly phase: string
  readonly outcome: string
  readonly count: number
}

/** Plain data. */
export interface Metered {
  readonly transactions: readonly MeteredTransactions[]
  readonly times: Readonly<Record<string, MeteredTimes>>
  readonly timely: number
}

export const nothingMetered: Metered = { transactions: [], times: {}, timely: 0 }

interface Times {
  readonly buckets: Float64Array
  sumMs: number
  count: number
}

export class Meter {
  readonly #transactions = new Map<string, { type: string; phase: string; outcome: string; count: number }>()
  readonly #times = new Map<string, Times>()
  readonly #phases = new Set<string>()
  #timely = 0

  /**
   * Counts one transaction; `ms` is undefined for one that has no response time, of which `times` come at once.
   */
  record(
    what: { type: string; phase: string; outcome: string; ms: number | undefined; timely?: boolean },
    times = 1,
  ): void {
    const type = this.#times.has(what.type) || this.#times.size < mostNames ? what.type : 'other'
    const phase = this.#phases.has(what.phase) || this.#phases.size < mostNames ? what.phase : 'other'
    this.#phases.add(phase)
    const { outcome, ms } = what
    const key = `${type}\u0000${phase}\u0000${outcome}`
    const known = this.#transactions.get(key)
    if (known === undefined) this.#transactions.set(key, { type, phase, outcome, count: times })
    else known.count += times
    if (what.timely === true) this.#timely++
    this.#time(type, ms)
  }

  /** Counts an answer as it passes: its type is the MTI of the request, and it belongs to no phase. */
  recordAnswer({ mti, outcome, ms }: { readonly mti: string; readonly outcome: string; readonly ms: number }): void {
    this.record({ type: mti, phase: '', outcome, ms })
  }

  read(): Metered {
    return {
      transactions: [...this.#transactions.values()].map((each) => ({ ...each })),
      times: Object.fromEntries(
        [...this.#times].map(([type, { buckets, sumMs, count }]) => [type, { buckets: [...buckets], sumMs, count }]),
      ),
      timely: this.#timely,
    }
  }

  #time(type: string, ms: number | undefined): void {
    let times = this.#times.get(type)
    if (times === undefined) {
      times = { buckets: new Float64Array(meterBoundsMs.length + 1), sumMs: 0, count: 0 }
      this.#times.set(type, times)
    }
    if (ms === undefined) return
    const bucket = bucketAt(ms)
    times.buckets[bucket] = (times.buckets[bucket] as number) + 1
    times.sumMs += ms
    times.count++
  }
}

/** The first bucket whose bound is not below `ms`. */
function bucketAt(ms: number): number {
  let [low, high] = [0, meterBoundsMs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((meterBoundsMs[middle] as number) < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** The sum of what several generators did. */
export function addMetered(all: readonly Metered[]): Metered {
  const transactions = new Map<string, MeteredTransactions>()
  const times: Record<string, MeteredTimes> = {}
  for (const each of all) {
    for (const row of each.transactions) {
      const key = `${row.type}\u0000${row.phase}\u0000${row.outcome}`
      transactions.set(key, { ...row, count: row.count + (transactions.get(key)?.count ?? 0) })
    }
    for (const [type, { buckets, sumMs, count }] of Object.entries(each.times)) {
      const known = times[type]
      times[type] = {
        buckets: buckets.map((value, index) => value + (known?.buckets[index] ?? 0)),
        sumMs: sumMs + (known?.sumMs ?? 0),
        count: count + (known?.count ?? 0),
      }
    }
  }
  return { transactions: [...transactions.values()], times, timely: all.reduce((sum, { timely }) => sum + timely, 0) }
}
