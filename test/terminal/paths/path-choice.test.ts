// Which host over which route: the first host that can be reached, over its best route, without taking turns.

import { describe, expect, test } from 'vitest'
import { createPathChoice, type PathName, type PathSwitch } from '../../../src/terminal/paths/path-choice.js'
import { createRouteChoice } from '../../../src/terminal/paths/route-choice.js'

const path = (target: number, route = 0): PathName => ({ target, route })

function choice(targets: number, routes: number, choose: 'latency' | 'first' = 'latency') {
  const switches: PathSwitch[] = []
  const chosen = createPathChoice({
    ...{ targets, routes, choose, margin: 0.2, afterFailures: 2, afterTimeouts: 2, failBackAfter: 3000 },
    onSwitch: (change) => switches.push(change),
  })
  const fail = (at: PathName, time = 0) => {
    for (let count = 0; count < 2; count++) chosen.failed(at, time, 'ECONNREFUSED')
  }
  const recover = (at: PathName, from: number) => {
    for (let ms = 0; ms <= 3000; ms += 1000) chosen.echoed(at, from + ms, 10)
  }
  return { chosen, switches, fail, recover }
}

describe('hosts', () => {
  test('the next in order takes over, and the one after that', () => {
    const { chosen, fail } = choice(3, 1)
    fail(path(0))
    expect(chosen.current).toEqual(path(1))
    fail(path(1))
    expect(chosen.current).toEqual(path(2))
  })

  test('an earlier one is taken again when it is well, and the reason is told', () => {
    const { chosen, switches, fail, recover } = choice(2, 1)
    fail(path(0), 100)
    recover(path(0), 1000)
    expect(chosen.current).toEqual(path(0))
    expect(switches).toEqual([
      { at: 100, from: path(0), to: path(1), why: 'ECONNREFUSED' },
      { at: 4000, from: path(1), to: path(0), why: 'an earlier host is well again' },
    ])
  })

  test('where none works, the one that answers echoes again is tried', () => {
    const { chosen, fail } = choice(2, 1)
    fail(path(0))
    fail(path(1))
    expect(chosen.current).toEqual(path(1))
    chosen.echoed(path(0), 10, 5)
    expect(chosen.current).toEqual(path(0))
  })

  test('answers that say the host is down count on all routes to it', () => {
    const { chosen } = choice(2, 2)
    for (let count = 0; count < 2; count++) chosen.hostDown(path(0, 0), 0, 'answers with 91')
    expect(chosen.current).toEqual(path(1, 0))
  })

  test('nobody moves to where the last echo had no answer', () => {
    const { chosen } = choice(2, 2)
    chosen.echoMissed(path(0, 1), 0)
    for (let count = 0; count < 2; count++) chosen.timedOut(path(0, 0), 1)
    expect(chosen.current).toEqual(path(1, 0))
  })
})

describe('routes', () => {
  test('one that breaks is left for another to the same host', () => {
    const { chosen, fail } = choice(2, 2)
    fail(path(0, 0))
    expect(chosen.current).toEqual(path(0, 1))
  })

  test('a host is given up when no route to it works', () => {
    const { chosen, fail } = choice(2, 2)
    fail(path(0, 0))
    fail(path(0, 1))
    expect(chosen.current).toEqual(path(1, 0))
  })

  const all = () => true
  const heard = (choose: 'latency' | 'first', ...latencies: readonly number[]) => {
    const routes = createRouteChoice({ routes: latencies.length, choose, margin: 0.2 })
    for (const [route, ms] of latencies.entries()) routes.heard(route, ms)
    return routes
  }

  const cases: readonly [string, ReturnType<typeof heard>, number, number | undefined][] = [
    ['a much faster one is taken', heard('latency', 100, 50), 0, 1],
    ['one within the margin is not', heard('latency', 100, 85), 0, 0],
    ['a gain of no account is none', heard('latency', 4, 1), 0, 0],
    ['the first of the list, where that is asked for', heard('first', 100, 50), 1, 0],
  ]
  for (const [name, routes, present, best] of cases) {
    test(name, () => {
      expect(routes.best(all, present)).toBe(best)
    })
  }

  test('two that are alike do not take turns', () => {
    const routes = heard('latency', 100, 100)
    let present = 0
    let changes = 0
    for (let echo = 0; echo < 50; echo++) {
      routes.heard(0, 100 + (echo % 3) * 8)
      routes.heard(1, 100 + ((echo + 1) % 3) * 8)
      const best = routes.best(all, present) as number
      if (best !== present) changes++
      present = best
    }
    expect(changes).toBe(0)
  })

  test('one slow echo moves nothing', () => {
    const routes = heard('latency', 20, 60)
    routes.heard(0, 20)
    routes.heard(0, 500)
    expect(routes.best(all, 0)).toBe(0)
  })

  test('a route of which nothing is known is neither taken nor left', () => {
    const routes = createRouteChoice({ routes: 2, choose: 'latency', margin: 0.2 })
    routes.heard(1, 5)
    expect(routes.best(all, 0)).toBe(0)
    expect(routes.best((route) => route === 1, 0)).toBe(1)
    expect(routes.best(() => false, 0)).toBeUndefined()
  })
})
