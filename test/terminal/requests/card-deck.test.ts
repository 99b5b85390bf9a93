// The cards that the terminals of a scenario take: sets in their shares, chips for messages by chip.

import { describe, expect, test } from 'vitest'
import { brandOf } from '../../../src/base/cards/brands.js'
import { outcomeOf } from '../../../src/base/cards/outcomes.js'
import { createRandom } from '../../../src/base/random.js'
import { passesLuhn } from '../../../src/base/text/card-number.js'
import { cardFileOf, cardSetsOf, cardsSchema } from '../../../src/terminal/options/card-options.js'
import { deckOf, deckOfSets } from '../../../src/terminal/requests/card-deck.js'
import { completeCard, hasChip } from '../../../src/terminal/requests/cards.js'

const draws = 20_000
const deck = deckOfSets(
  cardSetsOf(
    cardsSchema.parse({
      visa: { weight: 60, chip: '75%', outcomes: { lost: '2%', expired: '1%' } },
      unionpay: { weight: 30, lengths: [16, 19] },
      amex: 10,
    }),
  ) ?? [],
  createRandom(1),
)
const dice = createRandom(2)
const drawn = Array.from({ length: draws }, () => deck.draw(dice, false))
const share = (holds: (card: (typeof drawn)[number]) => boolean) => drawn.filter(holds).length / draws
const isBrand = (name: string) => (card: (typeof drawn)[number]) => brandOf(card.pan)?.name === name

describe('card sets', () => {
  test('are drawn by weight, their outcomes and chips by share', () => {
    expect(share(isBrand('visa'))).toBeCloseTo(0.6, 1)
    expect(share(isBrand('amex'))).toBeCloseTo(0.1, 1)
    expect(share(({ pan }) => outcomeOf(pan) === 'lost')).toBeCloseTo(0.012, 2)
    expect(share((card) => isBrand('visa')(card) && !hasChip(card))).toBeCloseTo(0.15, 1)
  })

  test('have the lengths, check digits and service codes of the brand', () => {
    expect(drawn.every(({ pan }) => passesLuhn(pan))).toBe(true)
    const lengths = (name: string) => [...new Set(drawn.filter(isBrand(name)).map(({ pan }) => pan.length))].sort()
    expect([lengths('visa'), lengths('amex'), lengths('unionpay')]).toEqual([[16], [15], [16, 19]])
    const codes = (name: string) => [...new Set(drawn.filter(isBrand(name)).map((card) => card.serviceCode))].sort()
    expect([codes('visa'), codes('unionpay')]).toEqual([['101', '201'], ['220']])
    expect(drawn.every(({ track2, pan, serviceCode }) => new RegExp(`^${pan}=\\d{4}${serviceCode}`).test(track2))).toBe(
      true,
    )
    expect(drawn.every(({ track2 }) => track2.length <= 37)).toBe(true)
  })

  test('an expired card has expired, and no other', () => {
    for (const { pan, expiry } of drawn) expect(expiry < '2101').toBe(outcomeOf(pan) === 'expired')
  })

  test('a message by chip has a card with a chip', () => {
    for (let count = 0; count < 2000; count++) expect(hasChip(deck.draw(dice, true))).toBe(true)
  })

  test('one name is a set, another a file', () => {
    expect(cardSetsOf('jcb')).toMatchObject([{ brand: 'jcb', weight: 1, chip: 1, lengths: [16] }])
    expect([cardFileOf('jcb'), cardFileOf('cards.csv'), cardFileOf({ jcb: 1 })]).toEqual([
      undefined,
      'cards.csv',
      undefined,
    ])
  })
})

test('track 1 has the number, the name and the rest of track 2', () => {
  const { track1, serviceCode } = completeCard({
    pan: '4111111111111111',
    expiry: '3012',
    track2: '4111111111111111=301210112345',
  })
  expect({ track1, serviceCode }).toEqual({ track1: 'B4111111111111111^CARD/TEST^301210112345', serviceCode: '101' })
})

test('a list without a chip says so', () => {
  const stripe = completeCard({ pan: '4111111111111111', expiry: '3012', serviceCode: '101' })
  expect(deckOf([stripe]).hasChips).toBe(false)
})
