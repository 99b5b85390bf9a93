// The pieces that sentences of evidence are made of, as patterns.

/** A pattern in English, and its Chinese with `$1` for the first group. */
export type Phrase = readonly [pattern: string, chinese: string]

/** A quantity with its unit: `4.1 s`, `12 %`. */
export const q = String.raw`(-?[\d.]+ (?:ms|s|%|h \d+ min|days? \d+ h))`
export const n = String.raw`(\d+)`
/** A rate, an amount, a code or an id. */
export const w = String.raw`([^\s,;]+)`
/** An instant: of the clock, or counted from the start. */
export const at = String.raw`(\d\d:\d\d:\d\d UTC|-?[\d.]+ s into the run)`
export const date = String.raw`(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC`
