// When a merchant is looked at. It stands in the ledger, so that a time that falls into a restart is made up for. Pure.

import type { Zone } from '../../base/zone.js'
import type { MerchantRow } from '../ledger/payouts.js'
import type { Terms } from './options.js'
import { latestDue, nextDue, openWindow } from './schedule.js'

export interface Calendar {
  readonly zone: Zone
  /** Epoch ms: intervals are counted from here. */
  readonly startedAt: number
}

export interface PayoutPlan {
  /** The instant for which is paid now; undefined: nothing is due. */
  readonly due: number | undefined
  /** When to look next; null: when a terminal asks. */
  readonly next: number | null
}

type Agenda = Pick<MerchantRow, 'asked' | 'next_due'>

/** How long what is held of an instant payout waits, where nothing is posted meanwhile, in ms: days begin, limits end. */
const instantAgainMs = 60_000

/** Whether a plan depends on when the first transaction was posted that is not paid. */
export const needsFirst = (agenda: Agenda, { cycle: { kind } }: Terms): boolean =>
  kind !== 'instant' && kind !== 'sameDay' && kind !== 'onSettlement' && !agenda.next_due

/** `postedAt`: of the first transaction that is not paid, from which the first payout is counted. */
export function planOf(agenda: Agenda, terms: Terms, calendar: Calendar, now: number, postedAt: number): PayoutPlan {
  const { zone, startedAt } = calendar
  const { kind } = terms.cycle
  if (kind === 'instant') return { due: now, next: now + instantAgainMs }
  if (kind === 'sameDay') return { due: now, next: nextOfSameDay(terms, zone, now) }
  if (kind === 'onSettlement') return { due: agenda.asked === 1 ? now : undefined, next: null }
  const at = agenda.next_due || nextDue(terms, zone, startedAt, Math.min(now, postedAt))
  if (at === undefined || at > now) return { due: undefined, next: at ?? null }
  return { due: latestDue(terms, zone, at, now), next: nextDue(terms, zone, startedAt, now) ?? null }
}

/** Within its window as an instant payout; outside when the fallback pays. */
function nextOfSameDay(terms: Terms, zone: Zone, now: number): number {
  const later = nextDue(terms, zone, 0, now) ?? now + instantAgainMs
  return openWindow(terms, zone, now) === undefined ? later : Math.min(later, now + instantAgainMs)
}

/**
 * The time of the next payout that the ledger is to hold when another process, other terms or another time of day take over. A
 * payout that is overdue stays so. Intervals are counted anew, but never to be later: a host that is often restarted would pay nobody.
 */
export function takenOver({ next_due }: Agenda, terms: Terms, calendar: Calendar, now: number): number | null {
  const { zone, startedAt } = calendar
  const { kind } = terms.cycle
  if (kind === 'onSettlement') return null
  if (kind === 'instant' || kind === 'sameDay') return now
  if (next_due === null || next_due <= now) return next_due ?? 0
  const next = nextDue(terms, zone, startedAt, now) ?? null
  return next !== null && kind === 'every' ? Math.min(next, next_due) : next
}
