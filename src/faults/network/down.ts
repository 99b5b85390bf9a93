// The line is cut: nothing connects, and what was open ends. What `enabled: false` is to a proxy.

import { z } from 'zod'
import { defineLineFault } from '../fault.js'

export const down = defineLineFault({
  type: 'down',
  level: 'line',
  about: 'connections are refused, open ones are closed',
  attributes: z.strictObject({}),
  start: () => ({
    connect: () => ({ do: 'refuse', afterMs: 0 }),
    begin: (at) => [{ do: 'close', at, how: 'fin' }],
  }),
})
