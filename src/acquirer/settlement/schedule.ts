// When a payout is due and what it covers, by the calendar of the merchant's time zone. Instants are epoch ms.

import type { Zone } from '../../base/zone.js'
import type { Terms } from './options.js'

export type CalendarTerms = Pick<
  Terms,
  'cycle' | 'window' | 'fallback' | 'cutOff' | 'payAt' | 'holidays' | 'workingDays'
>

const minuteMs = 60_000
const dayMs = 86_400_000

/** The first instant after `now` at which is paid; undefined where an event decides, and not the clock. */
export function nextDue(terms: CalendarTerms, zone: Zone, startedAt: number, now: number): number | undefined {
  const { cycle, cutOff, payAt } = terms
  switch (cycle.kind) {
    case 'every':
      return startedAt + (Math.floor((now - startedAt) / cycle.ms) + 1) * cycle.ms
    case 'daily':
      return firstAfter(now, dayOf(zone, now), (day) => instantOf(zone, day, cutOff))
    case 'T':
    case 'D':
      return firstAfter(now, dayOf(zone, now), (day) =>
        cycle.kind === 'D' || isWorkingDay(terms, day) ? instantOf(zone, day, payAt) : undefined,
      )
    case 'sameDay':
      return nextDue(byFallback(terms), zone, startedAt, now)
    default:
      return undefined
  }
}

/** The terms of what misses the window of the same day. */
const byFallback = (terms: CalendarTerms): CalendarTerms => ({ ...terms, cycle: terms.fallback })

/** The hours of payment of which an instant is one, in epoch ms; undefined outside of them, and for other cycles. */
export function openWindow(
  terms: CalendarTerms,
  zone: Zone,
  at: number,
): { readonly from: number; readonly to: number } | undefined {
  const { cycle, window } = terms
  const day = dayOf(zone, at)
  if (cycle.kind !== 'sameDay' || (cycle.of === 'T' && !isWorkingDay(terms, day))) return undefined
  const [from, to] = [instantOf(zone, day, window.from), instantOf(zone, day, window.to)]
  return from <= at && at < to ? { from, to } : undefined
}

/** Sales that missed their window and were posted before this instant are paid by now; other cycles: all that an earlier one left. */
export function missedUntil(terms: CalendarTerms, zone: Zone, now: number): number {
  if (terms.cycle.kind !== 'sameDay') return Number.POSITIVE_INFINITY
  const later = byFallback(terms)
  const today = dayOf(zone, now)
  for (let day = today; day > today - mostDays; day--) {
    const due = nextDue(later, zone, 0, instantOf(zone, day, 0) - 1)
    if (due !== undefined && due <= now) return coveredUntil(later, zone, due)
  }
  return Number.NEGATIVE_INFINITY
}

/** The last of the instants at which is paid from `due` to `now`: one payout of what several missed ones cover. */
export function latestDue(terms: CalendarTerms, zone: Zone, due: number, now: number): number {
  if (!isCalendar(terms.cycle)) return due
  let latest = due
  for (let next: number | undefined = due; next !== undefined && next <= now; ) {
    latest = next
    next = nextDue(terms, zone, due, next)
  }
  return latest
}

/** A payout at `due` covers what was posted before this instant; a timer that fires late changes nothing of that. */
export function coveredUntil(terms: CalendarTerms, zone: Zone, due: number): number {
  const { cycle, cutOff } = terms
  if (cycle.kind === 'daily') return due
  if (cycle.kind === 'D') return instantOf(zone, dayOf(zone, due) - cycle.days, cutOff)
  if (cycle.kind !== 'T') return Number.POSITIVE_INFINITY
  // A day that is none of work trades too: its sales are paid with those of the working day before it.
  let day = dayOf(zone, due)
  for (let back = 1; back < cycle.days; back++) day = workingDayBefore(terms, day)
  return instantOf(zone, day - 1, cutOff)
}

const isCalendar = ({ kind }: CalendarTerms['cycle']) => kind === 'daily' || kind === 'T' || kind === 'D'

/** When a transaction that was posted at `postedAt` is paid by the calendar at the latest; undefined where no calendar decides. */
export function paidBy(terms: CalendarTerms, zone: Zone, postedAt: number): number | undefined {
  if (terms.cycle.kind === 'sameDay')
    return openWindow(terms, zone, postedAt) === undefined ? paidBy(byFallback(terms), zone, postedAt) : postedAt
  if (!isCalendar(terms.cycle)) return undefined
  let due = nextDue(terms, zone, 0, postedAt)
  while (due !== undefined && coveredUntil(terms, zone, due) <= postedAt) due = nextDue(terms, zone, 0, due)
  return due
}

/** YYYY-MM-DD of an instant in the zone. */
export const dateOf = (zone: Zone, wallMs: number): string => zone.format('YYYY-MM-DD', wallMs)

/** Working days that are looked through: more holidays in a row than a year has days is a calendar without end. */
const mostDays = 400

function firstAfter(now: number, from: number, instantOn: (day: number) => number | undefined): number | undefined {
  for (let day = from; day < from + mostDays; day++) {
    const instant = instantOn(day)
    if (instant !== undefined && instant > now) return instant
  }
  return undefined
}

function workingDayBefore(terms: CalendarTerms, day: number): number {
  let before = day - 1
  while (!isWorkingDay(terms, before) && before > day - mostDays) before--
  return before
}

/** Days since 1970-01-01 of the local date. */
const dayOf = (zone: Zone, wallMs: number) => Math.floor((wallMs + zone.offsetMinutes(wallMs) * minuteMs) / dayMs)

function instantOf(zone: Zone, day: number, minutes: number): number {
  const local = day * dayMs + minutes * minuteMs
  const near = local - zone.offsetMinutes(local) * minuteMs
  return local - zone.offsetMinutes(near) * minuteMs
}

function isWorkingDay({ holidays, workingDays }: CalendarTerms, day: number): boolean {
  const instant = new Date(day * dayMs)
  const date = instant.toISOString().slice(0, 10)
  const isWeekend = instant.getUTCDay() === 0 || instant.getUTCDay() === 6
  return !holidays.includes(date) && (!isWeekend || workingDays.includes(date))
}
