// Texts that come again and again, such as the names of terminals, as numbers.

import { sixDigits } from '../../base/text/digits.js'

export class Words {
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()

  number(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
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
const usualStan = /^\d{6}$/
const oddStan = 1_000_000

/** STANs, nearly all of which are their own number. */
export class StanWords {
  readonly #odd = new Words()

  number(stan: string): number {
    return usualStan.test(stan) ? Number(stan) : oddStan + this.#odd.number(stan)
  }

  known(stan: string): number | undefined {
    if (usualStan.test(stan)) return Number(stan)
    const odd = this.#odd.known(stan)
    return odd === undefined ? undefined : oddStan + odd
  }

  text(number: number): string {
    return number < oddStan ? sixDigits(number) : this.#odd.text(number - oddStan)
  }
}
