// Lets so many bytes pass in one direction of a connection, then closes it.

import { z } from 'zod'
import { totalBytes } from '../attributes.js'
import { defineLineFault, type LineVerdict } from '../fault.js'

export const limitData = defineLineFault({
  type: 'limit_data',
  level: 'line',
  about: 'the connection is closed when so many bytes have passed',
  attributes: z.strictObject({ bytes: totalBytes() }),
  units: { bytes: 'bytes' },

  start({ bytes: budget }) {
    let left = budget
    return {
      chunk({ bytes, arrivedAt }) {
        if (bytes.length < left) {
          left -= bytes.length
          return undefined
        }
        const last: LineVerdict[] = left > 0 ? [{ do: 'deliver', bytes: bytes.subarray(0, left), at: arrivedAt }] : []
        left = 0
        return [...last, { do: 'close', at: arrivedAt, how: 'fin' }]
      },
    }
  },
})
