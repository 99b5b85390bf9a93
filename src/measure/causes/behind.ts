// A transaction that waited for its turn waited behind others: what made those late made it late.

import { counted } from '../../base/text/counted.js'
import type { Outcome } from '../sample.js'
import type { CauseVerdict } from './cause.js'
import { inWords } from './numbers.js'
import type { Observations, Observed } from './observations.js'

/** A share of its time: a transaction that waited less for a terminal was late by itself. */
const mostlyWaited = 0.5
/** Late ones that must have kept terminals busy meanwhile, and the share of them that must have one cause. */
const leastBefore = 2
const leastShare = 0.5
/** The certainty is this share of theirs. */
const asSure = 0.95
/** The same of the transaction whose reversal had to go first, which was sent again so many timeouts at most. */
const nearlyAsSure = 0.98
const mostTimeouts = 2
/** A terminal may be taken up again this much before its last transaction is booked, in ms. */
const slackMs = 50
/** Late ones that are looked at, before one that waited. */
const mostBefore = 200

/** Took no terminal for most of its time. */
export const waitedForItsTurn = ({ intendedAt, startedAt, writtenAt, endedAt, lateResponse }: Observed): boolean =>
  lateResponse && (startedAt ?? writtenAt ?? endedAt) - intendedAt > mostlyWaited * (endedAt - intendedAt)

/** Its terminal had taken it up, and most of its time something else had to be sent before it. */
export const waitedForReversal = ({ startedAt, writtenAt, endedAt, lateResponse, ownLink }: Observed): boolean =>
  lateResponse &&
  !ownLink &&
  startedAt !== undefined &&
  (writtenAt ?? endedAt) - startedAt > mostlyWaited * (endedAt - startedAt)

/**
 * The transaction whose reversal had to go first is to blame: the last one of the same terminal, which got no answer, where none
 * was answered since. `verdicts` of all; undefined where there is none.
 */
export function createAfterReversal(
  { transactions, seen, timeoutMs }: Observations,
  verdicts: ReadonlyMap<number, CauseVerdict>,
): (transaction: Observed) => CauseVerdict | undefined {
  const silent = grouped(transactions.filter(({ writtenAt, outcome }) => writtenAt !== undefined && isOpen(outcome)))
  const answered = grouped(
    seen.flatMap(({ isAnswered, of, endedAt }) => (isAnswered ? { terminal: of.terminal ?? '', endedAt } : [])),
  )
  return ({ terminal, startedAt = 0, writtenAt, endedAt }) => {
    const before = lastEnded(silent.get(terminal), startedAt)
    if (before === undefined || startedAt - before.endedAt > mostTimeouts * timeoutMs) return undefined
    const since = lastEnded(answered.get(terminal), startedAt)
    const verdict = verdicts.get(before.id)
    if (verdict === undefined || verdict.cause === 'unknown' || (since?.endedAt ?? 0) > before.endedAt) return undefined
    return {
      cause: verdict.cause,
      confidence: nearlyAsSure * verdict.confidence,
      evidence: [
        `it waited ${inWords((writtenAt ?? endedAt) - startedAt)} for the reversal of its terminal's last transaction, which had this cause`,
        ...verdict.evidence.slice(0, 1),
      ],
    }
  }
}

const isOpen = (outcome: Outcome) => outcome === 'timedOut' || outcome === 'failed'

/** Those of each terminal, in order of time. */
function grouped<Each extends { readonly terminal: string; readonly endedAt: number }>(
  all: readonly Each[],
): ReadonlyMap<string, readonly Each[]> {
  const groups = new Map<string, Each[]>()
  for (const each of [...all].sort((one, other) => one.endedAt - other.endedAt)) {
    const own = groups.get(each.terminal)
    if (own === undefined) groups.set(each.terminal, [each])
    else own.push(each)
  }
  return groups
}

const lastEnded = <Each extends { readonly endedAt: number }>(all: readonly Each[] = [], until: number) =>
  all[firstEnding(all, until + slackMs) - 1]

/** `verdicts` of all that did not wait. Undefined where those before it had no common cause. */
export function createBehind(
  { transactions, timeoutMs }: Observations,
  verdicts: ReadonlyMap<number, CauseVerdict>,
): (transaction: Observed) => CauseVerdict | undefined {
  const late = transactions
    .filter((each) => each.lateResponse && each.startedAt !== undefined && !waitedForItsTurn(each))
    .sort((one, other) => one.endedAt - other.endedAt)
  return ({ intendedAt, startedAt, endedAt }) => {
    const until = startedAt ?? endedAt
    const first = firstEnding(late, intendedAt)
    const before = late
      .slice(first, first + mostBefore)
      .filter((each) => (each.startedAt ?? 0) <= until && each.endedAt <= until + timeoutMs)
    const counts = new Map<string, CauseVerdict[]>()
    for (const { id } of before) {
      const verdict = verdicts.get(id)
      if (verdict === undefined || verdict.cause === 'unknown') continue
      const known = counts.get(verdict.cause)
      if (known === undefined) counts.set(verdict.cause, [verdict])
      else known.push(verdict)
    }
    const [most] = [...counts.values()].sort((one, other) => other.length - one.length)
    if (most === undefined || before.length < leastBefore || most.length < leastShare * before.length) return undefined
    const sure = most.reduce((sum, { confidence }) => sum + confidence, 0) / most.length
    return {
      cause: most[0]?.cause ?? 'unknown',
      confidence: asSure * sure,
      evidence: [
        `it waited ${inWords(until - intendedAt)} for its turn: of ${counted(before.length, 'late transaction')} that kept terminals busy meanwhile ${most.length} had this cause`,
        ...(most[0]?.evidence.slice(0, 1) ?? []),
      ],
    }
  }
}

/** Index of the first that ends at `at` or later. */
function firstEnding(late: readonly { readonly endedAt: number }[], at: number): number {
  let [low, high] = [0, late.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((late[middle] as { endedAt: number }).endedAt < at) low = middle + 1
    else high = middle
  }
  return low
}
