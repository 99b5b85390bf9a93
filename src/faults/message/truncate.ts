// A message without its end.

import { z } from 'zod'
import { byteCount } from '../attributes.js'
import { defineMessageFault } from '../fault.js'
import { deliverChanged } from './changed.js'

export const truncate = defineMessageFault({
  type: 'truncate',
  level: 'message',
  about: 'the frame ends early; its length still counts what is missing, unless `length: fitted`',
  attributes: z.strictObject({
    drop: byteCount().min(1).default(1).describe('bytes missing at the end'),
    length: z.enum(['kept', 'fitted']).default('kept').describe('whether the length in front counts the missing bytes'),
  }),
  direction: 'answer',
  start:
    ({ drop, length }) =>
    (message) => {
      const { raw, bodyAt, bodyEnd } = message
      const missing = Math.min(drop, bodyEnd - bodyAt)
      if (length === 'fitted') return deliverChanged(message, message.reframe(raw.subarray(bodyAt, bodyEnd - missing)))
      return deliverChanged(message, raw.subarray(0, raw.length - missing))
    },
})
