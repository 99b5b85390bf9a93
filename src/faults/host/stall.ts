// All workers stop: nothing begins, nothing ends. What was under way goes on where it was.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineHostFault } from '../fault.js'

export const stall = defineHostFault({
  type: 'stall',
  level: 'host',
  about: 'no worker begins or ends anything',
  attributes: z.strictObject({ for: duration('2s').optional().describe('how long one stall lasts') }),
  units: { for: 'ms' },
  lastsMs: (attributes) => attributes.for ?? Number.POSITIVE_INFINITY,
  state: () => ({ stalled: true }),
})
