// The cards of one run, from which each transaction draws its own: a list, or card sets in the shares that a scenario asks for.

import { cardBrandNamed } from '../../base/cards/brands.js'
import { type CardOutcome, cardOutcomes, soundCard } from '../../base/cards/outcomes.js'
import type { Random } from '../../base/random.js'
import type { CardSetChoice } from '../options/card-options.js'
import { type Card, type CardIssuer, completeCard, hasChip, withCheckDigit } from './cards.js'

export interface CardDeck {
  /** One card has a chip at least. */
  readonly hasChips: boolean
  /** With a chip where the message is one of a chip, and where `hasChips`. */
  draw(random: Random, byChip: boolean): Card
}

/** Each card of the list as often as any other. */
export function deckOf(cards: readonly Card[]): CardDeck {
  const withChip = cards.filter(hasChip)
  return {
    hasChips: withChip.length > 0,
    draw(random, byChip) {
      const from = byChip && withChip.length > 0 ? withChip : cards
      return from[random.below(from.length)] as Card
    },
  }
}

/** Cards of one kind: of a brand, with or without a chip, with an outcome. */
interface Kind {
  readonly weight: number
  readonly isChip: boolean
  readonly cards: readonly Card[]
}

/** Test cards of each kind: enough that few terminals share one, few enough to make at once. */
const cardsOfKind = 250

/** Every kind of card in its share of the draws. */
export function deckOfSets(sets: readonly CardSetChoice[], random: Random, issuer?: CardIssuer): CardDeck {
  const kinds = sets.flatMap((set) => kindsOf(set, random, issuer))
  const all = drawing(kinds)
  const chips = drawing(kinds.filter(({ isChip }) => isChip))
  return {
    hasChips: chips !== undefined,
    draw: (dice, byChip) => ((byChip ? chips : undefined) ?? (all as Draw))(dice),
  }
}

type Draw = (random: Random) => Card

function drawing(kinds: readonly Kind[]): Draw | undefined {
  const last = kinds.at(-1)
  if (last === undefined) return undefined
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
  return (random) => {
    let left = random.next() * total
    const { cards } =
      kinds.find(({ weight }) => {
        left -= weight
        return left < 0
      }) ?? last
    return cards[random.below(cards.length)] as Card
  }
}

function kindsOf(set: CardSetChoice, random: Random, issuer: CardIssuer | undefined): readonly Kind[] {
  const { weight, chip, outcomes } = set
  const troubles = Object.entries(outcomes) as [CardOutcome, number][]
  const sound = 1 - troubles.reduce((sum, [, share]) => sum + share, 0)
  const shares: readonly (readonly [CardOutcome | undefined, number])[] = [[undefined, sound], ...troubles]
  return shares.flatMap(([outcome, share]) =>
    [true, false].flatMap((isChip) => {
      const ofKind = weight * share * (isChip ? chip : 1 - chip)
      // A share of what is left over of 100 % may be a rounding error.
      if (ofKind < 1e-9) return []
      return { weight: ofKind, isChip, cards: makeCards(cardsOfKind, { set, outcome, isChip }, random, issuer) }
    }),
  )
}

export interface CardKind {
  readonly set: Pick<CardSetChoice, 'brand' | 'lengths'>
  /** Undefined for sound cards. */
  readonly outcome: CardOutcome | undefined
  readonly isChip: boolean
}

/** `count` different test cards of one kind, on the test BINs of the brand; an expired one has expired. */
export function makeCards(
  count: number,
  { set: { brand: name, lengths }, outcome, isChip }: CardKind,
  random: Random,
  issuer?: CardIssuer,
): readonly Card[] {
  const { testBins, serviceCodes } = cardBrandNamed(name)
  const serviceCode = serviceCodes[isChip ? 'chip' : 'stripe']
  const expiry = outcome === 'expired' ? expired : valid
  const cards = new Map<string, Card>()
  while (cards.size < count) {
    const start = `${testBins[cards.size % testBins.length]}${outcome === undefined ? soundCard : cardOutcomes[outcome]}`
    const length = lengths[random.below(lengths.length)] as number
    const digits = length - start.length - 1
    const account = String(random.below(10 ** digits)).padStart(digits, '0')
    const pan = withCheckDigit(start + account)
    cards.set(pan, completeCard({ pan, expiry, serviceCode }, issuer))
  }
  return [...cards.values()]
}

/** YYMM. */
const [valid, expired] = ['3012', '2001']
