// Several generators in one live view.

import { addMetered } from '../../measure/meter.js'
import type { Outcomes } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import type { LiveSnapshot, RunningSnapshot, StartingSnapshot } from '../../report/live/snapshot.js'

/** At least one. While one of them is starting, all are: the load begins when the last is ready. */
export function joinedView(lives: readonly LiveSnapshot[]): LiveSnapshot {
  const starting = lives.filter((live) => live.stage === 'starting')
  const running = lives.filter((live) => live.stage !== 'starting')
  return running.length > 0 ? joinedLoad(running) : joinedStart(starting)
}

function joinedStart(lives: readonly StartingSnapshot[]): StartingSnapshot {
  const sum = (name: 'done' | 'failed' | 'of' | 'connected') => lives.reduce((total, live) => total + live[name], 0)
  return {
    ...(lives[0] as StartingSnapshot),
    elapsedMs: Math.max(...lives.map(({ elapsedMs }) => elapsedMs)),
    ...{ done: sum('done'), failed: sum('failed'), of: sum('of'), connected: sum('connected') },
  }
}

/** Counts and rates are sums. Percentiles of one second cannot be added: the worst of all stands for them. */
function joinedLoad(lives: readonly RunningSnapshot[]): RunningSnapshot {
  const sum = (name: 'offered' | 'timely' | 'inFlight' | 'offeredRate' | 'perSecond') =>
    lives.reduce((total, live) => total + live[name], 0)
  const worst = (name: 'p50' | 'p99' | 'lagP99' | 'eventLoopP99') =>
    lives.reduce<number | null>((most, { [name]: ms }) => (ms === null ? most : Math.max(most ?? 0, ms)), null)
  const first = lives[0] as RunningSnapshot
  const counts: Outcomes = { ...first.outcomes }
  for (const live of lives.slice(1)) for (const outcome of outcomes) counts[outcome] += live.outcomes[outcome]
  const responseCodes: Record<string, number> = {}
  for (const live of lives)
    for (const [code, count] of Object.entries(live.responseCodes))
      responseCodes[code] = (responseCodes[code] ?? 0) + count
  return {
    ...first,
    elapsedMs: Math.max(...lives.map(({ elapsedMs }) => elapsedMs)),
    ...{ offered: sum('offered'), timely: sum('timely'), inFlight: sum('inFlight') },
    ...{ offeredRate: sum('offeredRate'), perSecond: sum('perSecond') },
    ...{ p50: worst('p50'), p99: worst('p99'), lagP99: worst('lagP99'), eventLoopP99: worst('eventLoopP99') },
    ...{ outcomes: counts, responseCodes },
    ...(first.metered === undefined ? {} : { metered: addMetered(lives.flatMap(({ metered }) => metered ?? [])) }),
    faults: first.faults === null ? null : [...new Set(lives.flatMap(({ faults }) => faults ?? []))],
  }
}
