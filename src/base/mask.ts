// The masks for secrets: card numbers, tracks, PIN blocks, keys. Every text that is shown goes through this file.

import { isCardNumber, shortestPan } from './text/card-number.js'
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

/**
 * A value as JSON has it, its texts and the names of its parts masked, and numbers that are card numbers. Parts named in
 * `leave` stay as they are: messages that are masked already, and figures as text. Names that look the same when they are
 * masked are told apart by a number behind them.
 */
export function maskTexts(value: unknown, leave: ReadonlySet<string> = new Set()): unknown {
  const texts = memoized(maskText)
  const mask = (each: unknown, depth: number): unknown => {
    if (typeof each === 'string') return texts(each)
    // A number with a fraction is a figure: no card is written so.
    if (typeof each === 'number')
      return Number.isInteger(each) && isCardNumber(String(each)) ? maskPan(String(each)) : each
    if (typeof each !== 'object' || each === null || ArrayBuffer.isView(each)) return each
    if (depth > deepest) return null
    if (Array.isArray(each)) return each.map((item) => mask(item, depth + 1))
    const names = new Set<string>()
    const parts = Object.entries(each).map(([key, item]) => {
      const name = unused(texts(key), names)
      names.add(name)
      return [name, leave.has(key) ? item : mask(item, depth + 1)]
    })
    return Object.fromEntries(parts)
  }
  return mask(value, 0)
}

function unused(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let number = 2
  while (taken.has(`${name} (${number})`)) number++
  return `${name} (${number})`
}

/** Texts whose masks are remembered: labels of a run come again and again. */
const mostRemembered = 10_000

/** The same function, which remembers what it has said. */
export function memoized(mask: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const masked = mask(text)
    if (known.size < mostRemembered) known.set(text, masked)
    return masked
  }
}
