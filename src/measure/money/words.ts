// Texts that come again and again, such as the names of terminals, as numbers.

import { numberOfSixDigits, sixDigits } from '../../base/text/digits.js'

export class Words {
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()
  /** The last text that was asked for, which most columns have again. */
  #last: string | undefined
  #lastNumber = 0

  number(text: string): number {
    if (text === this.#last) return this.#lastNumber
    const number = this.#numbers.get(text) ?? this.#add(text)
    this.#last = text
    this.#lastNumber = number
    return number
  }

  #add(text: string): number {
    this.#numbers.set(text, this.#texts.length)
    return this.#texts.push(text) - 1
  }

  /** Undefined for a text that has none. */
  known(text: string): number | undefined {
    return this.#numbers.get(text)
  }

  text(number: number): string {
    return this.#texts[number] as string
  }
}

/** DE11 is n 6; what a host has taken for one may be something else, and is kept as a text behind these numbers. */
const oddStan = 1_000_000

/** STANs, nearly all of which are their own number. */
export class StanWords {
  readonly #odd = new Words()

  number(stan: string): number {
    const number = numberOfSixDigits(stan)
    return number >= 0 ? number : oddStan + this.#odd.number(stan)
  }

  known(stan: string): number | undefined {
    const number = numberOfSixDigits(stan)
    if (number >= 0) return number
    const odd = this.#odd.known(stan)
    return odd === undefined ? undefined : oddStan + odd
  }

  text(number: number): string {
    return number < oddStan ? sixDigits(number) : this.#odd.text(number - oddStan)
  }
}
