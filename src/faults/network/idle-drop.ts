// Something on the way forgets connections that are idle (a NAT's table, a firewall): what is sent after a pause is swallowed, and
// so is all that follows on that connection; or it is answered with a reset.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineLineFault, type LineVerdict } from '../fault.js'

export const forgetIdle = defineLineFault({
  type: 'idle_drop',
  level: 'line',
  about:
    'a connection on which nothing was sent for `after` is forgotten: what is sent then is swallowed, or answered with a reset',
  attributes: z.strictObject({
    after: duration('5m')
      .default(300_000)
      .describe('a pause of more than this; RFC 5382 asks NATs for two hours, many take 5 minutes'),
    how: z.enum(['silent', 'reset']).default('silent'),
  }),
  units: { after: 'ms' },

  start({ after, how }) {
    let lastAt: number | undefined
    let isForgotten = false
    const swallow = (at: number): readonly LineVerdict[] => (how === 'reset' ? [{ do: 'close', at, how: 'rst' }] : [])
    return {
      begin(at) {
        lastAt ??= at
        return undefined
      },
      chunk({ arrivedAt }) {
        if (lastAt !== undefined && arrivedAt - lastAt > after) isForgotten = true
        lastAt = arrivedAt
        return isForgotten ? swallow(arrivedAt) : undefined
      },
      end: (at) => (isForgotten ? swallow(at) : undefined),
    }
  },
})
