// The time to get on the network before anything can be dialled: a modem's call, a mobile network's attach.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineLineFault } from '../fault.js'

export const attach = defineLineFault({
  type: 'attach',
  level: 'line',
  about: 'a new connection begins later: a modem calls, a mobile terminal attaches to its network',
  attributes: z.strictObject({ time: duration('2s') }),
  units: { time: 'ms' },
  // Once for a connection, not once for each direction.
  start: ({ time }, { direction }) =>
    direction === 'request' ? { connect: () => ({ do: 'open', afterMs: time, untimed: true }) } : {},
})
