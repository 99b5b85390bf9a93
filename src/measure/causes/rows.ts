// Rows of numbers in bounded room: one array holds them all, so that a row costs no object. When it is full every second row
// goes, and from then on only every second, fourth … comes in.

/** Rows at first: twice as many whenever they are full. */
const firstRows = 1024

export class Rows {
  /** Numbers of all rows, one row behind the other; not known: NaN. Another array after each row that is added. */
  numbers: Float64Array
  /** Rows in use. */
  length = 0
  readonly #width: number
  readonly #limit: number
  #stride = 1
  #skip = 0

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
    if (this.length === this.#limit) this.#thin()
    else if (this.length * this.#width === this.numbers.length) this.#grow()
    this.#skip = this.#stride - 1
    return this.length++ * this.#width
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(2 * this.length, this.#limit) * this.#width)
    grown.set(this.numbers)
    this.numbers = grown
  }

  #thin(): void {
    const kept = this.length >> 1
    for (let row = 0; row < kept; row++)
      this.numbers.copyWithin(row * this.#width, 2 * row * this.#width, (2 * row + 1) * this.#width)
    this.length = kept
    this.#stride *= 2
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
