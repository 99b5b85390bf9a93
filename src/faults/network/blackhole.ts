// After so many bytes nothing gets through any more, and nobody is told. TCP keeps what was sent, so it arrives when the
// way is free again.

import { z } from 'zod'
import { totalBytes } from '../attributes.js'
import { defineLineFault } from '../fault.js'

export const blackhole = defineLineFault({
  type: 'blackhole',
  level: 'line',
  about: 'after so many bytes nothing gets through; it arrives when the fault is taken away',
  attributes: z.strictObject({ bytes: totalBytes().default(0) }),
  units: { bytes: 'bytes' },

  start({ bytes: budget }) {
    let left = budget
    return {
      chunk({ bytes, arrivedAt }) {
        if (bytes.length <= left) {
          left -= bytes.length
          return undefined
        }
        const passing = left
        left = 0
        const held = { do: 'deliver', bytes: bytes.subarray(passing), at: Number.POSITIVE_INFINITY } as const
        return passing === 0 ? [held] : [{ do: 'deliver', bytes: bytes.subarray(0, passing), at: arrivedAt }, held]
      },
      end: (at) => [{ do: 'end', at: left > 0 ? at : Number.POSITIVE_INFINITY }],
    }
  },
})
