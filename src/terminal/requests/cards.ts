// Cards to pay with: test cards made from test BINs, or a user's own list. Never a real BIN by default.

import type { Random } from '../../base/random.js'
import { cardVerificationValue, verificationServiceCodes } from '../../crypto/card/cvv.js'

export interface Card {
  /** Digits. */
  readonly pan: string
  /** YYMM, as in DE14. */
  readonly expiry: string
  /** Track 2 equivalent data without sentinels, `=` as separator (ISO/IEC 7813). */
  readonly track2: string
  /** Track 1 without sentinels, format B (ISO/IEC 7813): the number, the name, and the rest of track 2. */
  readonly track1: string
  /** Three digits (ISO/IEC 7813), as on the stripe. */
  readonly serviceCode: string
  /** DE23: three digits. */
  readonly sequence: string
  /** Track 2 equivalent data as the chip has it (EMV tag 57): like `track2`, with the iCVV in the place of the CVV. */
  readonly chipTrack2: string
  /** Three digits of the signature panel; empty where nobody can make them. */
  readonly cvv2: string
}

/** The BINs of cards in a scenario that says nothing of cards: UnionPay, Visa, Mastercard, JCB. */
export const testBins = ['62000000', '41111111', '55555555', '35660020'] as const

/** `count` different test cards of 16 digits with a valid check digit (ISO/IEC 7812-1 annex B). */
export function testCards(count: number, random: Random, issuer?: CardIssuer): readonly Card[] {
  const cards = new Map<string, Card>()
  while (cards.size < count) {
    const bin = testBins[random.below(testBins.length)] as string
    const account = String(random.below(10_000_000)).padStart(7, '0')
    const pan = withCheckDigit(bin + account)
    cards.set(pan, completeCard({ pan, expiry: '3012' }, issuer))
  }
  return [...cards.values()]
}

interface ListedCard {
  readonly pan: string
  readonly expiry: string
  readonly track2?: string | undefined
  readonly sequence?: string
  /** Left out: as the track says. */
  readonly serviceCode?: string
}

/** Adds what a list leaves out: track 2 with service code 201 (chip, international), sequence 001; verification values of the issuer. */
export function completeCard(
  { pan, expiry, track2, sequence = '001', serviceCode = serviceCodeIn(track2) }: ListedCard,
  issuer?: CardIssuer,
): Card {
  if (issuer !== undefined) return new IssuedCard({ pan, expiry, track2, sequence, serviceCode }, issuer)
  const stripe = track2 ?? trackOf({ pan, expiry, serviceCode }, discretionary(0, '000'))
  return { pan, expiry, track2: stripe, track1: track1Of(stripe), serviceCode, sequence, chipTrack2: stripe, cvv2: '' }
}

/** Chip, international, no restrictions (ISO/IEC 7813). */
const usualServiceCode = '201'

/** The three digits behind the expiry date; the usual ones where the track has none. */
const serviceCodeIn = (track2: string | undefined) => /=\d{4}(\d{3})/.exec(track2 ?? '')?.[1] ?? usualServiceCode

/** A card has a chip where its service code says so: 2 and 6 (ISO/IEC 7813). */
export const hasChip = ({ serviceCode }: Pick<Card, 'serviceCode'>): boolean => /^[26]/.test(serviceCode)

const longestTrack2 = 37

const trackOf = ({ pan, expiry, serviceCode }: Pick<Card, 'pan' | 'expiry' | 'serviceCode'>, data: string) =>
  `${pan}=${expiry}${serviceCode}${data}`.slice(0, longestTrack2)

/** The cardholder of every test card; surname first. */
const holder = 'CARD/TEST'

const track1Of = (track2: string) => `B${track2.replace('=', `^${holder}^`)}`

/** Ten digits, the value behind so many others. */
const discretionary = (from: number, value: string) => `${'0'.repeat(from)}${value}`.padEnd(10, '0')

/** Makes the verification values of the cards of one run. */
export interface CardIssuer {
  /** CVK A and B, 16 bytes. */
  readonly key: Uint8Array
  /** Digits of discretionary data in front of the value. */
  readonly from: number
}

/** A card whose values are made when they are asked for: a list may have a million. */
class IssuedCard implements Card {
  readonly pan: string
  readonly expiry: string
  readonly sequence: string
  readonly serviceCode: string
  readonly #issuer: CardIssuer
  #track2: string | undefined
  #chipTrack2: string | undefined
  #cvv2: string | undefined

  constructor(
    { pan, expiry, track2, sequence, serviceCode }: ListedCard & Pick<Card, 'sequence' | 'serviceCode'>,
    issuer: CardIssuer,
  ) {
    this.pan = pan
    this.expiry = expiry
    this.sequence = sequence
    this.serviceCode = serviceCode
    this.#issuer = issuer
    // A track that the list has is as its issuer wrote it.
    this.#track2 = track2
    this.#chipTrack2 = track2
  }

  get track2(): string {
    this.#track2 ??= this.#trackWith(this.serviceCode)
    return this.#track2
  }

  get track1(): string {
    return track1Of(this.track2)
  }

  get chipTrack2(): string {
    this.#chipTrack2 ??= this.#trackWith(verificationServiceCodes.icvv)
    return this.#chipTrack2
  }

  get cvv2(): string {
    this.#cvv2 ??= this.#valueFor(verificationServiceCodes.cvv2)
    return this.#cvv2
  }

  #trackWith(code: string): string {
    return trackOf(this, discretionary(this.#issuer.from, this.#valueFor(code)))
  }

  #valueFor(code: string): string {
    const { pan, expiry } = this
    return cardVerificationValue({ key: this.#issuer.key, pan, expiry, serviceCode: code })
  }
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
