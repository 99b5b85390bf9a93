// Was a part of the connections held up until one instant? What was asked on them at different times is answered at the same time,
// while others are answered at once. A line that lets nothing through for a while does so; a host takes as long for each as its
// work takes, and a connection that is dead does not come back.

import type { UsualTimes } from './line-or-host.js'
import { firstFrom } from './numbers.js'
import type { Observations, Observed } from './observations.js'
import type { SeenTransaction } from './seen.js'
import { hasWorked } from './terminal-fate.js'

export interface HeldSpan {
  /** When the first request that was held was written; when the first answer was let go, and the last. */
  readonly from: number
  readonly to: number
  readonly until: number
  /** Answered together, and given up before. */
  readonly released: number
  readonly silent: number
  /** Transactions that were answered at once meanwhile. */
  readonly beside: number
}

/** Answers that were held on different connections come within this and an echo's time of each other, in ms. */
const togetherMs = 60
/** A share of the timely time: who waits less is not held. */
const longShare = 0.5
const leastReleased = 3
/** Requests of so many times the spread of their answers: by chance those of a slow host are spread as their requests were. */
const muchWider = 3
/** A share of those held: so many may be silent beyond the release, for another reason. */
const mostSilentAfter = 0.2
/** Requests that were given up so many timeouts before the release are another matter. */
const mostTimeouts = 2

type Waited = Pick<SeenTransaction, 'at' | 'endedAt' | 'isAnswered' | 'isSilent' | 'of'>

/** In order of time; none where every connection fared alike. */
export function findHeld(
  { seen, terminals, timelyWithinMs, timeoutMs }: Observations,
  { quickEchoMs = 0 }: Pick<UsualTimes, 'quickEchoMs'>,
): readonly HeldSpan[] {
  const limit = longShare * timelyWithinMs
  const windowMs = togetherMs + quickEchoMs
  const waited = seen.filter(
    ({ at, endedAt, of: { connection, terminal } }) =>
      connection !== undefined && endedAt - at > limit && hasWorked(terminals.get(terminal ?? '')),
  )
  const late = waited.filter(({ isAnswered }) => isAnswered).sort((one, other) => one.endedAt - other.endedAt)
  const silent = waited.filter(({ isSilent }) => isSilent)
  const found: HeldSpan[] = []
  for (let index = 0; index < late.length; index++) {
    const group = endingTogether(late, index, windowMs)
    const before = Math.max(late[index - 1]?.endedAt ?? 0, (late[index] as Waited).endedAt - mostTimeouts * timeoutMs)
    const span = heldUntil(group, { before, silent, windowMs })
    if (span === undefined || !isLastOfThem(late, index + group.length, span)) continue
    const beside = quickBetween(seen, span, limit)
    if (beside < span.released + span.silent) continue
    found.push({ ...span, beside })
    index += group.length - 1
  }
  return found
}

function endingTogether(late: readonly Waited[], index: number, windowMs: number): readonly Waited[] {
  const first = (late[index] as Waited).endedAt
  let end = index + 1
  while (end < late.length && (late[end] as Waited).endedAt <= first + windowMs) end++
  return late.slice(index, end)
}

/** `before`: when the last answer that was late before these came. */
function heldUntil(
  group: readonly Waited[],
  {
    before,
    silent,
    windowMs,
  }: { readonly before: number; readonly silent: readonly Waited[]; readonly windowMs: number },
): Omit<HeldSpan, 'beside'> | undefined {
  if (new Set(group.map(({ of }) => of.connection)).size < leastReleased) return undefined
  const [to, until] = [(group[0] as Waited).endedAt, (group.at(-1) as Waited).endedAt]
  // One that was asked before that and came only now waited for its own reason.
  if (group.some(({ at }) => at < before)) return undefined
  const unanswered = silent.slice(firstFrom(silent, before), firstFrom(silent, to - windowMs))
  const givenUp = unanswered.filter(({ endedAt }) => endedAt <= until)
  if (unanswered.length - givenUp.length > mostSilentAfter * (group.length + givenUp.length)) return undefined
  const starts = [...group, ...givenUp].map(({ at }) => at)
  const [from, last] = [Math.min(...starts), Math.max(...starts)]
  if (last - from < muchWider * windowMs) return undefined
  return { from, to, until, released: group.length, silent: givenUp.length }
}

/** None that was asked before the release was answered late after it. */
function isLastOfThem(late: readonly Waited[], next: number, { to }: Pick<HeldSpan, 'to'>): boolean {
  for (let index = next; index < late.length; index++) if ((late[index] as Waited).at < to) return false
  return true
}

function quickBetween(seen: readonly SeenTransaction[], { from, to }: Pick<HeldSpan, 'from' | 'to'>, limit: number) {
  let quick = 0
  for (let index = firstFrom(seen, from); index < seen.length; index++) {
    const { at, endedAt, isAnswered } = seen[index] as SeenTransaction
    if (at > to - limit) break
    if (isAnswered && endedAt - at <= limit) quick++
  }
  return quick
}

/** It was written while connections were held, and came when they were let go, or was given up before. */
export const isHeldIn = ({ writtenAt, endedAt, outcome }: Observed, { from, to, until }: HeldSpan): boolean =>
  writtenAt !== undefined &&
  writtenAt >= from &&
  writtenAt < to &&
  endedAt <= until &&
  (endedAt >= to || outcome === 'timedOut')
