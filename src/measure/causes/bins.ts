// Counts over time in a fixed number of bins: when a run outgrows them, two become one.

/** Bins of one column: 0.2 s each in a quarter of an hour, half a minute each in a day. */
export const maxBins = 4096
/** Milliseconds of a bin at first. */
const firstWidthMs = 50
/** Merchants that are counted apart; all others are counted together. */
export const maxMerchants = 64
export const otherMerchants = 'others'

const columns = [
  'offered',
  'sent',
  'answered',
  'decided',
  'heard',
  'untimely',
  'slowAnswers',
  'downCodes',
  'serviceSum',
] as const
export type Column = (typeof columns)[number]

const eachColumn = <Value>(make: (name: Column) => Value) =>
  Object.fromEntries(columns.map((name) => [name, make(name)])) as Record<Column, Value>

/** Bins as plain data, as many as are in use. */
export interface PackedBins {
  readonly widthMs: number
  readonly columns: Readonly<Record<Column, readonly number[]>>
  readonly merchants: readonly (readonly [name: string, offered: readonly number[]])[]
  readonly lag: readonly number[]
}

/** Instants are ms since the start of the load; what is before it is in the first bin. */
export class Bins {
  widthMs = firstWidthMs
  /** Bins in use. */
  length = 0
  readonly merchants = new Map<string, Float64Array>()
  readonly #counts = eachColumn(() => new Float64Array(maxBins))
  readonly #lag = new Float64Array(maxBins)

  add(column: Column, at: number, amount = 1): void {
    const index = this.#index(at)
    const counts = this.#counts[column]
    counts[index] = (counts[index] as number) + amount
  }

  addOffered(merchant: string, at: number): void {
    const index = this.#index(at)
    const counts = this.#merchant(merchant)
    counts[index] = (counts[index] as number) + 1
    this.#counts.offered[index] = (this.#counts.offered[index] as number) + 1
  }

  /** Keeps the largest lag of each bin. */
  lag(ms: number, at: number): void {
    const index = this.#index(at)
    if (ms > (this.#lag[index] as number)) this.#lag[index] = ms
  }

  lagAt(at: number): number {
    return this.#lag[Math.min(maxBins - 1, Math.max(0, Math.floor(at / this.widthMs)))] as number
  }

  /** The longest time in ms of an interval in which this process itself did not get on: arrivals began so much too late. */
  mostLag(from: number, to: number): number {
    let most = 0
    for (let at = Math.max(0, from); at <= to; at += this.widthMs)
      most = Math.max(most, Math.min(this.lagAt(at), to - at))
    return most
  }

  /** The sum over the bins that an interval touches. */
  sum(column: Column, from: number, to: number): number {
    return sumBetween(this.#counts[column], from / this.widthMs, to / this.widthMs)
  }

  /** Arrivals of one merchant in an interval. */
  offeredBy(merchant: string, from: number, to: number): number {
    const counts = this.merchants.get(merchant)
    return counts === undefined ? 0 : sumBetween(counts, from / this.widthMs, to / this.widthMs)
  }

  pack(): PackedBins {
    const used = (counts: Float64Array) => [...counts.subarray(0, this.length)]
    return {
      widthMs: this.widthMs,
      columns: eachColumn((name) => used(this.#counts[name])),
      merchants: [...this.merchants].map(([name, counts]) => [name, used(counts)]),
      lag: used(this.#lag),
    }
  }

  /** Adds what another part of the same run counted, each over the same time. */
  addPacked(other: PackedBins): void {
    // The centre of a bin lies in it, whatever the width of ours is or becomes.
    const at = (index: number) => (index + 0.5) * other.widthMs
    while (this.widthMs < other.widthMs) this.#halve()
    for (const name of columns)
      other.columns[name].forEach((count, index) => {
        if (count !== 0) this.add(name, at(index), count)
      })
    for (const [name, counts] of other.merchants)
      counts.forEach((count, index) => {
        if (count !== 0) this.#addTo(this.#merchant(name), at(index), count)
      })
    other.lag.forEach((ms, index) => {
      if (ms > 0) this.lag(ms, at(index))
    })
  }

  #addTo(counts: Float64Array, at: number, amount: number): void {
    const index = this.#index(at)
    counts[index] = (counts[index] as number) + amount
  }

  #merchant(merchant: string): Float64Array {
    const known = this.merchants.get(merchant)
    if (known !== undefined) return known
    const name = this.merchants.size < maxMerchants ? merchant : otherMerchants
    const counts = this.merchants.get(name) ?? new Float64Array(maxBins)
    this.merchants.set(name, counts)
    return counts
  }

  #index(at: number): number {
    let index = Math.max(0, Math.floor(at / this.widthMs))
    while (index >= maxBins) {
      this.#halve()
      index = Math.floor(at / this.widthMs)
    }
    if (index >= this.length) this.length = index + 1
    return index
  }

  #halve(): void {
    this.widthMs *= 2
    this.length = Math.ceil(this.length / 2)
    for (const counts of [...Object.values(this.#counts), ...this.merchants.values()])
      merge(counts, (one, other) => one + other)
    merge(this.#lag, Math.max)
  }
}

function merge(counts: Float64Array, join: (one: number, other: number) => number): void {
  for (let index = 0; index < maxBins / 2; index++)
    counts[index] = join(counts[2 * index] as number, counts[2 * index + 1] as number)
  counts.fill(0, maxBins / 2)
}

function sumBetween(counts: Float64Array, from: number, to: number): number {
  const last = Math.min(maxBins - 1, Math.floor(to))
  let sum = 0
  for (let index = Math.max(0, Math.floor(from)); index <= last; index++) sum += counts[index] as number
  return sum
}
