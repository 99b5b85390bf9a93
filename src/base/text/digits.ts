// Numbers as digits of a fixed width, for trace numbers and amounts: `padStart` leaves three texts behind where one is asked for.

const groups = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))

/** `number`: whole, from 0 to 999. */
export const threeDigits = (number: number): string => groups[number] as string

/** `number`: whole, from 0 to 999,999. */
export const sixDigits = (number: number): string =>
  (groups[Math.floor(number / 1000)] as string) + (groups[number % 1000] as string)

/** The number of six digits; -1 for any other text. Without the number that `Number` makes of a text by way of its grammar. */
export function numberOfSixDigits(text: string): number {
  if (text.length !== 6) return -1
  let number = 0
  for (let index = 0; index < 6; index++) {
    const digit = text.charCodeAt(index) - zero
    if (digit < 0 || digit > 9) return -1
    number = 10 * number + digit
  }
  return number
}

const zero = 48

/** `number`: whole, from 0 to 999,999,999,999. */
export const twelveDigits = (number: number): string =>
  (number < 1_000_000 ? '000000' : sixDigits(Math.floor(number / 1_000_000))) + sixDigits(number % 1_000_000)
