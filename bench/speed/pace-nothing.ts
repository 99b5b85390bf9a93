// The lag of arrivals that nobody takes up: a process that only waits for the next one. No generator on this machine, at this moment,
// can be more punctual.

import { realClock } from '../../src/base/clock.js'
import { createRandom } from '../../src/base/random.js'
import { runLoad } from '../../src/load/pacer.js'
import { planLoad } from '../../src/load/plan.js'
import { TimeHistogram } from '../../src/measure/latency/histogram.js'
import type { MeasuredJob, MeasureJob } from './job.js'

export async function paceNothing({ rate, seconds }: MeasureJob & { do: 'nothing' }): Promise<MeasuredJob> {
  const lag = new TimeHistogram()
  const { offered } = await runLoad({
    plan: planLoad([{ hold: { rate, for: seconds * 1000, arrivals: 'constant' } }], createRandom(1)),
    clock: realClock,
    startAt: realClock.now() + 100,
    transact: (due, done) => done(due),
    onLag: (ms) => lag.record(ms),
    signal: new AbortController().signal,
    pacing: 'balanced',
  })
  return { perSecond: offered / seconds, lagP50Ms: lag.percentile(50), lagP99Ms: lag.percentile(99) }
}
