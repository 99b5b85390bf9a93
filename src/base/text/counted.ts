// A number and what it counts, for sentences.

/** `1 phase`, `2 phases`: `one` is a noun whose plural ends in s. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
