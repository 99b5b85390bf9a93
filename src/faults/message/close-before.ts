// The connection ends instead of the message.

import { z } from 'zod'
import { closeMode, optionalTime } from '../attributes.js'
import { defineMessageFault } from '../fault.js'

export const closeBefore = defineMessageFault({
  type: 'close_before',
  level: 'message',
  about: 'the connection ends and the message never comes',
  attributes: z.strictObject({ how: closeMode().default('fin'), after: optionalTime('100ms') }),
  units: { after: 'ms' },
  direction: 'answer',
  start:
    ({ how: way, after }) =>
    ({ arrivedAt }) => [{ do: 'close', at: arrivedAt + after, how: way }],
})
