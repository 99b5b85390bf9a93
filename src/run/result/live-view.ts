// Looks at a run once a second and says what it sees.

import type { Clock } from '../../base/clock.js'
import type { LoadPlan } from '../../load/plan.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { LiveSnapshot } from '../../report/live.js'

const everyMs = 1000

/** `startAt`: the clock's time when the load begins. Returns what stops it. */
export function startLiveView(options: {
  plan: LoadPlan
  recorder: Recorder
  clock: Clock
  startAt: number
  onSnapshot: (snapshot: LiveSnapshot) => void
}): () => void {
  const { plan, recorder, clock, startAt, onSnapshot } = options
  const look = () => {
    timer = clock.after(everyMs, look)
    const now = clock.now()
    const elapsedMs = Math.max(0, now - startAt)
    const offeredRate = plan.offeredRateAt(elapsedMs)
    onSnapshot({ ...recorder.snapshot(now), elapsedMs, durationMs: plan.durationMs, offeredRate })
  }
  let timer = clock.after(everyMs, look)
  return () => timer.cancel()
}
