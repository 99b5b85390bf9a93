// A message that nobody waits for, in front of the one that is awaited.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { shifted, withField } from './changed.js'

export const unsolicited = defineMessageFault({
  type: 'unsolicited',
  level: 'message',
  about: 'a message that nobody asked for comes first: `message`, or the same one with a trace number far away',
  attributes: z.strictObject({
    message: z
      .strictObject({
        mti: z.string().regex(/^\d{4}$/, 'expected four digits in quotes such as "0800"'),
        fields: z.record(z.string(), z.string()),
      })
      .optional(),
  }),
  direction: 'answer',
  start:
    ({ message: own }) =>
    (message) => {
      const stan = message.peek.text(11)
      if (own === undefined && stan === undefined) return undefined
      const extra = message.rewrite((whole) => own ?? withField(whole, 11, shifted(stan ?? '', farAway)))
      if (extra === undefined) return undefined
      return [
        { do: 'deliver', bytes: extra, at: message.arrivedAt },
        { do: 'deliver', bytes: message.raw, at: message.arrivedAt },
      ]
    },
})

/** No terminal has so many exchanges open that it waits for this trace number. */
const farAway = 500_000
