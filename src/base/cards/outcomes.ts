// The outcomes that test cards stand for. The number of a card tells its own: behind the eight digits of a test BIN stand the
// two digits of a response code of ISO 8583:1987, and 00 is a card of which nothing is wrong.

import { brandOf } from './brands.js'

/** The two digits by name, which are its response code in ISO 8583:1987 too. */
export const cardOutcomes = {
  referral: '01',
  pickUp: '04',
  doNotHonour: '05',
  invalidCard: '14',
  lost: '41',
  stolen: '43',
  insufficientFunds: '51',
  expired: '54',
  wrongPin: '55',
  notPermitted: '57',
  suspectedFraud: '59',
  overLimit: '61',
  restricted: '62',
  tooOften: '65',
  pinTriesExceeded: '75',
  issuerDown: '91',
} as const
export type CardOutcome = keyof typeof cardOutcomes

export const cardOutcomeNames = Object.keys(cardOutcomes) as readonly CardOutcome[]

/** The digits of a card of which nothing is wrong. */
export const soundCard = '00'

const byDigits: ReadonlyMap<string, CardOutcome> = new Map(cardOutcomeNames.map((name) => [cardOutcomes[name], name]))
const binDigits = 8

/** The outcome that a test card stands for; undefined for a sound one, and for a card with another BIN. */
export function outcomeOf(pan: string): CardOutcome | undefined {
  const outcome = byDigits.get(pan.slice(binDigits, binDigits + soundCard.length))
  if (outcome === undefined) return undefined
  return brandOf(pan)?.testBins.includes(pan.slice(0, binDigits)) === true ? outcome : undefined
}
