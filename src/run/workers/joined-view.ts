// Several generators in one live view.

import type { Outcomes } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import type { LiveSnapshot } from '../../report/live.js'

/** Counts and rates are sums. Percentiles of one second cannot be added: the worst of all stands for them. At least one. */
export function joinedView(lives: readonly LiveSnapshot[]): LiveSnapshot {
  const sum = (name: 'offered' | 'timely' | 'inFlight' | 'offeredRate' | 'perSecond') =>
    lives.reduce((total, live) => total + live[name], 0)
  const worst = (name: 'p50' | 'p99') =>
    lives.reduce<number | null>((most, { [name]: ms }) => (ms === null ? most : Math.max(most ?? 0, ms)), null)
  const counts: Outcomes = { ...(lives[0] as LiveSnapshot).outcomes }
  for (const live of lives.slice(1)) for (const outcome of outcomes) counts[outcome] += live.outcomes[outcome]
  return {
    ...(lives[0] as LiveSnapshot),
    elapsedMs: Math.max(...lives.map(({ elapsedMs }) => elapsedMs)),
    offered: sum('offered'),
    timely: sum('timely'),
    inFlight: sum('inFlight'),
    offeredRate: sum('offeredRate'),
    perSecond: sum('perSecond'),
    p50: worst('p50'),
    p99: worst('p99'),
    outcomes: counts,
  }
}
