// Resets the connection `timeout` after its first data, or its end.

import { z } from 'zod'
import { optionalTime } from '../attributes.js'
import { defineLineFault, type LineVerdict } from '../fault.js'

export const resetPeer = defineLineFault({
  type: 'reset_peer',
  level: 'line',
  about: 'the connection is reset (RST) `timeout` after its next data or its end',
  attributes: z.strictObject({ timeout: optionalTime('100ms') }),
  units: { timeout: 'ms' },

  start({ timeout: afterMs }) {
    let isDue = false
    const reset = (at: number): readonly LineVerdict[] => {
      if (isDue) return []
      isDue = true
      return [{ do: 'close', at: at + afterMs, how: 'rst' }]
    }
    // Nothing gets through meanwhile; but where the fault is taken away first, no byte of the stream may be missing.
    const never = Number.POSITIVE_INFINITY
    return {
      chunk: ({ bytes, arrivedAt }) => [...reset(arrivedAt), { do: 'deliver', bytes, at: never }],
      end: (at) => [...reset(at), { do: 'end', at: never }],
    }
  },
})
