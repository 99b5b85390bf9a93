// Nobody is at work: connections are refused, requests stay without an answer, or all get a code.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

export const outage = defineHostFault({
  type: 'outage',
  level: 'host',
  about: 'refuses connections, is silent, or answers 91 or 96',
  attributes: z.strictObject({
    how: z
      .union([
        z.enum(['refuse', 'silent']),
        z.string().regex(/^[0-9A-Z]{2,4}$/, 'expected refuse, silent or a code such as "91"'),
      ])
      .default('refuse')
      .describe('refuse, silent, or the response code of every answer'),
  }),
  state: ({ how }) => (how === 'refuse' || how === 'silent' ? down(how) : { outage: 'answer', code: how }),
})

/** Who refuses connections has none open either. */
const down = (how: 'refuse' | 'silent') => ({ outage: how, cutsConnections: how === 'refuse' })
