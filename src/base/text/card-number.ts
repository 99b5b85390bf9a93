// The look of a card number: the digits it begins with, how long it may be, and its check digit.

/** Digits of a primary account number (ISO/IEC 7812-1): the shortest and the longest that are taken for one. */
export const shortestPan = 13
export const longestPan = 19

/** Lengths from `from` to `to`, where the digits begin as `prefix` says. */
interface Issuer {
  readonly prefix: RegExp
  readonly from: number
  readonly to: number
}

/**
 * First digits that networks have been given (ISO/IEC 7812-1 annex A, and the networks' published ranges). A 2 is taken
 * for a card only in the ranges of Mir and Mastercard, so that a date such as 20261127 is none.
 */
const issuers: readonly Issuer[] = [
  { prefix: /^1/, from: 15, to: 15 }, // UATP.
  { prefix: /^2(?:20|2[2-9]|[3-6]|7[01]|720)/, from: 16, to: 19 }, // Mir, Mastercard.
  { prefix: /^3[04-9]/, from: 13, to: 19 }, // American Express, Diners Club, JCB.
  { prefix: /^[456]/, from: 13, to: 19 }, // Visa, Mastercard, Maestro, Discover, UnionPay.
  { prefix: /^(?:7|8[12]|9)/, from: 16, to: 19 }, // Fuel cards, UnionPay, RuPay, national cards.
]

/** True for digits whose check digit is right (ISO/IEC 7812-1 annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  let at = digits.length - 1
  for (; at > 0; at -= 2) {
    const doubled = 2 * (digits.charCodeAt(at - 1) - 48)
    sum += digits.charCodeAt(at) - 48 + (doubled > 9 ? doubled - 9 : doubled)
  }
  if (at === 0) sum += digits.charCodeAt(0) - 48
  return sum % 10 === 0
}

/** Shortest and longest card number that `digits` may begin with, undefined where a card begins otherwise. */
function lengthsAt(digits: string, at: number): Issuer | undefined {
  const first = digits.slice(at, at + 4)
  return issuers.find(({ prefix }) => prefix.test(first))
}

/** Every stretch `[start, end)` of the digits that begins as a card does and passes Luhn's check. */
export function cardWindows(digits: string): (readonly [start: number, end: number])[] {
  const found: (readonly [number, number])[] = []
  for (let start = 0; start + shortestPan <= digits.length; start++) {
    const lengths = lengthsAt(digits, start)
    if (lengths === undefined) continue
    const last = Math.min(digits.length, start + lengths.to)
    for (let end = start + lengths.from; end <= last; end++) {
      if (passesLuhn(digits.slice(start, end))) found.push([start, end])
    }
  }
  return found
}

/** True where the digits as a whole are a card number. */
export const isCardNumber = (digits: string): boolean =>
  cardWindows(digits).some(([start, end]) => start === 0 && end === digits.length)
