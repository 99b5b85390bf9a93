// Small arithmetic of a diagnosis: quantiles, windows of a list in order of time, certainty, and numbers in words.

import { hourMs, longWords } from '../../base/units.js'

/** The value below which `share` of `values` lie; undefined for none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** Index of the first item at `at` or later. */
export function firstFrom(items: readonly { readonly at: number }[], at: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle] as { at: number }).at < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Events that one explanation looks at, at most: enough to be sure, few enough for 100,000 explanations. */
const mostInWindow = 400

/** Items of an ordered list from `from` to `to`. */
export function itemsBetween<Item extends { readonly at: number }>(
  items: readonly Item[],
  from: number,
  to: number,
): readonly Item[] {
  const start = firstFrom(items, from)
  const found: Item[] = []
  for (let index = start; index < items.length && found.length < mostInWindow; index++) {
    const item = items[index] as Item
    if (item.at > to) break
    found.push(item)
  }
  return found
}

/** A likelihood ratio, as its logarithm, as a probability. */
export const certainty = (logRatio: number): number => 1 / (1 + Math.exp(-logRatio))

export const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

/** Overlap of two intervals, in ms. */
export const overlap = (fromA: number, toA: number, fromB: number, toB: number): number =>
  Math.max(0, Math.min(toA, toB) - Math.max(fromA, fromB))

/** `850 ms`, `4.1 s`, `7 days 11 h`. */
export function inWords(ms: number): string {
  if (ms >= hourMs) return longWords(ms)
  if (ms < 10) return `${Number(ms.toPrecision(2))} ms`
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** `12 %`, `0.4 %`. */
export const percentWords = (share: number): string => `${Number((share * 100).toPrecision(2))} %`

/** `08:15:04 UTC`, where the wall clock at the start is known; else `3.2 s into the run`. */
export const instantWords = (ms: number, wallAtStart: number | undefined): string =>
  wallAtStart === undefined ? atWords(ms) : `${new Date(wallAtStart + ms).toISOString().slice(11, 19)} UTC`

/** `3.2 s into the run`. */
export const atWords = (ms: number): string => `${(ms / 1000).toFixed(1)} s into the run`
