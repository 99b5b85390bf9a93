// A host that is late again and again, each time for a while only, is not good.

import { expect, test } from 'vitest'
import { WatchedHost } from '../../../src/measure/watch/state.js'

const limits = { windowMs: 60_000, timelyMs: 1000, timeoutMs: 5000, timelyRate: 0.9 }

/** Echoes every 5 s, of which those at `lateAt` take 3 s. */
function stateAfter(minutes: number, isLate: (at: number) => boolean) {
  const host = new WatchedHost(limits)
  for (let at = 0; at < minutes * 60_000; at += 5000)
    host.probe({
      ...{ kind: 'echo', at, writtenAt: at, endedAt: at + (isLate(at) ? 3000 : 20), answered: true, decided: true },
      ...{ code: undefined, codeClass: undefined, reason: undefined },
    })
  return host.at(minutes * 60_000)
}

test('one late probe a minute: bad from the third on, with its period and its cause', () => {
  const state = stateAfter(5, (at) => at % 60_000 === 30_000)
  expect(state).toMatchObject({ verdict: 'bad', recurring: { times: 5, everyMs: 60_000 } })
  expect(state.trouble).not.toBeNull()
})

test('two late probes in all are no habit', () => {
  expect(stateAfter(5, (at) => at === 30_000 || at === 90_000)).toMatchObject({ verdict: 'good', recurring: null })
})

test('what lies further back than is remembered is forgiven', () => {
  expect(stateAfter(20, (at) => at < 200_000 && at % 60_000 === 30_000)).toMatchObject({ verdict: 'good' })
})
