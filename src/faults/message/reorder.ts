// A message changes places with the one behind it.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineMessageFault } from '../fault.js'

export const reorder = defineMessageFault({
  type: 'reorder',
  level: 'message',
  about: 'the message arrives right behind the next one',
  attributes: z.strictObject({
    within: duration('1s').default(1000).describe('how long the message waits for the next one before it goes alone'),
  }),
  units: { within: 'ms' },
  direction: 'answer',
  start:
    ({ within }) =>
    ({ raw, arrivedAt }) => [{ do: 'deliver', bytes: raw, at: arrivedAt + within, afterNext: true }],
})
