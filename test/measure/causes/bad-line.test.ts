// A line that is bad now and then, beside which some transactions look as if the host were slow.

import { expect, test } from 'vitest'
import { createAmid } from '../../../src/measure/causes/amid.js'
import { createAfterReversal } from '../../../src/measure/causes/behind.js'
import type { CauseVerdict } from '../../../src/measure/causes/cause.js'
import { diagnose } from '../../../src/measure/causes/diagnose.js'
import { findLocalities } from '../../../src/measure/causes/locality.js'
import { createObserver } from '../../../src/measure/causes/observer.js'
import type { SeenTransaction } from '../../../src/measure/causes/seen.js'
import { findSporadic } from '../../../src/measure/causes/sporadic.js'
import { sampleOf } from '../sample-of.js'

const watching = () => createObserver({ startedAt: 0, wallAtStart: 0, timelyWithinMs: 2000, timeoutMs: 4000 })
const end = { fundsAreTold: false, eventLoopP99Ms: null }
const verdict = (cause: CauseVerdict['cause'], confidence = 0.9): CauseVerdict => ({
  ...{ cause, confidence },
  evidence: [`because of ${cause}`],
})

test('new connections that are late one by one tell of the line, and those that are late together do not', () => {
  const apart = (index: number) => (index % 8 === 4 ? 2500 : 10)
  const together = (index: number) => (index >= 40 ? 4000 - index * 20 : 10)
  const found = [apart, together].map((tookMs) => {
    const observer = watching()
    for (let index = 0; index < 80; index++) {
      observer.connect({ at: 100 + index * 20, ms: tookMs(index), result: 'open', link: index })
      observer.sample(sampleOf({ intendedAt: 100 + index * 20, tookMs: 50 + tookMs(index) }), { link: index })
    }
    return findSporadic(observer.observations(end))
  })
  expect(found[0]).toMatchObject({ of: 'connects', alone: 10, all: 80 })
  expect(found[1]).toBeUndefined()
})

test('a transaction that waited for a reversal has the cause of the one that was taken back', () => {
  const observer = watching()
  const first = {
    terminal: 'A',
    intendedAt: 0,
    startedAt: 0,
    writtenAt: 1,
    endedAt: 4000,
    outcome: 'timedOut',
  } as const
  const next = { terminal: 'A', intendedAt: 5000, startedAt: 5000, writtenAt: 7900, endedAt: 8000 }
  observer.sample(sampleOf(first), { link: 1 })
  observer.sample(sampleOf(next), { link: 1 })
  observer.sample(sampleOf({ ...next, terminal: 'B' }), { link: 2 })
  const observations = observer.observations(end)
  const [before, after, other] = observations.transactions
  if (before === undefined || after === undefined || other === undefined) throw new Error('three were late')
  const inherited = createAfterReversal(observations, new Map([[before.id, verdict('connections')]]))
  expect(inherited(after)).toMatchObject({ cause: 'connections', confidence: 0.98 * 0.9 })
  expect(inherited(after)?.evidence).toEqual([
    "it waited 2.9 s for the reversal of its terminal's last transaction, which had this cause",
    'because of connections',
  ])
  expect(inherited(other)).toBeUndefined()
})

test('nobody is accused of one that is late amid others that the line made late', () => {
  const observer = watching()
  for (let index = 0; index < 6; index++) observer.sample(sampleOf({ intendedAt: index * 100, tookMs: 3000 }), {})
  observer.sample(sampleOf({ intendedAt: 30_000, tookMs: 3000 }), {})
  const observations = observer.observations(end)
  const verdicts = new Map(
    observations.transactions.map(({ id, intendedAt }) => [
      id,
      verdict(intendedAt === 300 || intendedAt === 30_000 ? 'host-slow' : 'network-unstable'),
    ]),
  )
  const amid = createAmid(observations, verdicts)
  const causes = observations.transactions.map((transaction) => amid(transaction)?.cause)
  expect(causes.filter((cause) => cause === 'unknown').length).toBe(1)
  expect(causes.at(3)).toBe('unknown')
  expect(causes.at(-1)).toBe('host-slow')
  expect(amid(observations.transactions[3] as (typeof observations.transactions)[number])?.evidence[2]).toBe(
    '5 of 6 that were late at about that time were late because of the line',
  )
})

test('an answer that came and could not be used accuses no host of being slow', () => {
  const observer = watching()
  for (let at = 0; at < 60; at++) {
    const isBad = at % 3 === 0
    const reason = isBad ? 'answer that is not a whole message' : undefined
    const own = { terminal: `${at % 6}`, intendedAt: at * 300, tookMs: isBad ? 4000 : 50 }
    observer.connect({ at: at * 300, ms: 10, result: 'open', link: at })
    observer.sample(sampleOf({ ...own, outcome: isBad ? 'timedOut' : 'approved', reason }), { link: at })
  }
  expect(diagnose(observer.observations(end)).causes.map(({ cause }) => cause)).toEqual(['terminal-setup'])
})

test('answers that a connection released together are one event, and accuse no merchant', () => {
  const seen = Array.from({ length: 300 }, (_, index): SeenTransaction => {
    const [at, merchant] = [index * 20, `M${index % 3}`]
    // Whoever was sent on one connection in these two seconds is released with all others.
    const isHeld = merchant === 'M1' && at >= 2000 && at < 4000
    return {
      ...{ at, endedAt: isHeld ? 6000 : at + 40, isUntimely: isHeld, isSilent: false, isAnswered: true, code: '00' },
      of: {
        ...{ pin: undefined, cards: undefined, kind: undefined, target: undefined, merchant, amount: undefined },
        ...{ connection: `c${index % 3}`, terminal: undefined, model: undefined },
      },
      ...{ idleMs: undefined, wasGood: true, wasSilent: false, openedAt: undefined },
    }
  })
  expect(findLocalities(seen)).toEqual([])
  const apart = seen.map((each, index) => (each.isUntimely ? { ...each, endedAt: 6000 + index * 100 } : each))
  expect(findLocalities(apart).map(({ trait }) => trait)).toContain('merchant')
})
