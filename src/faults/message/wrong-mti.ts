// The message says that it is another kind of message.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { deliverChanged } from './changed.js'

export const wrongMti = defineMessageFault({
  type: 'wrong_mti',
  level: 'message',
  about: 'the message type is another: `mti`, or 0230 for 0210 and the like',
  attributes: z.strictObject({
    mti: z
      .string()
      .regex(/^\d{4}$/, 'expected four digits in quotes such as "0230"')
      .optional(),
  }),
  direction: 'answer',
  start:
    ({ mti }) =>
    (message) => {
      const wrong = mti ?? otherKind(message.peek.mti)
      if (wrong === message.peek.mti) return undefined
      return deliverChanged(
        message,
        message.rewrite((whole) => ({ ...whole, mti: wrong })),
      )
    },
})

/** Request becomes advice and advice request; what answers one becomes what answers the other. */
const otherKind = (mti: string) => `${mti.slice(0, 2)}${(Number(mti[2]) + 2) % 4}${mti.slice(3)}`
