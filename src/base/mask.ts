// What must never be shown: card numbers, tracks, PIN blocks, keys. Every text that is shown goes through this file.

import { shortestPan } from './text/card-number.js'
import { findSecrets, type SearchOptions } from './text/card-search.js'

/** First six and last four digits; the rest is stars. Shorter texts are hidden whole. */
export function maskPan(pan: string): string {
  if (pan.length < shortestPan) return '*'.repeat(pan.length)
  return `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`
}

/**
 * A sentence, a name or a path with stars in the place of every card number, track and key in it, whichever way they are
 * written: see base/text/card-search.ts.
 */
export const maskText = (text: string): string => masked(text, { thorough: false })

/** The same for the text of a field: numbers that stand side by side in it are searched as one. */
export const maskFieldText = (text: string): string => masked(text, { thorough: true })

function masked(text: string, options: SearchOptions): string {
  const spans = findSecrets(text, options)
  if (spans.length === 0) return text
  const shown = text.split('')
  for (const [start, end] of spans) shown.fill('*', start, end)
  return shown.join('')
}

/** Deepest value that is masked: what lies deeper is left out. */
const deepest = 32

/** A value as JSON has it, its texts and the names of its parts masked. Numbers stay: they are this program's own. */
export function maskTexts(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest) return null
  if (Array.isArray(value)) return value.map((each) => maskTexts(each, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [maskText(key), maskTexts(each, depth + 1)]))
}
