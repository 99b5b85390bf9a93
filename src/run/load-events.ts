// The events of a load's arrivals: when each is handed over and ends, how late it was, and which this machine was too slow to
// begin at all.

import type { DueArrival, LoadOptions } from '../load/pacer.js'
import type { Recorder } from '../measure/latency/recorder.js'
import type { Sample } from '../measure/sample.js'
import type { Fleet } from '../terminal/fleet/fleet.js'
import type { RunObserver } from './result/run-observer.js'

export function loadEvents(options: {
  readonly fleet: Pick<Fleet, 'transact'>
  /** Counted on here. */
  readonly counts: { handed: number; ended: number }
  readonly recorder: Recorder
  readonly observer: RunObserver
  /** Ms of the clock. */
  readonly now: () => number
  readonly target: () => string
}): Required<Pick<LoadOptions, 'transact' | 'onLag' | 'onNeverBegun'>> {
  const { fleet, counts, recorder, observer, now, target } = options
  let told = 0
  /** The pacer's, which is the same for all arrivals. */
  let end: (due: DueArrival, at: number) => void
  const ended = (due: DueArrival) => {
    counts.ended++
    const at = now()
    recorder.inFlight(-1, at)
    end(due, at)
  }
  return {
    transact(due, done) {
      end = done
      counts.handed++
      recorder.inFlight(1, due.intendedAt)
      fleet.transact(due, ended)
    },
    onLag(ms, at, count) {
      recorder.lag(ms, at, count)
      observer.lag(ms, at)
    },
    onNeverBegun(due, count) {
      const sample = neverBegun(due, now(), target())
      for (const until = Math.min(mostTold, told + count); told < until; told++) observer.sample(sample, undefined)
      recorder.neverBegun(sample, count)
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
