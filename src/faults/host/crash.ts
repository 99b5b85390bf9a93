// The host's process dies: connections are cut, what was in line is lost, and it is back after a while.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineHostFault } from '../fault.js'

const restartMs = 5000

export const crash = defineHostFault({
  type: 'crash',
  level: 'host',
  about: 'connections are cut, the line is lost; listens again after `restart`',
  attributes: z.strictObject({ restart: duration('5s').default(restartMs).describe('until it listens again') }),
  units: { restart: 'ms' },
  lastsMs: ({ restart }) => restart,
  state: () => ({ outage: 'refuse', cutsConnections: true, losesLine: true }),
})
