// The run while it runs in one plain line, for logs and CI.

import { formatDuration } from '../../base/units.js'
import { outcomes } from '../../measure/sample.js'
import { formatCount, formatMs, formatRate } from '../layout/figures.js'
import type { LiveSnapshot } from './snapshot.js'

/** One line without control characters. */
export function liveLine(live: LiveSnapshot): string {
  if (live.stage === 'starting') {
    const { doing, done, failed, of, elapsedMs, waitingFor, connected, came } = live
    const through = `${doing === 'signOn' ? 'signed on' : 'connected'} ${formatCount(done)} of ${formatCount(of)}`
    const more = [
      ...(doing === 'signOn' ? [`connections made ${formatCount(connected)}`] : []),
      ...(failed > 0 ? [`failed ${formatCount(failed)}`] : []),
      ...(came === undefined ? [] : [came]),
      ...(waitingFor === undefined || done + failed < of ? [] : [`waiting for ${waitingFor}`]),
    ]
    return [`starting ${wholeSeconds(elapsedMs)}`, through, ...more].join('  ')
  }
  const counts = outcomes.filter((outcome) => live.outcomes[outcome] > 0)
  const { elapsedMs, durationMs, stage, faults } = live
  const note = { warmup: ' warm-up', load: '', draining: ' draining' }[stage]
  return [
    `${wholeSeconds(elapsedMs)}/${formatDuration(durationMs)}${note}`,
    `offered ${formatCount(live.offered)} (${formatRate(live.offeredRate)})`,
    ...counts.map((outcome) => `${outcome} ${formatCount(live.outcomes[outcome])}`),
    `in flight ${formatCount(live.inFlight)}`,
    `p50 ${formatMs(live.p50)}`,
    `p99 ${formatMs(live.p99)}`,
    ...(faults === null || faults.length === 0 ? [] : [`faults ${faults.join(', ')}`]),
  ].join('  ')
}

const wholeSeconds = (ms: number) => formatDuration(Math.floor(ms / 1000) * 1000)
