// Sums that lose no digit, whatever their order: what workers recorded can be put together without rounding.

/** Half of the greatest whole number that a double holds exactly: one more value of 2^52 still fits beside it. */
const spillAt = 2 ** 52
const two16 = 65_536

/** A sum of whole numbers from 0 to 2^52. */
class WideSum {
  #low = 0
  #high = 0n

  add(units: number): void {
    this.#low += units
    if (this.#low >= spillAt) this.#spill()
  }

  addWide(units: bigint): void {
    this.#high += units
  }

  read(): bigint {
    return this.#high + BigInt(this.#low)
  }

  #spill(): void {
    this.#high += BigInt(this.#low)
    this.#low = 0
  }
}

/** Sum and sum of squares of whole numbers from 0 to 2^33. */
export class ExactSums {
  readonly #sum = new WideSum()
  // A square has up to 66 bits: the upper and the lower 16 bits of a value are squared apart, and multiplied.
  readonly #upperSquares = new WideSum()
  readonly #products = new WideSum()
  readonly #lowerSquares = new WideSum()

  add(units: number): void {
    const upper = Math.floor(units / two16)
    const lower = units - upper * two16
    this.#sum.add(units)
    this.#lowerSquares.add(lower * lower)
    if (upper === 0) return
    this.#products.add(upper * lower)
    this.#upperSquares.add(upper * upper)
  }

  addTimes(units: number, times: number): void {
    const [value, count] = [BigInt(units), BigInt(times)]
    this.addSums({ sum: value * count, squares: value * value * count })
  }

  addSums({ sum, squares }: { readonly sum: bigint; readonly squares: bigint }): void {
    this.#sum.addWide(sum)
    this.#lowerSquares.addWide(squares)
  }

  get sum(): bigint {
    return this.#sum.read()
  }

  get squares(): bigint {
    return (this.#upperSquares.read() << 32n) + (this.#products.read() << 17n) + this.#lowerSquares.read()
  }
}

/** Mean and standard deviation in whole units, rounded once. `count` is above 0. */
export function meanAndDeviation(
  { sum, squares }: { readonly sum: bigint; readonly squares: bigint },
  count: number,
): { readonly mean: number; readonly deviation: number } {
  const times = BigInt(count)
  const mean = Number((2n * sum + times) / (2n * times))
  // n·Σx² − (Σx)² is n² times the variance, and exact.
  const spread = times * squares - sum * sum
  return { mean, deviation: Math.round(Math.sqrt(Number(spread)) / count) }
}
