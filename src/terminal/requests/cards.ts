// Cards to pay with: test cards made from test BINs, or a user's own list. Never a real BIN by default.

import type { Random } from '../../base/random.js'

export interface Card {
  /** Digits. */
  readonly pan: string
  /** YYMM, as in DE14. */
  readonly expiry: string
  /** Track 2 equivalent data without sentinels, `=` as separator (ISO/IEC 7813). */
  readonly track2: string
  /** DE23: three digits. */
  readonly sequence: string
}

/** BINs that schemes and processors publish for testing: UnionPay, Visa, Mastercard, JCB. */
export const testBins = ['62000000', '41111111', '55555555', '35660020'] as const

/** `count` different test cards of 16 digits with a valid check digit (ISO/IEC 7812-1 annex B). */
export function testCards(count: number, random: Random): readonly Card[] {
  const cards = new Map<string, Card>()
  while (cards.size < count) {
    const bin = testBins[random.below(testBins.length)] as string
    const account = String(random.below(10_000_000)).padStart(7, '0')
    const pan = withCheckDigit(bin + account)
    cards.set(pan, completeCard({ pan, expiry: '3012' }))
  }
  return [...cards.values()]
}

/** Adds what a list leaves out: track 2 with service code 201 (chip, international), sequence 001. */
export function completeCard(card: { pan: string; expiry: string; track2?: string; sequence?: string }): Card {
  const track2 = card.track2 ?? `${card.pan}=${card.expiry}2010000000000`.slice(0, 37)
  return { pan: card.pan, expiry: card.expiry, track2, sequence: card.sequence ?? '001' }
}

/** Luhn's check digit appended. */
export function withCheckDigit(digits: string): string {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits + ((10 - (sum % 10)) % 10)
}
