// Every request takes so many times as long.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

/** Beyond this a request takes days. */
const mostTimes = 100_000

export const slow = defineHostFault({
  type: 'slow',
  level: 'host',
  about: 'service times are multiplied',
  attributes: z.strictObject({ times: z.number().positive().max(mostTimes).describe('10: ten times as slow') }),
  state: ({ times }) => ({ slowdown: times }),
})
