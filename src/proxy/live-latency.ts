// How long answers take just now, as the clients behind the proxy see it: request to answer, matched as the dialect says.

import type { Clock } from '../base/clock.js'
import { TimeHistogram } from '../measure/latency/histogram.js'
import { createAnswerTimes } from '../tap/answer-times.js'
import type { Tap } from '../tap/tap.js'
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

export function createLiveLatency(wire: Wire, clock: Clock): LiveLatencyTap {
  const histogram = new TimeHistogram()
  let count = 0
  const tap = createAnswerTimes({
    wire,
    clock,
    tell({ ms }) {
      count++
      histogram.record(ms)
    },
  })
  return {
    ...tap,
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
