// What a watch of a live host prints: the state when it changes, and one plain line now and then.

import { printable } from '../base/text/shown-text.js'
import type { ProbeSeen } from '../measure/watch/probes.js'
import { probeMs } from '../measure/watch/probes.js'
import type { WatchState } from '../measure/watch/state.js'
import { formatMs, formatShare } from './layout/figures.js'
import { causeName } from './words/causes.js'

/** `good: 12 of 12 probes timely (100 %); network: connect 0.4 ms; host: echo 1.2 ms`. */
export function watchLine(state: WatchState): string {
  const { verdict, probes, timely, timelyRate, connectMs, echoMs, answerMs, failedConnects, lostConnections } = state
  const network = [
    `connect ${formatMs(connectMs)}`,
    ...(failedConnects === 0 ? [] : [`${failedConnects} failed`]),
    ...(lostConnections === 0 ? [] : [`${lostConnections} lost`]),
  ]
  const codes = Object.entries(state.codes).map(([code, count]) => `${code}: ${count}`)
  const host = [
    `echo ${formatMs(echoMs)}`,
    ...(answerMs === null ? [] : [`answer ${formatMs(answerMs)}`]),
    ...(codes.length === 0 ? [] : [`codes ${codes.join(', ')}`]),
  ]
  const rate = `${timely} of ${probes} probes timely (${formatShare(timelyRate)})`
  const words = [
    `${verdictWords[verdict]}: ${rate}`,
    `network: ${network.join(', ')}`,
    `host: ${host.join(', ')}`,
    ...troubleWords(state),
  ]
  return printable(words.join('; '))
}

const verdictWords = { starting: 'starting', good: 'good', bad: 'BAD' }

function troubleWords({ trouble }: WatchState): readonly string[] {
  if (trouble === null) return []
  return [`${trouble.cause} (${causeName(trouble.cause, 'en')}): ${trouble.evidence.join(', ')}`]
}

/** One probe with the state after it, for programs. `at`: when it was due. */
export function watchRecord(probe: ProbeSeen, state: WatchState, at: string): Record<string, unknown> {
  const { kind, answered, decided, code, reason } = probe
  return {
    ...{ at, probe: kind, answered, decided, ms: Math.round(probeMs(probe) * 1000) / 1000 },
    ...{ code: code ?? null, reason: reason ?? (answered ? null : 'no answer in time'), state },
  }
}
