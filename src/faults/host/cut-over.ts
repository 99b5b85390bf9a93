// The host closes its day: while it lasts every request gets the code for that (90 in ISO 8583:1987 and cup-pos).

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

export const cutOver = defineHostFault({
  type: 'cut_over',
  level: 'host',
  about: 'answers every request with the code of a cut-over',
  attributes: z.strictObject({ code: z.string().min(1).max(4).default('90') }),
  state: ({ code }) => ({ outage: 'answer', code }),
})
