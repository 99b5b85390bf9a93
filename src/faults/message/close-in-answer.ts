// The connection ends in the middle of the message.

import { z } from 'zod'
import { byteCount, closeMode } from '../attributes.js'
import { defineMessageFault } from '../fault.js'

export const closeInAnswer = defineMessageFault({
  type: 'close_in_answer',
  level: 'message',
  about: 'the connection ends in the middle of the message',
  attributes: z.strictObject({
    after: byteCount().optional().describe('bytes of the frame that still arrive; left out: half of it'),
    how: closeMode().default('fin'),
  }),
  units: { after: 'bytes' },
  direction: 'answer',
  start:
    ({ after, how: way }) =>
    ({ raw, arrivedAt }) => {
      const kept = Math.min(after ?? raw.length >> 1, raw.length)
      return [
        { do: 'deliver', bytes: raw.subarray(0, kept), at: arrivedAt },
        { do: 'close', at: arrivedAt, how: way },
      ]
    },
})
