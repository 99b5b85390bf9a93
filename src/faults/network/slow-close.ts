// Delays the end of a connection, and nothing else.

import { z } from 'zod'
import { optionalTime } from '../attributes.js'
import { defineLineFault } from '../fault.js'

export const slowClose = defineLineFault({
  type: 'slow_close',
  level: 'line',
  about: 'the end (FIN) of a connection is passed on later',
  attributes: z.strictObject({ delay: optionalTime('1s') }),
  units: { delay: 'ms' },
  start: ({ delay }) => ({ end: (at) => [{ do: 'end', at: at + delay }] }),
})
