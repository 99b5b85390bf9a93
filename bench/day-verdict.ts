// The conditions for a day of many terminals. Rule: pure; a day on which little happened shows nothing, however fast it was.

import type { Result } from '../src/measure/result.js'

/** Seconds of this machine that a day may take. */
export const mostSeconds = 600
/** Bytes of memory that the process may ever have had. */
export const mostBytes = 2 * 1024 ** 3
/** How far the transactions may be from what was asked for: this share, or what chance makes of few of them. */
const countTolerance = 0.01
const standardDeviations = 4
/** The share of transactions that must be approved: far fewer than the rest are lost on the way. */
const leastApproved = 0.99
/**
 * The share of other transactions that may wait in vain behind the reversals of unanswered ones: an answer to a reversal is lost
 * as seldom as any other, and not each terminal has a next transaction.
 */
const mostUnsent = 0.01

export interface MeasuredDay {
  readonly seconds: number
  /** Processor time of this process on all cores: a busy machine does not change it. */
  readonly cpuSeconds: number
  readonly bytes: number
  readonly result: Pick<Result, 'offered' | 'outcomes' | 'responseTime' | 'reversals' | 'books'>
}

export interface DayFigure {
  readonly what: string
  readonly found: string
  readonly holds: boolean
}

export function figuresOf(
  { seconds, cpuSeconds, bytes, result }: MeasuredDay,
  wanted: { readonly terminals: number; readonly transactions: number },
): readonly DayFigure[] {
  const { offered, outcomes, responseTime, reversals, books } = result
  const { approved, timedOut, failed, unsent } = outcomes
  const charged = books?.acquirer?.states.charged ?? 0
  const owed = reversals === null || reversals.created === 0 || reversals.acknowledged !== reversals.created
  const fine = (what: string, found: string): DayFigure => ({ what, found, holds: true })
  return [
    fine('terminals', String(wanted.terminals)),
    { what: 'transactions', found: String(offered), holds: isNear(offered, wanted.transactions) },
    { what: 'approved', found: String(approved), holds: approved >= leastApproved * offered && failed === 0 },
    { what: 'without an answer', found: String(timedOut), holds: timedOut > 0 },
    { what: 'not sent', found: String(unsent), holds: unsent <= Math.ceil(mostUnsent * timedOut) },
    fine('response time p50', ms(responseTime.p50)),
    fine('response time p99', ms(responseTime.p99)),
    { what: 'reversals, acknowledged', found: `${reversals?.created}, ${reversals?.acknowledged}`, holds: !owed },
    { what: 'charged by the ledger', found: String(charged), holds: charged > 0 && charged >= approved },
    { what: 'books agree', found: String(books?.agree), holds: books?.agree === true },
    { what: 'wall time', found: `${seconds.toFixed(1)} s`, holds: seconds < mostSeconds },
    fine('time of the processors', `${cpuSeconds.toFixed(1)} s`),
    fine('transactions a second', (offered / seconds).toFixed(0)),
    { what: 'largest memory (RSS)', found: `${(bytes / 1024 ** 2).toFixed(0)} MiB`, holds: bytes < mostBytes },
  ]
}

/** Arrivals are of a Poisson process: their number varies by its square root. */
function isNear(offered: number, wanted: number): boolean {
  return Math.abs(offered - wanted) <= Math.max(countTolerance * wanted, standardDeviations * Math.sqrt(wanted))
}

const ms = (value: number | null) => `${(value ?? Number.NaN).toFixed(1)} ms`
