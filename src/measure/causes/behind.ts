// A transaction that waited for its turn waited behind others: what made those late made it late.

import { counted } from '../../base/text/counted.js'
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
/** Late ones that are looked at, before one that waited. */
const mostBefore = 200

/** Took no terminal for most of its time. */
export const waitedForItsTurn = ({ intendedAt, startedAt, writtenAt, endedAt, lateResponse }: Observed): boolean =>
  lateResponse && (startedAt ?? writtenAt ?? endedAt) - intendedAt > mostlyWaited * (endedAt - intendedAt)

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
      counts.set(verdict.cause, [...(counts.get(verdict.cause) ?? []), verdict])
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
function firstEnding(late: readonly Observed[], at: number): number {
  let [low, high] = [0, late.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((late[middle] as Observed).endedAt < at) low = middle + 1
    else high = middle
  }
  return low
}
