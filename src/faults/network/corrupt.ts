// Flips bits of what passes.

import { z } from 'zod'
import { shareOfAll } from '../attributes.js'
import { defineLineFault } from '../fault.js'

export const corrupt = defineLineFault({
  type: 'corrupt',
  level: 'line',
  about: 'bits of the data are flipped',
  attributes: z.strictObject({
    rate: shareOfAll('1%').describe('share of the chunks of data'),
    bits: z.int().min(1).max(1000).default(1).describe('flipped in one chunk'),
  }),
  units: { rate: 'share' },
  start: ({ rate, bits }, { random }) => ({
    chunk({ bytes, arrivedAt }) {
      if (bytes.length === 0 || !random.chance(rate)) return undefined
      const changed = Uint8Array.from(bytes)
      for (let count = 0; count < bits; count++) {
        const bit = random.below(changed.length * 8)
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (0x80 >> (bit & 7))
      }
      return [{ do: 'deliver', bytes: changed, at: arrivedAt }]
    },
  }),
})
