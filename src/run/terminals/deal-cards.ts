// The cards of a run, from the scenario: card sets, a file, or the usual test cards.

import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import { type Share, takes } from '../../base/share.js'
import { type CardsOption, cardSetsOf } from '../../terminal/options/card-options.js'
import { type CardDeck, deckOf, deckOfSets } from '../../terminal/requests/card-deck.js'
import { type Card, type CardIssuer, testCards } from '../../terminal/requests/cards.js'
import type { MessagePlan } from '../../terminal/requests/message-plan.js'
import { readCards } from '../files/read-cards.js'

/** Test cards in a run whose scenario says nothing of cards: enough that few terminals share one, few enough to keep. */
const testCardCount = 1000

export interface CardDealing {
  readonly share: Share
  readonly random: Random
  /** Undefined: cards carry no verification values. */
  readonly issuer: CardIssuer | undefined
  readonly messages: { readonly mix: readonly (readonly [MessagePlan, number])[] }
}

/** Throws UsageError for a file that is none, and where the mix asks for chips that no card has. */
export function dealCards(cards: CardsOption | undefined, dealing: CardDealing): CardDeck {
  const deck = deckFor(cards, dealing)
  const [byChip] = dealing.messages.mix.filter(([plan]) => plan.byChip)
  if (byChip !== undefined && !deck.hasChips) {
    throw new UsageError(
      `no card has a chip (service code 2xx or 6xx), and the mix has ${byChip[0].name}, which is made by chip`,
      { where: 'terminals.cards:' },
    )
  }
  return deck
}

function deckFor(cards: CardsOption | undefined, { share, random, issuer }: CardDealing): CardDeck {
  const sets = cardSetsOf(cards)
  if (sets !== undefined) return deckOfSets(sets, random.fork('cards'), issuer)
  if (typeof cards !== 'string') return deckOf(testCards(testCardCount, random.fork('cards'), issuer))
  return deckOf(ofShare(readCards(cards, issuer), share))
}

/** Each part has cards of its own, where the file has enough for all. */
const ofShare = (all: readonly Card[], share: Share) =>
  all.length < share.of ? all : all.filter((_, place) => takes(share, place))
