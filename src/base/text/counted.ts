// Numbers and the things that they count, for sentences.

/** `1 phase`, `2 phases`: `one` is a noun whose plural ends in s. `shown` is the number as the sentence writes it. */
export const counted = (count: number, one: string, shown = String(count)): string =>
  `${shown} ${one}${count === 1 ? '' : 's'}`

/** The verb that agrees with a number: `is` for 1, `are` for 2. */
export const agreeing = (count: number, singular: string, plural: string): string => (count === 1 ? singular : plural)

/** `1 is left`, `2 are left`. */
export const stillLeft = (count: number): string => `${count} ${agreeing(count, 'is', 'are')} left`

/** `1 byte is left`, `2 bytes are left`. */
export const bytesLeft = (count: number): string => `${counted(count, 'byte')} ${agreeing(count, 'is', 'are')} left`

/** `once`, `2 times`. */
export const often = (count: number): string => (count === 1 ? 'once' : `${count} times`)
