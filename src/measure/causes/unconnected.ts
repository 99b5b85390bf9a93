// How long a transaction that a terminal had taken up stood without an open connection: the line's time, or the listener's, and
// never that of whoever works on requests.

import { overlap } from './numbers.js'
import type { ConnectSeen, DownSeen, Observed } from './observations.js'

interface Span {
  readonly from: number
  to: number
}

/** In ms. */
export function createUnconnected({
  connects,
  downs,
}: {
  readonly connects: readonly ConnectSeen[]
  readonly downs: readonly DownSeen[]
}): (transaction: Observed) => number {
  const spans = spansOf(connects, downs)
  return ({ link, ownLink, startedAt, writtenAt, endedAt }) => {
    if (startedAt === undefined) return 0
    const to = writtenAt ?? endedAt
    // A connection that was opened for this transaction alone: nothing else is waited for before the request is written.
    if (ownLink) return Math.max(0, to - startedAt)
    if (link === undefined) return 0
    return (spans.get(link) ?? []).reduce((sum, span) => sum + overlap(span.from, span.to, startedAt, to), 0)
  }
}

/** The spans of each connection: from its end, or the first attempt to open it, until it is open. */
function spansOf(connects: readonly ConnectSeen[], downs: readonly DownSeen[]): ReadonlyMap<number, readonly Span[]> {
  const spans = new Map<number, Span[]>()
  const closed = (link: number, at: number) => {
    const own = spans.get(link) ?? []
    spans.set(link, own)
    if (own.at(-1)?.to !== Number.POSITIVE_INFINITY) own.push({ from: at, to: Number.POSITIVE_INFINITY })
  }
  const events = [...connects, ...downs].sort((one, other) => one.at - other.at)
  for (const event of events) {
    if (event.link === undefined) continue
    closed(event.link, event.at)
    const last = spans.get(event.link)?.at(-1)
    if (last !== undefined && 'result' in event && event.result === 'open') last.to = event.at + event.ms
  }
  return spans
}
