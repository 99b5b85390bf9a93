// `terminals.failover` and `terminals.routes`: when a host or a route is given up, and when it is used again.

import { z } from 'zod'
import { duration, percent } from '../../base/unit-schemas.js'

const times = z.int().min(1).max(1000)

export const failoverSchema = z.strictObject({
  afterFailures: times
    .default(3)
    .describe(
      'a host is given up after so many refused or lost connections, unanswered echoes, or answers that say it is down (91, 96), in a row',
    ),
  afterTimeouts: times
    .default(3)
    .describe(
      'a host is given up after so many transactions without an answer in a row; without `dialAnew` one connection is replaced after as many',
    ),
  probeEvery: duration('1s').default(1000).describe('an echo to every host over every route, where there are several'),
  probeTimeout: duration('2s').default(2000).describe('how long such an echo may take'),
  failBackAfter: duration('5s')
    .default(5000)
    .describe(
      'a host or a route that was given up is used again after it has answered echoes for so long; if it fails again soon, it has to answer them for longer',
    ),
  choose: z
    .enum(['latency', 'first'])
    .default('latency')
    .describe('which of the routes that work is used: the one with the fastest echoes, or the first of the list'),
  margin: percent('20%').default(0.2).describe('how much faster another route must be to be taken'),
})

export type FailoverOptions = z.output<typeof failoverSchema>

export const routeSchema = z.strictObject({
  name: z.string().min(1).max(50).describe('as faults and results name it'),
  network: z.string().min(1).optional().describe('kind of this line; left out: as terminals.network says'),
})

/** Probes and chains of faults are made for each; nobody has more lines to one shop. */
const mostRoutes = 8

export const routesSchema = z
  .array(routeSchema)
  .min(1)
  .max(mostRoutes)
  .superRefine((routes, context) => {
    const names = routes.map(({ name }) => name)
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue
      context.addIssue({ code: 'custom', path: [index, 'name'], message: `a second route named '${name}'` })
    }
  })
