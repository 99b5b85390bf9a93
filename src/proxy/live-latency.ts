// How long answers take just now, as the clients behind the proxy see it: request to answer, matched as the dialect says.

import type { Clock } from '../base/clock.js'
import { TimeHistogram } from '../measure/latency/histogram.js'
import { createFrameReader } from '../tap/frames.js'
import type { Tap } from '../tap/tap.js'
import { createMatchKey, isResponse } from '../transport/wire/match-key.js'
import type { Wire } from '../transport/wire/wire.js'

export interface LatencyFigures {
  readonly count: number
  /** In ms; null while nothing was answered. */
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
}

export interface LiveLatencyTap extends Tap {
  /** Since the last look. */
  read(): LatencyFigures
  destroy(): void
}

/** Requests without an answer that one connection may have; the oldest is forgotten. */
const maxPending = 10_000

export function createLiveLatency(wire: Wire, clock: Clock): LiveLatencyTap {
  const histogram = new TimeHistogram()
  const matchKey = createMatchKey(wire.codec.dialect.rules.matchBy)
  const pending = new Map<number, Map<string, number>>()
  let count = 0

  const frames = createFrameReader(wire, {
    onMessage({ id }, _, { peek }) {
      if (peek === undefined) return
      const asked = pending.get(id) ?? new Map<string, number>()
      pending.set(id, asked)
      if (!isResponse(peek.mti)) {
        if (asked.size >= maxPending) asked.delete(asked.keys().next().value as string)
        asked.set(
          matchKey.ofRequest(peek.mti, (field) => peek.text(field)),
          clock.now(),
        )
        return
      }
      const key = matchKey.ofAnswer(peek)
      const at = asked.get(key)
      if (at === undefined) return
      asked.delete(key)
      count++
      histogram.record(clock.now() - at)
    },
    onUnreadable: () => {},
  })

  return {
    onBytes: frames.push,
    onClosed(connection) {
      frames.forget(connection)
      pending.delete(connection.id)
    },
    read() {
      const figures = {
        count,
        p50: histogram.percentile(50),
        p99: histogram.percentile(99),
        max: histogram.percentile(100),
      }
      histogram.reset()
      count = 0
      return figures
    },
    destroy: () => histogram.destroy(),
  }
}
