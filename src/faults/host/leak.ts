// Slower and slower, as a process that leaks memory: each minute adds its share to the service time.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

const msPerMinute = 60_000
/** Like `slow`: beyond this a request takes days. */
const mostTimes = 100_000

export const leak = defineHostFault({
  type: 'leak',
  level: 'host',
  about: 'service times grow while it lasts',
  attributes: z.strictObject({
    perMinute: z.number().positive().max(mostTimes).default(1).describe('1: after a minute twice as slow, then thrice'),
  }),
  state: ({ perMinute }, elapsedMs) => ({
    slowdown: Math.min(mostTimes, 1 + (perMinute * elapsedMs) / msPerMinute),
  }),
})
