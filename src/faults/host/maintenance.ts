// A window in which the host is taken out of service on purpose: it says so with a code, and its line is worked off.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

export const maintenance = defineHostFault({
  type: 'maintenance',
  level: 'host',
  about: 'answers every request with a code while it lasts',
  attributes: z.strictObject({
    code: z
      .string()
      .min(1)
      .max(4)
      .optional()
      .describe('response code; left out: the one of the dialect for an issuer that is down'),
  }),
  state: ({ code = 'issuerDown' }) => ({ outage: 'answer', code }),
})
