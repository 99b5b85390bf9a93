// The counts for a part that did not come back whole. Rule: the offered count is always the plan's, so that a
// generator which died cannot make a run look better.

import type { Share } from '../base/share.js'
import type { LoadPlan } from '../load/plan.js'
import type { Recorder } from '../measure/latency/recorder.js'
import type { PartPlace } from '../measure/part-record.js'
import type { Sample } from '../measure/sample.js'
import type { Tally } from '../measure/tally.js'

export interface LostPart {
  readonly share: Share
  /** Null where nothing is known of it. */
  readonly place: PartPlace | null
  /** The part's last tally before it was lost; null: it had told none. */
  readonly tally: Tally | null
  /** Open arrivals that it had handed over, and those of them whose outcome it had told. */
  readonly handed: number
  readonly ended: number
  /** In words, for the first line of a report: `died at 41 s`. */
  readonly why: string
}

/** Arrivals that nobody handed over are unsent. What was handed over and has no outcome may have been charged: it failed. */
export function recordLost(recorder: Recorder, { tally, handed, ended }: LostPart, plan: LoadPlan): void {
  if (tally !== null) recorder.add(tally)
  const arrivals = plan.arrivals()
  for (let place = 0; ; place++) {
    const arrival = arrivals.next()
    if (arrival === undefined) return
    if (place < ended) continue
    const isHanded = place < handed
    recorder.record({
      ...lostSample,
      phase: arrival.phase,
      merchant: arrival.merchant ?? '',
      intendedAt: arrival.offset,
      endedAt: arrival.offset,
      outcome: isHanded ? 'failed' : 'unsent',
      reason: isHanded ? 'generator lost: outcome unknown' : 'generator lost',
    })
  }
}

const lostSample: Omit<Sample, 'phase' | 'merchant' | 'intendedAt' | 'endedAt' | 'outcome' | 'reason'> = {
  type: 'lost',
  terminal: '',
  target: '',
  stan: undefined,
  startedAt: undefined,
  writtenAt: undefined,
  responseCode: undefined,
  retryCode: false,
  // The generator is told to be lost, not to have been slow.
  backPressure: true,
  tries: 1,
  firstCode: undefined,
}
