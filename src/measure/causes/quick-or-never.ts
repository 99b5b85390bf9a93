// Are answers quick or never? A host or a line that is slow answers late as well; what is lost, or asked over a dead connection,
// never.

import type { Observations } from './observations.js'

export interface QuickOrNever {
  /** Transactions that were never answered, of all. */
  readonly silent: number
  readonly offered: number
  /** Nine in ten of the answers took less, in ms. */
  readonly slowServiceMs: number
}

/** Silent ones that it takes. */
const leastSilent = 4
/** A share of the timely time: nine in ten answers take less. */
const quickShare = 0.6
/** For each silent one: when more answers come after the timer, or in time and late, somebody is slow. */
const mostAfterTimer = 0.15
const mostSlow = 0.3

export function findQuickOrNever(
  { seen, timelyWithinMs, lateAnswers }: Observations,
  slowServiceMs: number | undefined,
): QuickOrNever | undefined {
  const silent = seen.filter(({ isSilent }) => isSilent).length
  if (silent < leastSilent || slowServiceMs === undefined || slowServiceMs > quickShare * timelyWithinMs)
    return undefined
  const late = seen.filter(({ endedAt, at, isAnswered }) => isAnswered && endedAt - at > timelyWithinMs).length
  if (late > mostSlow * silent || lateAnswers > mostAfterTimer * silent) return undefined
  return { silent, offered: seen.length, slowServiceMs }
}
