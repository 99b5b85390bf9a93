// Nobody listens: attempts to connect are refused, open connections live on.

import { z } from 'zod'
import { optionalTime } from '../attributes.js'
import { defineLineFault } from '../fault.js'

export const refuse = defineLineFault({
  type: 'refuse',
  level: 'line',
  about: 'attempts to connect are refused; open connections live on',
  attributes: z.strictObject({ after: optionalTime('20ms').describe('how long the refusal takes') }),
  units: { after: 'ms' },
  start: ({ after }) => ({ connect: () => ({ do: 'refuse', afterMs: after }) }),
})
