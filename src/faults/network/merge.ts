// Gathers what is sent within a time and lets it arrive together: several frames in one segment.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineLineFault } from '../fault.js'

export const merge = defineLineFault({
  type: 'merge',
  level: 'line',
  about: 'what is sent within a time arrives together, several frames in one segment',
  attributes: z.strictObject({ within: duration('50ms').default(50) }),
  units: { within: 'ms' },

  start({ within }) {
    let leavesAt = Number.NEGATIVE_INFINITY
    return {
      chunk({ bytes, arrivedAt }) {
        const joins = arrivedAt < leavesAt
        if (!joins) leavesAt = arrivedAt + within
        return [{ do: 'deliver', bytes, at: leavesAt, ...(joins && { joined: true as const }) }]
      },
    }
  },
})
