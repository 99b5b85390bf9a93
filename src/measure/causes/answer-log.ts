// Financial answers as rows of numbers.

import type { AnswerSeen } from './observations.js'
import { Rows } from './rows.js'

/** Answers that are kept. */
const maxAnswers = 20_000
/** Request written, time taken, connection. */
const width = 3

export class AnswerLog {
  readonly #rows = new Rows(width, maxAnswers)

  /** In ms; `at` since the start of the load. */
  push(at: number, ms: number, link: number | undefined): void {
    const place = this.#rows.next()
    if (place < 0) return
    const { numbers } = this.#rows
    numbers[place] = at
    numbers[place + 1] = ms
    numbers[place + 2] = link ?? Number.NaN
  }

  /** In the order of their requests. */
  all(): readonly AnswerSeen[] {
    const { numbers, length } = this.#rows.kept()
    return Array.from({ length }, (_, row) => {
      const [at = 0, ms = 0, link = 0] = numbers.subarray(row * width, (row + 1) * width)
      return { at, ms, link: Number.isNaN(link) ? undefined : link }
    }).sort((one, other) => one.at - other.at)
  }
}
