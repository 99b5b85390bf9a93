// Over which route the terminals speak to which of their hosts now. Pure: events and times go in, the choice comes out.
//
// A path is a host and a route to it. The first host of the failover order that can be reached is used, over its best route;
// where none can be, the one that answers echoes again, else the present one.

import { createRouteChoice, type RouteChoice } from './route-choice.js'
import { createTargetHealth, type HealthLimits, type TargetHealth } from './target-health.js'

/** A host and a route to it, by their places in the failover order and in the list of routes. */
export interface PathName {
  readonly target: number
  readonly route: number
}

export interface PathSwitch {
  readonly at: number
  readonly from: PathName
  readonly to: PathName
  /** In words, such as 'no answers'. */
  readonly why: string
}

export interface PathChoice {
  readonly current: PathName
  /** A connection on this path was refused or lost. `why` is the system's word for it. */
  failed(path: PathName, at: number, why: string): void
  /** An answer says that the host is down: on whatever route. */
  hostDown(path: PathName, at: number, why: string): void
  timedOut(path: PathName, at: number): void
  answered(path: PathName): void
  echoed(path: PathName, at: number, ms: number): void
  echoMissed(path: PathName, at: number): void
}

export interface PathChoiceOptions extends HealthLimits {
  readonly targets: number
  readonly routes: number
  readonly choose: 'latency' | 'first'
  readonly margin: number
  readonly onSwitch: (change: PathSwitch) => void
}

interface Target {
  readonly routes: readonly TargetHealth[]
  readonly choice: RouteChoice
}

export function createPathChoice(options: PathChoiceOptions): PathChoice {
  const { targets: count, routes, onSwitch } = options
  const targets = Array.from(
    { length: count },
    (): Target => ({
      routes: Array.from({ length: routes }, () => createTargetHealth(options)),
      choice: createRouteChoice(options),
    }),
  )
  let current: PathName = { target: 0, route: 0 }
  const healthOf = ({ target, route }: PathName) => (targets[target] as Target).routes[route] as TargetHealth

  const chosen = (): PathName => {
    for (const [target, { routes: ways, choice }] of targets.entries()) {
      const isPresent = target === current.target
      const works = (each: number) => {
        const way = ways[each] as TargetHealth
        return way.isUp && (!way.isSuspect || (isPresent && each === current.route))
      }
      const route = choice.best(works, isPresent ? current.route : 0)
      if (route !== undefined) return { target, route }
    }
    const isFair = healthOf(current).isUp || healthOf(current).isRecovering
    return isFair ? current : (recovering() ?? current)
  }

  const recovering = (): PathName | undefined => {
    for (const [target, { routes: ways }] of targets.entries()) {
      const route = ways.findIndex((way) => way.isRecovering)
      if (route >= 0) return { target, route }
    }
    return undefined
  }

  const whyNot = (from: PathName, to: PathName): string => {
    if (!healthOf(from).isUp) return healthOf(from).why
    return from.target === to.target ? 'a faster route' : 'an earlier host is well again'
  }

  const chooseAnew = (at: number) => {
    const next = chosen()
    const from = current
    if (next.target === from.target && next.route === from.route) return
    current = next
    onSwitch({ at, from, to: next, why: whyNot(from, next) })
  }

  return {
    get current() {
      return current
    },
    failed(path, at, why) {
      healthOf(path).failed(at, why)
      chooseAnew(at)
    },
    hostDown({ target }, at, why) {
      for (const way of (targets[target] as Target).routes) way.failed(at, why)
      chooseAnew(at)
    },
    timedOut(path, at) {
      healthOf(path).timedOut(at)
      chooseAnew(at)
    },
    answered: (path) => healthOf(path).answered(),
    echoed(path, at, ms) {
      healthOf(path).echoed(at)
      targets[path.target]?.choice.heard(path.route, ms)
      chooseAnew(at)
    },
    echoMissed(path, at) {
      healthOf(path).echoMissed(at)
      chooseAnew(at)
    },
  }
}
