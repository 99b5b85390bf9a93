// Card numbers that reach over the border of two values: the card of the same message, and anything in texts side by side.

import { shortestPan } from '../../base/text/card-number.js'
import { findSecrets } from '../../base/text/card-search.js'
import type { Fields, FieldValue } from '../message.js'

/** One value that is shown, in the order of the message. */
export interface ShownValue {
  readonly text: string
  /** Free text: what stands beside it may belong to it. */
  readonly isText: boolean
  hide(): void
}

/** Hides every value that holds a part of a number that reaches beyond it. */
export function hideOverBorders(shown: readonly ShownValue[], cards: readonly string[]): void {
  const joined = shown.map(({ text }) => text).join('')
  for (const card of cards.flatMap(spellings)) {
    for (let at = joined.indexOf(card); at >= 0; at = joined.indexOf(card, at + 1))
      hideWithin(shown, at, at + card.length)
  }
  for (const run of textRuns(shown)) {
    const spans = findSecrets(run.map(({ text }) => text).join(''), { thorough: true })
    for (const [start, end] of spans) hideWithin(run, start, end)
  }
}

const zoned = (zone: string) => (digits: string) => digits.replace(/./g, `${zone}$&`)

/** As digits, and as the hex of digits in ASCII and in EBCDIC. */
const spellings = (card: string) => [card, zoned('3')(card), zoned('F')(card)]

function hideWithin(shown: readonly ShownValue[], start: number, end: number): void {
  let at = 0
  for (const value of shown) {
    const next = at + value.text.length
    if (value.text !== '' && at < end && next > start) value.hide()
    at = next
  }
}

/** Values of free text side by side: two or more. */
function textRuns(shown: readonly ShownValue[]): ShownValue[][] {
  const runs: ShownValue[][] = [[]]
  for (const value of shown) {
    if (value.isText) runs.at(-1)?.push(value)
    else runs.push([])
  }
  return runs.filter((run) => run.length > 1)
}

/** Card numbers that a message names where they belong: fields 2, 34, 35 and 45. */
export function cardsOf(fields: Fields): readonly string[] {
  return [2, 34, 35, 45].flatMap((number) => {
    const digits = digitsOf(fields[String(number)])
    return digits === undefined || digits.length < shortestPan ? [] : [digits]
  })
}

const digitsOf = (value: FieldValue | undefined) =>
  typeof value === 'string' ? /\d{12,19}/.exec(value)?.[0] : undefined
