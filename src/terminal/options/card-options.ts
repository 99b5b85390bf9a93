// The cards that a scenario's terminals take: a file of the user's, or card sets by brand.

import { z } from 'zod'
import { type CardBrandName, cardBrandNamed, cardBrandNames } from '../../base/cards/brands.js'
import { type CardOutcome, cardOutcomeNames } from '../../base/cards/outcomes.js'
import { percent } from '../../base/unit-schemas.js'

const outcomes = z
  .partialRecord(z.enum(cardOutcomeNames as [CardOutcome, ...CardOutcome[]]), percent('2%'))
  .refine((shares) => sumOf(shares) <= 1 + 1e-9, 'the shares of all outcomes are more than 100% together')

const sumOf = (shares: Readonly<Record<string, number | undefined>>) =>
  Object.values(shares).reduce<number>((sum, share) => sum + (share ?? 0), 0)

const set = z.strictObject({
  weight: z.number().positive().default(1).describe('share of its cards among those of all sets'),
  chip: percent('80%')
    .default(1)
    .describe('share of its cards that have a chip; a message by chip is made with these alone'),
  lengths: z
    .array(z.int().min(14).max(19))
    .min(1)
    .optional()
    .describe('digits of its card numbers, each as often; left out: the lengths that the brand has'),
  outcomes: outcomes
    .default({})
    .describe('cards that the issuer declines, by share; the others are sound. `isochron cards` lists them'),
})

const brand = z.enum(cardBrandNames)
const sets = z
  .partialRecord(brand, z.union([z.number().positive(), set]))
  .refine((all) => Object.keys(all).length > 0, 'expected one brand at least')
  .meta({ minProperties: 1 })

export const cardsSchema = z
  .union([z.string().min(1), sets])
  .describe(
    'a card set such as visa, several by weight, { visa: 60, amex: 10 }, with shares of chips and outcomes, or a CSV file beside this one, with columns pan, expiry and optionally track2 and sequence; left out: test cards of UnionPay, Visa, Mastercard and JCB',
  )

export type CardsOption = z.output<typeof cardsSchema>

/** A card set with its weight, all defaults filled in. */
export interface CardSetChoice extends Omit<z.output<typeof set>, 'lengths'> {
  readonly brand: CardBrandName
  readonly lengths: readonly number[]
}

/** The name of a card file; undefined where the option is left out or names sets. */
export const cardFileOf = (cards: CardsOption | undefined): string | undefined =>
  typeof cards === 'string' && !isBrand(cards) ? cards : undefined

/** Undefined where the option is left out or names a file. */
export function cardSetsOf(cards: CardsOption | undefined): readonly CardSetChoice[] | undefined {
  if (typeof cards === 'string') return isBrand(cards) ? [choiceOf(cards, 1)] : undefined
  if (cards === undefined) return undefined
  return Object.entries(cards).map(([name, choice]) => choiceOf(name as CardBrandName, choice ?? 1))
}

/** True where some of the cards stand for an outcome. */
export const hasCardOutcomes = (cards: CardsOption | undefined): boolean =>
  cardSetsOf(cards)?.some(({ outcomes }) => Object.keys(outcomes).length > 0) === true

const isBrand = (name: string): name is CardBrandName => (cardBrandNames as readonly string[]).includes(name)

function choiceOf(name: CardBrandName, choice: number | z.output<typeof set>): CardSetChoice {
  const { weight, chip, lengths, outcomes } = typeof choice === 'number' ? set.parse({ weight: choice }) : choice
  return { brand: name, weight, chip, lengths: lengths ?? [...cardBrandNamed(name).lengths], outcomes }
}
