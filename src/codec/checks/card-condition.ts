// Conditions on the card of a message: its brand, or the outcome that a test card stands for.

import { brandOf, cardBrandNames } from '../../base/cards/brands.js'
import { type CardOutcome, cardOutcomeNames, outcomeOf } from '../../base/cards/outcomes.js'
import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import type { Peek } from '../codec.js'

/** Number, track 2, track 1 (ISO 8583): the first that a message has tells its card. */
const places: readonly (readonly [field: number, number: RegExp])[] = [
  [2, /^\d+/],
  [35, /^\d+/],
  [45, /(?<=^%?B)\d+/],
]

/** The digits of the card number; undefined for a message that carries none in the clear. */
export function cardNumberIn(message: Pick<Peek, 'text'>): string | undefined {
  for (const [field, number] of places) {
    const found = number.exec(message.text(field) ?? '')
    if (found !== null) return found[0]
  }
  return undefined
}

/** True for messages with a card of one of these brands or outcomes. Throws UsageError for another name. */
export function cardCondition(names: readonly string[]): (message: Pick<Peek, 'text'>) => boolean {
  const wanted = new Set(names)
  for (const name of names) if (!isKnown(name)) throw new UsageError(unknown(name))
  return (message) => {
    const pan = cardNumberIn(message)
    if (pan === undefined) return false
    return wanted.has(brandOf(pan)?.name ?? '') || wanted.has(outcomeOf(pan) ?? '')
  }
}

const known: readonly string[] = [...cardBrandNames, ...cardOutcomeNames]
/** JSON Schema of the value of such a condition. */
export const cardOrCards = {
  description: 'a brand, or the outcome of a test card, that `isochron cards` lists; or a list of these',
  anyOf: [{ enum: known }, { type: 'array', items: { enum: known }, minItems: 1 }],
}
const isKnown = (name: string): name is CardOutcome => known.includes(name)

const unknown = (name: string) =>
  `card: '${name.slice(0, 40)}' is no brand and no outcome of a card set${suggestion(name, known)}; \`isochron cards\` lists them`
