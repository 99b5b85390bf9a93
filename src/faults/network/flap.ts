// The line comes and goes, for all connections at the same times.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineLineFault } from '../fault.js'

const phase = (example: string) => duration(example).refine((ms) => ms > 0, 'expected more than 0ms')

export const flap = defineLineFault({
  type: 'flap',
  level: 'line',
  about: 'the line is up for a while and down for a while, again and again; going down resets what is open',
  attributes: z.strictObject({ up: phase('20s'), down: phase('5s') }),
  units: { up: 'ms', down: 'ms' },
  followsStart: true,

  start({ up, down }, { since }) {
    const inCycle = (at: number) => (((at - since) % (up + down)) + up + down) % (up + down)
    return {
      connect: (at) => (inCycle(at) >= up ? { do: 'refuse', afterMs: 0 } : undefined),
      begin: (at) => [{ do: 'close', at: at + Math.max(0, up - inCycle(at)), how: 'rst' }],
    }
  },
})
