// Figures as people read them, the same in every report: 1,234 · 12.3 ms · 99.50 %. What is not known is a dash.

import { hourMs, longWords } from '../../base/units.js'
import type { Outcomes } from '../../measure/result.js'

/** The mark that stands where a figure is not known. */
export const unknownMark = '–'

export function formatCount(count: number | null): string {
  return count === null ? unknownMark : String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** One microsecond, the smallest time that a scenario can name. */
const leastMs = 0.001

/** Milliseconds with three digits that count: `0.002 ms`, `0.35 ms`, `12.3 ms`, `812 ms`, `12,345 ms`; from an hour on `7 days 11 h`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return unknownMark
  if (ms >= hourMs) return longWords(ms)
  if (ms > 0 && ms < leastMs) return `<${leastMs} ms`
  const decimals = ms >= 100 || ms === 0 ? 0 : ms >= 10 ? 1 : ms >= 10 * leastMs ? 2 : 3
  return `${decimals === 0 ? formatCount(ms) : ms.toFixed(decimals)} ms`
}

/** A share of 1 in percent. Never rounded to 0 or 100 where it is not. */
export function formatShare(share: number | null): string {
  if (share === null) return unknownMark
  const percent = share * 100
  if (percent > 0 && percent < 0.01) return '<0.01 %'
  if (percent < 100 && percent > 99.99) return '>99.99 %'
  return `${Number(percent.toFixed(2))} %`
}

export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return unknownMark
  return `${perSecond >= 100 ? formatCount(perSecond) : Number(perSecond.toFixed(1))}/s`
}

/** Failed and unsent transactions as a share of those offered; null when none was. They are in no latency figure. */
export function shareWithoutAnswer(offered: number, { failed, unsent }: Outcomes): number | null {
  return offered === 0 ? null : (failed + unsent) / offered
}
