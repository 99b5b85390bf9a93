// Lets `rate` pass and no more. Large chunks leave in pieces of 100 ms, so that the receiver sees a stream.

import { z } from 'zod'
import { bandwidthOf } from '../attributes.js'
import { defineLineFault, type LineVerdict } from '../fault.js'

/** Milliseconds of data in one piece, as Toxiproxy has it. */
const pieceMs = 100

export const bandwidth = defineLineFault({
  type: 'bandwidth',
  level: 'line',
  about: 'data passes at a limited rate; 0 lets nothing pass',
  attributes: z.strictObject({ rate: bandwidthOf().describe('1 KB is 1000 bytes; the control API says KB/s') }),
  units: { rate: 'KB/s' },

  start({ rate }) {
    const pieceBytes = Math.max(1, Math.floor(rate * pieceMs))
    let busyUntil = 0

    return {
      chunk({ bytes, arrivedAt }) {
        if (rate <= 0) return [{ do: 'deliver', bytes, at: Number.POSITIVE_INFINITY }]
        busyUntil = Math.max(busyUntil, arrivedAt)
        const verdicts: LineVerdict[] = []
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          const piece = bytes.subarray(at, at + pieceBytes)
          busyUntil += piece.length / rate
          verdicts.push({ do: 'deliver', bytes: piece, at: busyUntil })
        }
        return verdicts
      },
    }
  },
})
