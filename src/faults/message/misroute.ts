// The answer comes on another connection than the one on which its request went.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'

export const misroute = defineMessageFault({
  type: 'misroute',
  level: 'message',
  about: 'the message arrives on another connection; nothing happens while there is only one',
  attributes: z.strictObject({}),
  direction: 'answer',
  start:
    () =>
    ({ raw, arrivedAt, otherConnections }) =>
      otherConnections === 0 ? undefined : [{ do: 'deliver', bytes: raw, at: arrivedAt, astray: true }],
})
