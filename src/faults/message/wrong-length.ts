// The length in front of a message is wrong: the receiver loses count of where messages begin.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { deliverChanged } from './changed.js'

export const wrongLength = defineMessageFault({
  type: 'wrong_length',
  level: 'message',
  about: 'the length in front of the message is wrong',
  attributes: z.strictObject({
    by: z
      .int()
      .min(-65_535)
      .max(65_535)
      .default(1)
      .refine((by) => by !== 0, 'expected a number that is not 0')
      .describe('added to it'),
  }),
  direction: 'answer',
  start:
    ({ by }) =>
    (message) => {
      const { raw, frontAt, bodyAt, bodyEnd } = message
      if (frontAt === 0) return undefined
      const announcedBytes = Math.max(0, bodyEnd - bodyAt + by)
      return deliverChanged(message, message.reframe(raw.subarray(bodyAt, bodyEnd), { announcedBytes }))
    },
})
