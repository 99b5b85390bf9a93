// A short line in front of the workers: one request more is answered with a malfunction, or its connection is cut.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

export const queueLimit = defineHostFault({
  type: 'queue_limit',
  level: 'host',
  about: 'requests beyond the line are answered 96, or cut off',
  attributes: z.strictObject({
    limit: z.int().min(0).max(1_000_000).describe('requests that may wait'),
    whenFull: z.enum(['answer', 'close']).default('answer'),
  }),
  state: ({ limit, whenFull }) => ({ queueLimit: limit, whenFull }),
})
