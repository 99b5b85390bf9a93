// The same message again.

import { z } from 'zod'
import { optionalTime } from '../attributes.js'
import { defineMessageFault } from '../fault.js'

export const duplicate = defineMessageFault({
  type: 'duplicate',
  level: 'message',
  about: 'the message arrives more than once',
  attributes: z.strictObject({
    copies: z.int().min(1).max(100).default(1).describe('beside the message itself'),
    gap: optionalTime('100ms').describe('from one to the next'),
  }),
  units: { gap: 'ms' },
  direction: 'answer',
  start:
    ({ copies, gap }) =>
    ({ raw, arrivedAt }) =>
      Array.from({ length: copies + 1 }, (_, index) => ({
        do: 'deliver' as const,
        bytes: raw,
        at: arrivedAt + index * gap,
      })),
})
