// Bytes that belong to nothing, in front of a message.

import { z } from 'zod'
import type { Random } from '../../base/random.js'
import { defineMessageFault } from '../fault.js'

export const garbage = defineMessageFault({
  type: 'garbage',
  level: 'message',
  about: 'bytes that belong to nothing stand in front of the message',
  attributes: z.strictObject({
    bytes: z.int().min(1).max(65_535).default(8).describe('how many, by chance'),
    hex: z
      .string()
      .regex(/^([0-9A-Fa-f]{2})+$/, 'expected bytes in hex such as "FFFF"')
      .max(8192)
      .optional()
      .describe('these bytes instead'),
  }),
  units: { bytes: 'bytes' },
  direction: 'answer',
  start:
    ({ bytes, hex }, { random }) =>
    ({ raw, arrivedAt }) => [
      { do: 'deliver', bytes: hex === undefined ? noise(bytes, random) : fromHex(hex), at: arrivedAt },
      { do: 'deliver', bytes: raw, at: arrivedAt },
    ],
})

const noise = (count: number, random: Random) => Uint8Array.from({ length: count }, () => random.below(256))
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
