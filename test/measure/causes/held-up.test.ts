// Connections that are held up for a while, beside those that are dead, and hosts that are slow.

import { expect, test } from 'vitest'
import { diagnose } from '../../../src/measure/causes/diagnose.js'
import { findHeld } from '../../../src/measure/causes/held.js'
import { createObserver } from '../../../src/measure/causes/observer.js'
import { blameFor, findSilences } from '../../../src/measure/causes/silences.js'
import { sampleOf } from '../sample-of.js'

const watching = () => createObserver({ startedAt: 0, wallAtStart: 0, timelyWithinMs: 2000, timeoutMs: 4000 })
const end = { fundsAreTold: false, eventLoopP99Ms: null }
type Observer = ReturnType<typeof createObserver>
const usual = { echoMs: 40, quickEchoMs: 40, quickConnectMs: 40, quickServiceMs: 40 }
const causesIn = (observer: Observer) =>
  Object.fromEntries(diagnose(observer.observations(end)).causes.map(({ cause, count }) => [cause, count]))

interface Payments {
  readonly terminals: number
  /** Null: no answer. */
  readonly tookMs: (at: number, terminal: number) => number | null
}

/** A payment every 50 ms, of each terminal in its turn. One without an answer dials anew for its next one. */
function pay(observer: Observer, { terminals, tookMs }: Payments) {
  const payments = Array.from({ length: 240 }, (_, index) => {
    const [at, terminal] = [index * 50, index % terminals]
    const ms = tookMs(at, terminal)
    const times = { intendedAt: at, startedAt: at, writtenAt: at, endedAt: at + (ms ?? 4000) }
    const before = Array.from(
      { length: Math.floor(index / terminals) },
      (_, round) => (round * terminals + terminal) * 50,
    )
    const wasSilent = before.some((earlier) => tookMs(earlier, terminal) === null)
    const outcome = ms === null ? ('timedOut' as const) : ('approved' as const)
    return {
      link: terminal + (wasSilent ? 1000 : 0),
      sample: sampleOf({ terminal: `T${terminal}`, ...times, outcome }),
    }
  })
  // They are told as they end.
  for (const { sample, link } of payments.sort((one, other) => one.sample.endedAt - other.sample.endedAt))
    observer.sample(sample, { link })
}

/** One of four connections lets nothing through from 2 s to 9 s. */
const isHeld = (at: number, terminal: number) => terminal % 4 === 0 && at >= 2000 && at < 9000
const untilRelease = (at: number, terminal: number) => 9000 + (terminal % 10) - at
const heldOrGivenUp = (at: number, terminal: number) => {
  const ms = untilRelease(at, terminal)
  return ms < 4000 ? ms : null
}

test('answers that come together on some connections, whenever they were asked for, were held up by the line', () => {
  const observer = watching()
  pay(observer, { terminals: 80, tookMs: (...of) => (isHeld(...of) ? heldOrGivenUp(...of) : 40) })
  const found = findHeld(observer.observations(end), usual)
  expect(found).toMatchObject([{ from: 2000, to: 9000, released: 14, silent: 16 }])
  expect(causesIn(observer)).toEqual({ 'network-unstable': 25 })
})

test('answers that take as long wherever they were asked for are no sign of a line, nor are those of all connections', () => {
  const [alike, everybody] = [watching(), watching()]
  pay(alike, { terminals: 80, tookMs: (...of) => (isHeld(...of) ? 2900 : 40) })
  pay(everybody, { terminals: 80, tookMs: (at, of) => (at >= 5100 && at < 9000 ? untilRelease(at, of) : 40) })
  for (const observer of [alike, everybody]) expect(findHeld(observer.observations(end), usual)).toEqual([])
  expect(causesIn(alike)).toEqual({ connections: 35 })
})

test('answers that come together amid others that come when they will were not held up', () => {
  const [earlier, later] = [-1, 1].map((sign) => {
    const observer = watching()
    const tookMs = (at: number, of: number) =>
      of % 8 === 0 ? untilRelease(at, of) + 500 * sign : heldOrGivenUp(at, of)
    pay(observer, { terminals: 80, tookMs: (...of) => (isHeld(...of) ? tookMs(...of) : 40) })
    return findHeld(observer.observations(end), usual)
  })
  expect([earlier, later]).toEqual([[], []])
})

test('connections that were silent are not dead where others of them came back', () => {
  const counts = [heldOrGivenUp, () => null].map((tookMs) => {
    const observer = watching()
    pay(observer, { terminals: 80, tookMs: (...of) => (isHeld(...of) ? tookMs(...of) : 40) })
    return causesIn(observer).connections
  })
  expect(counts).toEqual([undefined, 25])
})

test('connections that were asked once in vain are not dead where others were slow just then', () => {
  const counts = [1900, 40].map((othersMs) => {
    const observer = watching()
    const tookMs = (at: number, terminal: number) =>
      at < 4000 || at >= 6000 || terminal % 4 === 3 ? 40 : terminal % 4 === 0 ? null : othersMs
    pay(observer, { terminals: 60, tookMs })
    return causesIn(observer).connections
  })
  expect(counts).toEqual([undefined, 10])
})

test('a connection that was dialled before a silence and opened after it speaks for the line', () => {
  const blames = [2500, 40].map((connectMs) => {
    const observer = watching()
    pay(observer, { terminals: 60, tookMs: (at) => (at >= 4000 && at < 6500 ? 6500 + (at - 4000) / 100 - at : 40) })
    for (const at of [3900, 3920]) observer.connect({ at, ms: connectMs, result: 'open', link: 100 + at })
    return findSilences(observer.observations(end), usual).map(blameFor)
  })
  expect(blames).toEqual([['line'], ['unknown']])
})

test('a wait for a connection that would have left the answer in time is not why it was late', () => {
  const named = [1000, 1990].map((waitMs) => {
    const observer = watching()
    pay(observer, { terminals: 60, tookMs: () => 40 })
    for (let at = 100; at < 4000; at += 100) observer.connect({ at, ms: 40, result: 'open', link: at })
    for (const at of [5000, 6000, 7000]) {
      const times = { intendedAt: at, startedAt: at, writtenAt: at + waitMs, endedAt: at + waitMs + 1200 }
      observer.connect({ at, ms: waitMs, result: 'open', link: at })
      observer.sample(sampleOf({ terminal: `${at}`, ...times }), { link: at, ownLink: true })
    }
    return causesIn(observer)
  })
  expect(named[0]).not.toHaveProperty('network-unstable')
  expect(named[1]).toEqual({ 'network-unstable': 3 })
})
