// Rows of numbers in bounded room: one array holds them all, so that a row costs no object. When it is full every second row
// goes, and from then on only every second, fourth … comes in. Those that stay move up a few at a time, so that nobody waits for it.

/** Rows at first; when they are full there is room for all at once, which takes memory only as it is used. */
const firstRows = 1024
/** Rows that move up for each one that comes meanwhile. */
const movesPerRow = 64

export class Rows {
  /** Numbers of all rows, one row behind the other; not known: NaN. Another array after each row that is added. */
  numbers: Float64Array
  readonly #width: number
  readonly #limit: number
  /** Rows in use, those included that are to go. */
  #length = 0
  #stride = 1
  #skip = 0
  /** While every second row goes: so many have moved up. */
  #moved = 0
  #isThinning = false

  constructor(width: number, limit: number) {
    this.#width = width
    this.#limit = limit
    this.numbers = new Float64Array(Math.min(limit, firstRows) * width)
  }

  /** The place of the next row's numbers in `numbers`; -1: this row is left out. */
  next(): number {
    if (this.#skip > 0) {
      this.#skip--
      return -1
    }
    if (this.#isThinning) this.#move(movesPerRow)
    if (!this.#isThinning && this.#length === this.#limit) this.#thin()
    if (this.#length * this.#width === this.numbers.length) this.#grow()
    this.#skip = this.#stride - 1
    return this.#length++ * this.#width
  }

  /** The rows that are kept: `length` of them. */
  kept(): { readonly numbers: Float64Array; readonly length: number } {
    if (this.#isThinning) this.#move(this.#limit)
    return { numbers: this.numbers, length: this.#length }
  }

  /** Beside the limit there is room for those that come while others move. */
  #grow(): void {
    const grown = new Float64Array((this.#limit + Math.ceil(this.#limit / movesPerRow) + 1) * this.#width)
    grown.set(this.numbers)
    this.numbers = grown
  }

  #thin(): void {
    this.#isThinning = true
    this.#moved = 0
    this.#stride *= 2
  }

  #move(most: number): void {
    const end = Math.min(this.#limit >> 1, this.#moved + most)
    for (; this.#moved < end; this.#moved++) this.#copy(2 * this.#moved, this.#moved, 1)
    if (end < this.#limit >> 1) return
    const since = this.#length - this.#limit
    this.#copy(this.#limit, end, since)
    this.#length = end + since
    this.#isThinning = false
  }

  #copy(from: number, to: number, rows: number): void {
    const width = this.#width
    this.numbers.copyWithin(to * width, from * width, (from + rows) * width)
  }
}

/** Texts by number, so that a row can hold them. */
export class NumberedNames {
  readonly #numbers = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** NaN for none, and for one that finds no room. */
  numberOf(text: string | undefined): number {
    if (text === undefined) return Number.NaN
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    if (this.#texts.length >= this.#limit) return Number.NaN
    this.#numbers.set(text, this.#texts.length)
    return this.#texts.push(text) - 1
  }

  textOf(number: number): string | undefined {
    return this.#texts[number]
  }
}
