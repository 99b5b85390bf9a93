// The events of a load's arrivals: how late each was handed over, and which this machine was too slow to begin at all.

import type { DueArrival, LoadOptions } from '../load/pacer.js'
import type { Recorder } from '../measure/latency/recorder.js'
import type { Sample } from '../measure/sample.js'
import type { RunObserver } from './result/run-observer.js'

export function loadEvents(options: {
  readonly recorder: Recorder
  readonly observer: RunObserver
  /** Ms of the clock. */
  readonly now: () => number
  readonly target: () => string
}): Required<Pick<LoadOptions, 'onLag' | 'onNeverBegun'>> {
  const { recorder, observer, now, target } = options
  let told = 0
  return {
    onLag(ms, at) {
      recorder.lag(ms, at)
      observer.lag(ms, at)
    },
    onNeverBegun(due) {
      const sample = neverBegun(due, now(), target())
      if (++told <= mostTold) observer.sample(sample, undefined)
      recorder.record(sample)
    },
  }
}

/** Arrivals that a diagnosis hears of. All are counted; that they have one cause needs no more, and millions would take minutes. */
const mostTold = 5000

/** Written out, field by field: a copy of a part of it takes ten times as long. */
function neverBegun({ intendedAt, phase, merchant = '' }: DueArrival, endedAt: number, target: string): Sample {
  return {
    type: 'none',
    terminal: '',
    merchant,
    target,
    phase,
    stan: undefined,
    intendedAt,
    startedAt: undefined,
    writtenAt: undefined,
    endedAt,
    outcome: 'unsent',
    responseCode: undefined,
    retryCode: false,
    reason: 'this machine was too slow to begin it',
    backPressure: false,
    tries: 0,
    firstCode: undefined,
  }
}
